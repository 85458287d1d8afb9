"""What a customer can do: answer a question."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.core.journal import Actor
from portal.core.references import new_token
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.actions.life import suspend_task
from portal.requests.models import Request
from portal.requests.queries import get_task_for
from portal.requests.workflow import SuspendReason
from tests.factories import NOW, ZONE, make_person, make_request, sign_in

QUESTION = "Welke maat schoenen heeft u?"


@pytest.fixture
def questioned(session: Session, asked: Request) -> Request:
    task = asked.tasks[0]
    handler = make_person(session, Role.BACK_OFFICE, department=task.department)
    task = get_task_for(session, by=handler, task_id=task.id, for_change=True)
    suspend_task(
        session=session,
        task=task,
        person=handler,
        by=Actor(person_id=handler.id),
        at=NOW,
        zone=ZONE,
        reason=SuspendReason.CUSTOMER,
        note=QUESTION,
    )
    session.commit()
    return asked


def key() -> dict[str, str]:
    return {"form_key": new_token()}


def test_the_question_stands_first_and_can_be_answered(client: FlaskClient, asker: Person, questioned: Request) -> None:
    sign_in(client, asker)
    page = client.get(f"/requests/{questioned.number}")
    assert QUESTION in page.text
    assert page.text.index(QUESTION) < page.text.index('id="plan"')
    answer = client.post(f"/requests/{questioned.number}/answers", data={"text": "Maat 43.", **key()})
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"])
    assert "Maat 43." in page.text
    assert 'id="your-action"' not in page.text


def test_an_empty_answer_gets_a_sentence_beside_the_field(client: FlaskClient, asker: Person, questioned: Request) -> None:
    sign_in(client, asker)
    page = client.post(f"/requests/{questioned.number}/answers", data={"text": " ", **key()})
    assert page.status_code == 422
    assert "data-error-summary" in page.text


def test_a_second_answer_is_told_that_it_is_too_late(client: FlaskClient, asker: Person, questioned: Request) -> None:
    sign_in(client, asker)
    client.post(f"/requests/{questioned.number}/answers", data={"text": "Maat 43.", **key()})
    page = client.post(f"/requests/{questioned.number}/answers", data={"text": "Maat 44.", **key()})
    assert page.status_code == 409
    assert "Maat 44." in page.text


def test_the_list_and_the_front_page_ask_for_the_answer(client: FlaskClient, asker: Person, questioned: Request) -> None:
    del questioned
    sign_in(client, asker)
    for path in ("/", "/requests"):
        assert len(re.findall("status-badge--warning", client.get(path).text)) >= 1


def test_every_list_costs_the_same_for_one_and_for_many(
    client: FlaskClient, session: Session, asker: Person, asked: Request, statements: list[str]
) -> None:
    def count(path: str) -> int:
        statements.clear()
        assert client.get(path).status_code == 200
        return len(statements)

    sign_in(client, asker)
    paths = ("/", "/requests")
    before = [count(path) for path in paths]
    version = asked.product_version
    for _ in range(20):
        make_request(session, asker, version)
    session.commit()
    assert [count(path) for path in paths] == before
    assert "after=" in client.get("/requests").text
