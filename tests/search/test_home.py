"""The front page, for a visitor and for who is signed in."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.people.roles import Role
from tests.factories import make_chain, make_draft, make_person, make_request, sign_in


def test_a_visitor_sees_the_situations_and_can_follow_a_code(client: FlaskClient, session: Session) -> None:
    make_chain(session)
    session.commit()
    page = client.get("/")
    assert "product newcomer" in page.text
    assert 'action="/track"' in page.text


def test_who_is_signed_in_sees_requests_and_drafts(client: FlaskClient, session: Session) -> None:
    person, version = make_person(session), make_chain(session)
    made = make_request(session, person, version)
    make_draft(session, person, version)
    session.commit()
    sign_in(client, person)
    page = client.get("/")
    assert made.number in page.text
    assert 'aria-labelledby="drafts"' in page.text
    assert 'action="/track"' not in page.text


def test_a_department_is_told_what_is_late(client: FlaskClient, session: Session) -> None:
    made = make_request(session, make_person(session), make_chain(session))
    handler = make_person(session, Role.BACK_OFFICE, department=made.tasks[0].department)
    made.tasks[0].due_at -= timedelta(days=900)
    session.commit()
    sign_in(client, handler)
    assert 'href="/tasks?tab=late"' in client.get("/").text


def test_health_answers_in_plain_text(client: FlaskClient) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ok\n", "text/plain")
