"""The page of a task and its steps, as the people of a department take them."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.core.references import new_token
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.models import Request, Task
from portal.requests.workflow import TaskState
from portal.web.application import Application
from tests.factories import make_department, make_person, sign_in


def send(client: FlaskClient, task: Task, step: str, version: int, **fields: object) -> TestResponse:
    return client.post(f"/tasks/{task.id}/{step}", data={"form_key": new_token(), "version": version, **fields})


def state_of(session: Session, task: Task) -> TaskState:
    return session.scalars(select(Task.state).where(Task.id == task.id)).one()


def test_a_task_from_the_queue_to_its_end(client: FlaskClient, session: Session, handler: Person, request_made: Request) -> None:
    task = request_made.tasks[0]
    sign_in(client, handler)
    page = client.get(f"/tasks/{task.id}")
    for words in ("Do record.", "first point", "laptop", "Mirjam Aanvrager", "/claim"):
        assert words in page.text
    assert send(client, task, "claim", 1).status_code == 303
    assert send(client, task, "start", 2).status_code == 303
    page = send(client, task, "result", 3, result="Kamer 12")
    assert page.status_code == 422
    assert "Kamer 12" in page.text
    assert send(client, task, "checklist", 3, done=[0, 1]).status_code == 303
    assert send(client, task, "result", 4, result="Kamer 12").status_code == 303
    assert state_of(session, task) is TaskState.DONE
    assert state_of(session, request_made.tasks[1]) is TaskState.READY


def test_putting_on_hold_asks_for_the_reason_and_resuming_goes_on(
    client: FlaskClient, session: Session, handler: Person, request_made: Request
) -> None:
    task = request_made.tasks[0]
    sign_in(client, handler)
    for fields in ({}, {"reason": "customer"}, {"reason": "nonsense", "note": "x"}, {"note": "Welke maat?"}):
        page = send(client, task, "suspension", 1, **fields)
        assert page.status_code == 422
        assert "data-error-summary" in page.text
    assert send(client, task, "suspension", 1, reason="customer", note="Welke maat?").status_code == 303
    assert "Welke maat?" in client.get(f"/tasks/{task.id}").text
    assert send(client, task, "resumption", 2).status_code == 303
    assert state_of(session, task) is TaskState.IN_PROGRESS


def test_taking_more_time_asks_for_length_and_reason_and_is_possible_once(
    client: FlaskClient, handler: Person, request_made: Request
) -> None:
    task = request_made.tasks[0]
    sign_in(client, handler)
    for fields in ({}, {"days": "3"}, {"days": "0", "reason": "x"}, {"days": "999", "reason": "x"}, {"days": "drie", "reason": "x"}):
        page = send(client, task, "extension", 1, **fields)
        assert page.status_code == 422
        assert "data-error-summary" in page.text
    assert "Schrijf een heel getal, bijvoorbeeld 5." in page.text
    assert send(client, task, "extension", 1, days="3", reason="Levering later").status_code == 303
    page = client.get(f"/tasks/{task.id}").text
    assert "heeft “record” verlengd met 3 werkdagen" in page
    assert "/extension" not in page
    assert send(client, task, "extension", 2, days="3", reason="Nog later").status_code == 409
    assert ">verlengd<" in client.get("/tasks").text


def test_refusing_says_what_is_lost(client: FlaskClient, session: Session, handler: Person, request_made: Request) -> None:
    task = request_made.tasks[0]
    sign_in(client, handler)
    page = client.get(f"/tasks/{task.id}").text
    refusal = page[page.index("/refusal") - 1500 : page.index("/refusal")]
    assert "account" in refusal
    assert "laptop" in refusal
    assert send(client, task, "refusal", 1, reason=" ").status_code == 422
    assert send(client, task, "refusal", 1, reason="Mag niet.").status_code == 303
    assert state_of(session, request_made.tasks[2]) is TaskState.CANCELLED


def test_of_two_people_at_once_one_gets_it(
    app: Application, session: Session, handler: Person, colleague: Person, request_made: Request
) -> None:
    del session
    task = request_made.tasks[0]
    first, second = app.test_client(), app.test_client()
    sign_in(first, handler)
    sign_in(second, colleague)
    assert send(first, task, "claim", 1).status_code == 303
    lost = send(second, task, "claim", 1)
    assert lost.status_code == 409
    assert "Hans Behandelaar" in lost.text
    assert 'role="alert"' in lost.text


def test_a_stale_page_loses_nothing_that_was_typed(client: FlaskClient, handler: Person, request_made: Request) -> None:
    task = request_made.tasks[0]
    sign_in(client, handler)
    send(client, task, "claim", 1)
    page = send(client, task, "suspension", 1, reason="supplier", note="Wacht op de leverancier")
    assert page.status_code == 409
    assert "Wacht op de leverancier" in page.text
    assert 'name="version" type="hidden" value="2"' in page.text
    again = send(client, task, "suspension", 2, reason="supplier", note="Wacht op de leverancier")
    assert again.status_code == 303


def test_a_checklist_that_came_too_late_is_shown_again_with_its_points_and_ticks(
    client: FlaskClient, handler: Person, request_made: Request
) -> None:
    task = request_made.tasks[0]
    sign_in(client, handler)
    send(client, task, "claim", 1)
    page = send(client, task, "checklist", 1, done=[1])
    assert (page.status_code, "first point" in page.text) == (409, True)
    boxes = re.findall(r"<input[^>]*name=\"done\"[^>]*>", page.text)
    assert [" checked" in box for box in boxes] == [False, True]
    assert send(client, task, "checklist", 2, done=[1]).status_code == 303


def test_giving_back_puts_it_in_the_queue(client: FlaskClient, handler: Person, colleague: Person, request_made: Request) -> None:
    task = request_made.tasks[0]
    sign_in(client, handler)
    send(client, task, "claim", 1)
    assert send(client, task, "release", 2).status_code == 303
    sign_in(client, colleague)
    assert send(client, task, "claim", 3).status_code == 303


def test_another_department_looks_without_answers_and_cannot_act(client: FlaskClient, session: Session, request_made: Request) -> None:
    task = request_made.tasks[0]
    sign_in(client, make_person(session, Role.BACK_OFFICE, department=request_made.tasks[1].department))
    page = client.get(f"/tasks/{task.id}")
    assert page.status_code == 200
    assert "/refusal" not in page.text
    assert send(client, task, "start", 1).status_code == 403


def test_who_has_no_business_with_it_does_not_find_it(client: FlaskClient, session: Session, request_made: Request) -> None:
    sign_in(client, make_person(session, Role.BACK_OFFICE, department=make_department(session, "financieel")))
    assert client.get(f"/tasks/{request_made.tasks[0].id}").status_code == 404
    assert client.get("/tasks/999999").status_code == 404
    sign_in(client, make_person(session))
    assert client.get(f"/tasks/{request_made.tasks[0].id}").status_code == 403


def test_a_waiting_task_says_for_what(client: FlaskClient, session: Session, request_made: Request) -> None:
    task = request_made.tasks[1]
    sign_in(client, make_person(session, Role.BACK_OFFICE, department=task.department))
    page = client.get(f"/tasks/{task.id}")
    assert "record (personeel" in page.text
    assert "other-steps" not in page.text, "there is nothing else to do, so no empty part of the page"
    assert "Er is nog niets gebeurd" in page.text
    assert send(client, task, "start", 1).status_code == 409
