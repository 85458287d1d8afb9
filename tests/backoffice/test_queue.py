"""The queue of a department: who sees it, what stands where, and what it costs."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.catalog.models import ProductVersion
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.models import Request, Task
from tests.factories import make_person, make_request, sign_in


def test_the_queue_shows_what_can_be_done(client: FlaskClient, handler: Person, request_made: Request) -> None:
    sign_in(client, handler)
    page = client.get("/tasks")
    assert "personeel" in page.text
    assert f"/tasks/{request_made.tasks[0].id}/claim" in page.text
    assert f"/tasks/{request_made.tasks[1].id}" not in page.text
    assert request_made.number in page.text


@pytest.mark.parametrize("tab", ["to_do", "late", "today", "waiting", "suspended", "mine", "nonsense"])
def test_every_tab_is_a_page(client: FlaskClient, handler: Person, tab: str) -> None:
    sign_in(client, handler)
    assert client.get(f"/tasks?tab={tab}").status_code == 200


def test_what_was_due_before_now_is_late(client: FlaskClient, session: Session, handler: Person, request_made: Request) -> None:
    task = request_made.tasks[0]
    sign_in(client, handler)
    path = f'href="/tasks/{task.id}"'
    task = session.merge(task)
    task.due_at = task.due_at.replace(year=2020)
    session.commit()
    assert path in client.get("/tasks?tab=late").text
    assert path not in client.get("/tasks?tab=today").text


def test_another_department_and_employees_do_not_see_it(client: FlaskClient, session: Session, request_made: Request) -> None:
    ict = request_made.tasks[1].department
    sign_in(client, make_person(session, Role.BACK_OFFICE, department=ict))
    page = client.get("/tasks?department=personeel")
    assert "personeel" not in page.text.split("</h1>")[0].split("<h1>")[1]
    sign_in(client, make_person(session))
    assert client.get("/tasks").status_code == 403


def test_the_desk_looks_but_takes_nothing(client: FlaskClient, session: Session, request_made: Request) -> None:
    sign_in(client, make_person(session, Role.SERVICE_DESK))
    page = client.get("/tasks?department=personeel")
    assert f'href="/tasks/{request_made.tasks[0].id}"' in page.text
    assert "/claim" not in page.text
    assert client.post(f"/tasks/{request_made.tasks[0].id}/claim", data={"form_key": "one"}).status_code == 403


def test_who_is_not_signed_in_is_asked_to(client: FlaskClient) -> None:
    assert client.get("/tasks").status_code == 303


def test_one_and_many_tasks_cost_the_same(
    client: FlaskClient, session: Session, handler: Person, version: ProductVersion, statements: list[str]
) -> None:

    def count() -> int:
        statements.clear()
        client.get("/tasks")
        return len(statements)

    sign_in(client, handler)
    before = count()
    asker = make_person(session)
    for _ in range(25):
        make_request(session, asker, version)
    session.commit()
    assert count() == before <= 5, statements
    assert not [statement for statement in statements if "answers" in statement or "definition" in statement]


def test_the_next_page_begins_where_the_first_ended(
    client: FlaskClient, session: Session, handler: Person, request_made: Request, version: ProductVersion
) -> None:
    made = [request_made, *(make_request(session, make_person(session), version) for _ in range(24))]
    session.commit()
    sign_in(client, handler)
    first = client.get("/tasks").text
    link = first.split("after=")[1].split('"')[0]
    second = client.get(f"/tasks?after={link}").text
    shown = [[one for one in made if one.number in page] for page in (first, second)]
    assert [len(one) for one in shown] == [20, 5]
    assert client.get("/tasks?after=nonsense").status_code == 200


def test_what_must_begin_first_stands_on_top_whatever_is_due_first(
    client: FlaskClient, session: Session, handler: Person, request_made: Request, version: ProductVersion
) -> None:
    ids = [request_made.tasks[0].id, make_request(session, make_person(session), version).tasks[0].id]
    first, second = (session.get_one(Task, task_id) for task_id in ids)
    first.latest_start_at, first.due_at = first.latest_start_at + timedelta(days=2), first.due_at - timedelta(minutes=1)
    session.commit()
    sign_in(client, handler)
    page = client.get("/tasks").text
    assert page.index(f'href="/tasks/{second.id}"') < page.index(f'href="/tasks/{first.id}"')
    assert "begin uiterlijk" in page


def test_htmx_gets_only_the_list(client: FlaskClient, handler: Person) -> None:
    sign_in(client, handler)
    page = client.get("/tasks", headers={"HX-Request": "true", "HX-Target": "section#queue"})
    assert "<html" not in page.text
    assert 'id="queue"' in page.text
