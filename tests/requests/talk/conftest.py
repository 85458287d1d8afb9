"""A request of three tasks in two departments, with the people around it, who can all write."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.core.references import new_token
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.models import Request
from tests.factories import make_chain, make_person, make_request, sign_in

PDF = b"%PDF-1.7\nthe words of the file"

Write = Callable[..., TestResponse]


@pytest.fixture
def asker(session: Session) -> Person:
    return make_person(session, Role.MANAGER, name="Mirjam Aanvrager", username="mirjam")


@pytest.fixture
def asked(session: Session, asker: Person) -> Request:
    request = make_request(session, asker, make_chain(session), beneficiary_id=None, beneficiary_name="Bas Begunstigde")
    session.commit()
    return request


@pytest.fixture
def handler(session: Session, asked: Request) -> Person:
    """Make somebody of the department that does the first task."""
    person = make_person(session, Role.BACK_OFFICE, name="Hans Behandelaar", username="hans", department=asked.tasks[0].department)
    session.commit()
    return person


@pytest.fixture
def other(session: Session, asked: Request) -> Person:
    """Make somebody of the department that does the second and the third task."""
    person = make_person(session, Role.BACK_OFFICE, name="Otto Ander", username="otto", department=asked.tasks[1].department)
    session.commit()
    return person


@pytest.fixture
def desk(session: Session) -> Person:
    person = make_person(session, Role.SERVICE_DESK, name="Dirk Desk", username="dirk")
    session.commit()
    return person


@dataclass(frozen=True)
class Crew:
    """Everybody around the request."""

    asker: Person
    handler: Person
    other: Person
    desk: Person


@pytest.fixture
def crew(asker: Person, handler: Person, other: Person, desk: Person) -> Crew:
    return Crew(asker, handler, other, desk)


@pytest.fixture
def write(client: FlaskClient, asked: Request) -> Write:
    """Give a function that writes about the request as somebody; files are (name, content)."""

    def send(by: Person, text: str = "", *files: tuple[str, bytes], **more: Any) -> TestResponse:
        sign_in(client, by)
        data = {"text": text, "form_key": new_token(), "files": [(BytesIO(content), name) for name, content in files], **more}
        return client.post(f"/requests/{asked.number}/messages", data=data, content_type="multipart/form-data")

    return send
