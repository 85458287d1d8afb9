"""A request of three tasks, asked by one person for another."""

import pytest
from sqlalchemy.orm import Session

from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.models import Request
from tests.factories import make_chain, make_person, make_request


@pytest.fixture
def asker(session: Session) -> Person:
    return make_person(session, Role.MANAGER, name="Mirjam Aanvrager")


@pytest.fixture
def asked(session: Session, asker: Person) -> Request:
    version = make_chain(session)
    request = make_request(session, asker, version, beneficiary_id=None, beneficiary_name="Bas Begunstigde")
    session.commit()
    return request
