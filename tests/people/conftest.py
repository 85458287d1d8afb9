"""Two departments and a way to make people in them."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.core.texts import LocalText
from portal.people.actions import PersonDetails, save_department, save_person
from portal.people.models import Department, Person
from portal.people.roles import Role

PASSWORD = "een lang wachtwoord"

NewPerson = Callable[..., Person]


@pytest.fixture
def ict(session: Session) -> Department:
    return save_department(session=session, code="ict", name=LocalText(nl="ICT", en="IT"))


@pytest.fixture
def personnel(session: Session) -> Department:
    return save_department(session=session, code="personeel", name=LocalText(nl="Personeel", en="Personnel"))


@pytest.fixture
def new_person(session: Session) -> NewPerson:
    """Give a function that makes a person with roles, for departments or for all."""

    def make(username: str, *roles: tuple[Role, Department | None], name: str = "Iemand", language: str = "nl") -> Person:
        details = PersonDetails(
            username=username,
            name=name,
            email=f"{username}@loket.example",
            phone="",
            function=None,
            department=None,
            location=None,
            language=language,
            roles=roles,
        )
        return save_person(session=session, details=details, password=PASSWORD)

    return make
