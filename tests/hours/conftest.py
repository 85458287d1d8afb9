"""A department with open requests, and the people who keep its calendar."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.people.models import Department, Person
from portal.people.roles import Role
from portal.requests.models import Request
from tests.factories import make_chain, make_department, make_person, make_request, sign_in


@pytest.fixture
def open_requests(session: Session) -> list[Request]:
    """Give three requests of record (personeel), account (ict) and laptop (ict), a day each, asked on Monday 23 November 2026."""
    version, asker = make_chain(session), make_person(session)
    made = [make_request(session, asker, version) for _ in range(3)]
    session.commit()
    return made


@pytest.fixture
def ict(session: Session, open_requests: list[Request]) -> Department:
    del open_requests
    return make_department(session, "ict")


@pytest.fixture
def administrator(session: Session) -> Person:
    person = make_person(session, Role.ADMINISTRATOR, name="Adil Beheerder")
    session.commit()
    return person


@pytest.fixture
def admin_client(client: FlaskClient, administrator: Person) -> FlaskClient:
    sign_in(client, administrator)
    return client
