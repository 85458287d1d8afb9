"""A department with tasks of one request, and the people who do them."""

import pytest
from sqlalchemy.orm import Session

from portal.catalog.models import ProductVersion
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.models import Request
from tests.factories import make_block, make_department, make_line, make_person, make_product, make_request


@pytest.fixture
def version(session: Session) -> ProductVersion:
    make_department(session, "personeel")
    make_department(session, "ict")
    make_block(session, "record", department="personeel", checklist=["first point", "second point"])
    make_block(session, "account")
    make_block(session, "laptop")
    lines = [make_line("record"), make_line("account"), make_line("laptop")]
    return make_product(session, "newcomer", lines, [("account", "record"), ("laptop", "account")])


@pytest.fixture
def request_made(session: Session, version: ProductVersion) -> Request:
    made = make_request(session, make_person(session, Role.MANAGER, name="Mirjam Aanvrager"), version)
    session.commit()
    return made


@pytest.fixture
def handler(session: Session, request_made: Request) -> Person:
    person = make_person(session, Role.BACK_OFFICE, name="Hans Behandelaar", department=request_made.tasks[0].department)
    session.commit()
    return person


@pytest.fixture
def colleague(session: Session, request_made: Request) -> Person:
    person = make_person(session, Role.BACK_OFFICE, name="Carla Collega", department=request_made.tasks[0].department)
    session.commit()
    return person
