"""Following by code: the same truth for anyone, without names and notes."""

from time import monotonic

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.core.journal import Actor
from portal.people.roles import Role
from portal.requests.actions.life import finish_task, refuse_task, suspend_task
from portal.requests.models import Request
from portal.requests.ordering.actions.submission import find_tracking_code
from portal.requests.queries import get_task_for
from portal.requests.views.track import MISSES
from portal.requests.workflow import SuspendReason
from portal.web.application import Application
from tests.factories import NOW, SECRET, ZONE, make_person, make_request

CANARIES = ("Bas Begunstigde", "Mirjam Aanvrager", "Hans Behandelaar", "CANARIE")


def code_of(request: Request) -> str:
    return find_tracking_code(request=request, secret=SECRET) or ""


def test_anyone_with_the_code_reads_where_it_stands(client: FlaskClient, asked: Request) -> None:
    page = client.get(f"/track/{code_of(asked)}")
    assert page.status_code == 200
    assert page.text.count('<li class="timeline__entry') == 3
    assert "product newcomer" in page.text


def test_the_code_is_forgiven_its_dashes_and_capitals(client: FlaskClient, asked: Request) -> None:
    typed = code_of(asked).replace("-", " ").lower()
    answer = client.get("/track", query_string={"code": f" {typed} "}, follow_redirects=True)
    assert answer.status_code == 200
    assert "product newcomer" in answer.text


def test_no_name_and_no_note_is_shown(client: FlaskClient, session: Session, asked: Request) -> None:
    handler = make_person(session, Role.BACK_OFFICE, name="Hans Behandelaar", department=asked.tasks[0].department)
    known = {"session": session, "person": handler, "by": Actor(person_id=handler.id), "at": NOW, "zone": ZONE}
    task = get_task_for(session, by=handler, task_id=asked.tasks[0].id, for_change=True)
    suspend_task(task=task, reason=SuspendReason.CUSTOMER, note="CANARIE vraag", **known)
    session.commit()
    assert_clean(client.get(f"/track/{code_of(asked)}").text)
    other = make_request(session, handler, asked.product_version)
    task = get_task_for(session, by=handler, task_id=other.tasks[0].id, for_change=True)
    finish_task(task=task, result="CANARIE resultaat", **known)
    session.commit()
    assert_clean(client.get(f"/track/{code_of(other)}").text)
    third = make_request(session, handler, asked.product_version)
    task = get_task_for(session, by=handler, task_id=third.tasks[0].id, for_change=True)
    refuse_task(task=task, reason="CANARIE weigering", **known)
    session.commit()
    assert_clean(client.get(f"/track/{code_of(third)}").text)


def assert_clean(text: str) -> None:
    assert not [canary for canary in CANARIES if canary in text]


def test_unknown_and_impossible_codes_answer_alike(client: FlaskClient, asked: Request) -> None:
    code = code_of(asked)
    wrong = ("0" if code[0] != "0" else "1") + code[1:]
    unknown = [client.get(f"/track/{one}") for one in (wrong, "ABCD-EFGH-JKMNP", "x", "  ", "%25", "0" * 200)]
    assert {answer.status_code for answer in unknown} == {404}
    assert all("data-error-summary" in answer.text for answer in unknown)
    assert client.get("/track", query_string={"code": "a/b?c=d#e"}, follow_redirects=True).status_code == 404


def test_who_guesses_is_stopped_and_told_when_to_come_back(committed_app: Application) -> None:
    client = committed_app.test_client()
    for _ in range(MISSES.attempts):
        assert client.get("/track/wrong").status_code == 404
    answer = client.get("/track/wrong")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_a_guess_while_rating_counts_and_keeps_nobody_waiting(committed_app: Application) -> None:
    client, since = committed_app.test_client(), monotonic()
    for _ in range(MISSES.attempts):
        assert client.post("/track/wrong/rating", data={"score": "happy"}).status_code == 404
    assert client.post("/track/wrong/rating", data={"score": "happy"}).status_code == 429
    assert monotonic() - since < 5, "it would wait for itself"


def test_the_page_costs_a_fixed_number_of_statements(client: FlaskClient, asked: Request, statements: list[str]) -> None:
    statements.clear()
    client.get(f"/track/{code_of(asked)}")
    assert len(statements) <= 6, statements


def test_the_form_asks_for_a_code(client: FlaskClient) -> None:
    assert client.get("/track").status_code == 200
