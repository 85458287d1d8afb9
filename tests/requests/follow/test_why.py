"""Why this date: the whole answer, for who asked and for anyone with the code."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.journal import Actor
from portal.core.texts import LocalText
from portal.people.models import Person
from portal.people.roles import Role
from portal.planning.actions import save_closed_day
from portal.planning.norm import Norm, NormUnit
from portal.planning.worktime import Span
from portal.requests.actions.extension import extend_task
from portal.requests.actions.life import finish_task, suspend_task
from portal.requests.actions.overdue import remake_overdue
from portal.requests.models import Request
from portal.requests.ordering.actions.submission import find_tracking_code
from portal.requests.queries import get_task_for
from portal.requests.workflow import SuspendReason
from tests.factories import NOW, SECRET, ZONE, make_block, make_department, make_line, make_person, make_product, make_request, sign_in

TUESDAY = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def worker(session: Session, request: Request, position: int = 0) -> Person:
    return make_person(session, Role.BACK_OFFICE, name="Hans Behandelaar", department=request.tasks[position].department)


def known(session: Session, request: Request, person: Person, at: object, position: int = 0) -> dict[str, object]:
    session.flush()
    task = get_task_for(session, by=person, task_id=request.tasks[position].id, for_change=True)
    return {"session": session, "task": task, "person": person, "by": Actor(person_id=person.id), "at": at, "zone": ZONE}


def code_of(request: Request) -> str:
    return find_tracking_code(request=request, secret=SECRET) or ""


def test_the_page_tells_chain_departments_and_who_is_to_move(client: FlaskClient, asked: Request, asker: Person) -> None:
    address = f"/requests/{asked.number}/why"
    assert client.get(address).status_code == 303
    sign_in(client, asker)
    page = client.get(address)
    assert page.status_code == 200
    # record 1 day, account and laptop 1 day each; ICT has two of them.
    for words in ("record", "account", "laptop", "2 werkdagen", "Nu aan zet: personeel", "De datum is daarna niet verschoven"):
        assert words in page.text
    assert address in client.get(f"/requests/{asked.number}").text


def test_the_first_sentence_and_the_chain_tell_the_same_date(
    client: FlaskClient, asked: Request, asker: Person, clock: time_machine.Traveller
) -> None:
    address = f"/requests/{asked.number}"
    clock.move_to(NOW + timedelta(days=21))
    sign_in(client, asker)
    told = re.compile(r'<p class="lead">(.*?)</p>', re.DOTALL)
    page, why = (told.search(client.get(one).text) for one in (address, f"{address}/why"))
    assert page is not None
    assert why is not None
    assert page[1] == why[1]


def test_somebody_else_may_not_look(client: FlaskClient, session: Session, asked: Request) -> None:
    stranger = make_person(session)
    session.commit()
    sign_in(client, stranger)
    assert client.get(f"/requests/{asked.number}/why").status_code == 404
    assert client.get("/requests/A-2026-999999/why").status_code == 404


def test_a_code_tells_it_too_without_names_and_a_wrong_one_is_a_miss(client: FlaskClient, session: Session, asked: Request) -> None:
    person = worker(session, asked)
    suspend_task(reason=SuspendReason.CUSTOMER, note="CANARIE", **known(session, asked, person, TUESDAY))
    session.commit()
    page = client.get(f"/track/{code_of(asked)}/why")
    assert page.status_code == 200
    assert "record" in page.text
    assert not [canary for canary in ("CANARIE", "Hans Behandelaar", "Mirjam", "Bas Begunstigde") if canary in page.text]
    assert client.get("/track/ABCD-EFGH-JKLM-N/why").status_code == 404


def test_closed_and_half_days_are_named_with_whose_they_are(client: FlaskClient, session: Session, asked: Request) -> None:
    personeel = asked.tasks[0].department
    half = LocalText(nl="Teamdag", en="Team day")
    save_closed_day(session=session, on=date(2026, 11, 24), name=LocalText(nl="Brand", en="Fire"), department=None, hours=None)
    save_closed_day(session=session, on=date(2026, 11, 25), name=half, department=personeel, hours=Span(480, 600))
    save_closed_day(session=session, on=date(2026, 12, 25), name=LocalText(nl="Kerst", en="Christmas"), department=None, hours=None)
    session.commit()
    page = client.get(f"/track/{code_of(asked)}/why").text
    skipped = page[page.index('id="skipped"') : page.index('id="turn"')]
    assert "dinsdag 24 november 2026" in skipped
    assert "(gesloten, iedereen)" in skipped
    assert "(halve dag, personeel)" in skipped
    assert "Kerst" not in skipped


def test_every_shift_stands_there_with_its_reason(
    client: FlaskClient, session: Session, asked: Request, clock: time_machine.Traveller
) -> None:
    person = worker(session, asked)
    extend_task(days=2, reason="CANARIE", **known(session, asked, person, NOW))
    session.commit()
    clock.move_to(NOW + timedelta(days=9))
    remake_overdue(session=session, at=NOW + timedelta(days=9), zone=ZONE)
    session.commit()
    page = client.get(f"/track/{code_of(asked)}/why").text
    first, second = page.index("neemt meer tijd voor “record” dan normaal"), page.index("heeft meer tijd nodig voor “record”")
    assert page.index("Toen het werd aangevraagd") < first < second
    assert "CANARIE" not in page


@pytest.mark.parametrize(("days", "verdict"), [(0, "Het was eerder klaar"), (1, "op die dag klaar"), (8, "wij hielden onze belofte niet")])
def test_a_finished_request_says_what_came_true(client: FlaskClient, session: Session, days: int, verdict: str) -> None:
    make_department(session, "ict")
    make_block(session, "chair")
    request = make_request(session, make_person(session), make_product(session, "chair", [make_line("chair")]))
    person = worker(session, request)
    finish_task(result="", **known(session, request, person, NOW + timedelta(days=days)))
    session.commit()
    page = client.get(f"/track/{code_of(request)}/why").text
    assert verdict in page
    assert "Wie nu aan zet is" not in page


def test_it_costs_the_same_however_much_happened(client: FlaskClient, session: Session, asked: Request, statements: list[str]) -> None:
    address = f"/track/{code_of(asked)}/why"
    client.get(address)
    statements.clear()
    client.get(address)
    first = len(statements)
    for day in range(1, 20):
        name = LocalText(nl=f"dag {day}", en=f"day {day}")
        save_closed_day(session=session, on=date(2026, 12, day), name=name, department=None, hours=None)
    session.commit()
    client.get(address)
    statements.clear()
    client.get(address)
    assert len(statements) == first
    assert first <= 9


def test_the_clocks_stand_beside_the_dates(client: FlaskClient, session: Session, clock: time_machine.Traveller) -> None:
    department = make_department(session, "ict")
    make_block(session, "permit", days=2)
    terms = {"legal_days": 14, "response": Norm(4, NormUnit.WORKING_HOURS)}
    request = make_request(session, make_person(session), make_product(session, "permit", [make_line("permit")], **terms))
    desk, person = make_person(session, Role.SERVICE_DESK), worker(session, request)
    session.commit()
    page = client.get(f"/track/{code_of(request)}").text
    assert "uiterlijk tot en met maandag 7 december 2026" in page
    assert "uiterlijk ma 23 nov, 14.00 uur" in page
    clock.move_to(NOW + timedelta(hours=5))
    assert "moest er zijn op ma 23 nov, 14.00 uur" in client.get(f"/track/{code_of(request)}").text
    sign_in(client, desk)
    board = client.get("/desk").text
    assert "1 aanvraag wacht te lang op een eerste reactie" in board
    assert "eerste reactie te laat" in client.get("/desk?show=unanswered").text
    assert "eerste reactie te laat" in client.get(f"/tasks?department={department.code}").text
    suspend_task(reason=SuspendReason.CUSTOMER, note="Welke?", **known(session, request, person, NOW + timedelta(hours=6)))
    session.commit()
    page = client.get(f"/track/{code_of(request)}").text
    assert "later dan onze norm" in page
    assert "staat stil sinds maandag 23 november 2026" in page
    assert "wacht te lang" not in client.get("/desk").text
    assert session.scalars(select(Request.responded_at)).one() == NOW + timedelta(hours=6)
