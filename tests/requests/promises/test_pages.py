"""The pages of promises: for who makes and keeps them, and for the requester; allowed, not allowed, not signed in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.references import derive_code
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.models import Request
from portal.requests.promises.actions import break_passed
from portal.requests.promises.models import Promise
from portal.requests.promises.workflow import AROUND, PromiseState
from portal.requests.workflow import NextKind
from tests.factories import NOW, SECRET, ZONE, make_person, sign_in
from tests.requests.promises.conftest import AFTERNOON, MakePromise

SENTENCE = "Wij bellen u op maandag 23 november 2026 om 16.00 uur."
FORM = {
    "channel": "phone",
    "due_on": "2026-11-23",
    "due_time": "16:00",
    "what": "De uitkomst van de test",
    "keeper": "me",
    "task": "",
    "follows": "",
}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def new(number: str) -> str:
    return f"/requests/{number}/promises"


def all_promises(session: Session) -> list[Promise]:
    return list(session.scalars(select(Promise).order_by(Promise.id).execution_options(populate_existing=True)))


def test_the_desk_promises_and_the_requester_sees_it_at_once(
    client: FlaskClient, session: Session, asked: Request, asker: Person, agent: Person
) -> None:
    sign_in(client, agent)
    assert f"/requests/{asked.number}/promises/new" in client.get("/desk").text
    assert f"/requests/{asked.number}/promises/new" in client.get(f"/requests/{asked.number}").text
    form = client.get(f"{new(asked.number)}/new").text
    assert "Mirjam Aanvrager" in form
    answer = client.post(new(asked.number), data={**FORM, "form_key": "one"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/requests/{asked.number}")
    assert client.post(new(asked.number), data={**FORM, "form_key": "one"}).status_code == 303
    (made,) = all_promises(session)
    assert (made.keeper_id, made.due_at, made.department_id) == (agent.id, AFTERNOON, asked.owner_id)
    sign_in(client, asker)
    page = client.get(f"/requests/{asked.number}").text
    assert SENTENCE in page
    assert "De uitkomst van de test" in page
    assert "/promises/" not in page
    client.post("/language", data={"language": "en", "next": "/"})
    assert "We call you on Monday 23 November 2026 at 16:00." in client.get(f"/requests/{asked.number}").text


def test_the_public_page_says_when_and_nothing_that_somebody_typed(client: FlaskClient, asked: Request, promise: MakePromise) -> None:
    promise(what="KANARIE over Mirjam")
    page = client.get(f"/track/{derive_code(secret=SECRET, seed=asked.tracking_seed)}").text
    assert SENTENCE in page
    for word in ("KANARIE", "Mirjam", "Yara", "/promises"):
        assert word not in page


def test_from_a_task_the_department_promises(client: FlaskClient, session: Session, asked: Request, handler: Person) -> None:
    sign_in(client, handler)
    task = asked.tasks[0]
    page = client.get(f"/tasks/{task.id}").text
    assert f"{new(asked.number)}/new?task={task.id}" in page.replace("&amp;", "&")
    answer = client.post(new(asked.number), data={**FORM, "task": str(task.id), "form_key": "t"})
    assert answer.headers["Location"] == f"/tasks/{task.id}"
    (made,) = all_promises(session)
    assert (made.task_id, made.keeper_id, made.department_id) == (task.id, handler.id, task.department_id)
    assert SENTENCE in client.get(f"/tasks/{task.id}").text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"what": ""}, "Schrijf in één zin waarvoor."),
        ({"what": "x" * 301}, "Gebruik hoogstens 300 tekens."),
        ({"channel": ""}, "Kies hoe."),
        ({"channel": "pigeon"}, "Kies hoe."),
        ({"keeper": "person:999"}, "Kies wie het doet."),
        ({"due_on": "2026-11-20"}, "Kies een moment dat nog moet komen."),
        ({"due_on": "nonsense"}, "Deze dag bestaat niet."),
        ({"due_time": "25:99"}, "Deze tijd bestaat niet."),
        ({"due_on": "2027-03-28", "due_time": "02:30", "is_sure": "y"}, "de klok vooruit"),
        ({"due_on": "2026-11-22", "due_time": "12:00"}, "Kies een moment dat nog moet komen."),
        ({"due_time": "20:00"}, "De afdeling is op dit moment gesloten."),
        ({"due_on": "2028-01-03"}, "Kies een moment binnen een jaar."),
    ],
)
def test_what_does_not_fit_is_said_at_the_field(
    client: FlaskClient, asked: Request, agent: Person, change: dict[str, str], words: str
) -> None:
    sign_in(client, agent)
    answer = client.post(new(asked.number), data={**FORM, **change, "form_key": "f"})
    assert answer.status_code == 422
    assert words in answer.text
    assert SENTENCE not in client.get(f"/requests/{asked.number}").text


def test_outside_opening_hours_is_possible_for_who_is_sure(client: FlaskClient, session: Session, asked: Request, agent: Person) -> None:
    sign_in(client, agent)
    assert client.post(new(asked.number), data={**FORM, "due_time": "20:00", "is_sure": "y", "form_key": "s"}).status_code == 303
    assert len(all_promises(session)) == 1


def test_the_agent_keeps_it_from_the_list(client: FlaskClient, session: Session, agent: Person, promise: MakePromise) -> None:
    made = promise()
    sign_in(client, agent)
    assert f"/promises/{made.id}" in client.get("/promises").text
    assert f"/promises/{made.id}" not in client.get("/promises", headers={"HX-Request": "true", "HX-Target": "div#promises-near"}).text
    assert SENTENCE in client.get(f"/promises/{made.id}").text
    assert client.post(f"/promises/{made.id}/outcome", data={"outcome": "", "version": "1", "form_key": "a"}).status_code == 422
    done = {"outcome": "Het werkt.", "version": "1", "form_key": "b"}
    assert client.post(f"/promises/{made.id}/outcome", data=done).headers["Location"] == "/promises"
    stale = client.post(f"/promises/{made.id}/outcome", data={**done, "outcome": "Nog eens.", "form_key": "c"})
    assert (stale.status_code, "Nog eens." in stale.text) == (409, True), "what was typed is not lost"
    assert f"/promises/{made.id}" in client.get("/promises?tab=kept").text
    assert 'class="empty"' in client.get("/promises").text
    assert all_promises(session)[0].outcome == "Het werkt."


def test_what_is_near_is_told_on_every_page(
    client: FlaskClient, agent: Person, asker: Person, promise: MakePromise, clock: time_machine.Traveller
) -> None:
    made = promise()
    clock.move_to(AFTERNOON - AROUND)
    sign_in(client, agent)
    near = client.get("/promises", headers={"HX-Request": "true", "HX-Target": "div#promises-near"}).text
    assert f"/promises/{made.id}" in near
    assert 'id="promises-near"' in client.get("/desk").text
    sign_in(client, asker)
    assert "promises-near" not in client.get("/requests").text


def test_moving_before_the_moment_and_not_after(
    client: FlaskClient, session: Session, agent: Person, promise: MakePromise, clock: time_machine.Traveller
) -> None:
    made = promise()
    sign_in(client, agent)
    other = {"due_on": "2026-11-24", "due_time": "09:00", "reason": "De test duurt langer.", "version": "1", "form_key": "m"}
    closed = client.post(f"/promises/{made.id}/moment", data={**other, "due_time": "23:00"})
    assert (closed.status_code, "gesloten" in closed.text) == (422, True)
    assert client.post(f"/promises/{made.id}/moment", data={**other, "due_time": "16:00", "due_on": "2026-11-23"}).status_code == 422
    assert client.post(f"/promises/{made.id}/moment", data=other).status_code == 303
    assert "Eerst beloofd" in client.get(f"/promises/{made.id}").text
    clock.move_to(AFTERNOON + timedelta(days=1))
    sign_in(client, agent)
    late = client.post(f"/promises/{made.id}/moment", data={**other, "due_on": "2026-11-26", "version": "2", "form_key": "n"})
    assert (late.status_code, "Het moment van deze belofte is er" in late.text) == (409, True)
    assert "De test duurt langer." in late.text.split('role="alert"')[1].split("<h1>")[0], "what was typed is not lost"
    (made,) = all_promises(session)
    assert (made.moves, made.state) == (1, PromiseState.OPEN)
    assert "heeft een ander moment" in client.get(f"/requests/{made.request.number}").text


def test_a_broken_promise_stays_until_it_is_made_good(
    client: FlaskClient, session: Session, agent: Person, promise: MakePromise, clock: time_machine.Traveller
) -> None:
    made = promise()
    asked = made.request
    clock.move_to(AFTERNOON + AROUND)
    break_passed(session=session, at=AFTERNOON + AROUND, zone=ZONE)
    session.commit()
    sign_in(client, agent)
    assert "Dat spijt ons." in client.get(f"/requests/{asked.number}").text
    assert f"/promises/{made.id}" in client.get("/promises?tab=broken").text
    assert f"promises/new?follows={made.id}" in client.get(f"/promises/{made.id}").text
    assert "De uitkomst van de test" in client.get(f"{new(asked.number)}/new?follows={made.id}").text
    again = {**FORM, "due_on": "2026-11-24", "follows": str(made.id), "form_key": "g"}
    assert client.post(new(asked.number), data=again).status_code == 303
    assert f"/promises/{made.id}" not in client.get("/promises?tab=broken").text
    assert client.post(new(asked.number), data={**again, "form_key": "h"}).status_code == 409


def test_about_a_closed_request_nothing_is_promised(
    client: FlaskClient, session: Session, asked: Request, asker: Person, agent: Person
) -> None:
    sign_in(client, asker)
    data = {"reason": "Niet nodig.", "version": str(asked.version), "form_key": "c"}
    assert client.post(f"/requests/{asked.number}/cancellation", data=data).status_code == 303
    sign_in(client, agent)
    for answer in (client.get(f"{new(asked.number)}/new"), client.post(new(asked.number), data={**FORM, "form_key": "d"})):
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/requests/{asked.number}")
    assert not all_promises(session)


def test_others_may_not_and_visitors_sign_in(
    client: FlaskClient, session: Session, asked: Request, asker: Person, promise: MakePromise
) -> None:
    made = promise()
    pages = ["/promises", "/promises/kept", f"/promises/{made.id}", f"{new(asked.number)}/new"]
    posts = [f"/promises/{made.id}/outcome", f"/promises/{made.id}/moment", new(asked.number)]
    for path in pages:
        assert client.get(path).headers["Location"].startswith("/sign-in")
    sign_in(client, asker)
    assert {client.get(path).status_code for path in pages} == {403}
    assert {client.post(path, data={"form_key": path}).status_code for path in posts} == {403}
    elsewhere = make_person(session, Role.BACK_OFFICE, department=asked.tasks[0].department)
    session.commit()
    sign_in(client, elsewhere)
    assert client.get(f"/promises/{made.id}").status_code == 404
    assert client.post(f"/promises/{made.id}/outcome", data={"outcome": "x", "form_key": "e"}).status_code == 404
    assert f"/promises/{made.id}" not in client.get("/promises?whose=all").text


def test_the_coordinator_sees_all_and_who_was_left_behind(
    client: FlaskClient, session: Session, asked: Request, promise: MakePromise
) -> None:
    made = promise()
    sign_in(client, make_person(session, Role.COORDINATOR))
    asked.next_moment_at, asked.next_kind = NOW - timedelta(hours=1), NextKind.EXPECTED
    session.commit()
    page = client.get("/promises?whose=all").text
    assert f"/promises/{made.id}" in page
    assert f"/requests/{asked.number}" in page
    assert "volgende moment voorbij" in page


def test_one_and_many_cost_the_same(client: FlaskClient, agent: Person, promise: MakePromise, statements: list[str]) -> None:
    def count(path: str) -> int:
        statements.clear()
        assert client.get(path).status_code == 200
        return len(statements)

    promise()
    sign_in(client, agent)
    before = [count(path) for path in ("/promises", "/promises/kept")]
    for number in range(22):
        promise(due_at=AFTERNOON + timedelta(minutes=number))
    assert [count(path) for path in ("/promises", "/promises/kept")] == before
    assert max(before) <= 6, statements
    following = client.get("/promises").text.split("after=")[1].split('"')[0]
    assert client.get(f"/promises?after={following}").text.count("<tr>") == 4


def settled(session: Session, promise: MakePromise, person: Person, states: str, *, month: int = 10) -> None:
    """Leave behind promises of a month that ended so: k(ept), e(arly), b(roken), c(ancelled)."""
    kinds = {"k": PromiseState.KEPT, "e": PromiseState.KEPT_EARLY, "b": PromiseState.BROKEN, "c": PromiseState.CANCELLED}
    for letter in states:
        made = promise(keeper=person)
        made.state, made.due_month = kinds[letter], f"2026-{month:02}"
        made.due_at = datetime(2026, month, 5, 12, tzinfo=UTC)
    session.commit()


def test_the_share_kept_of_oneself_and_the_team(
    client: FlaskClient, session: Session, asked: Request, agent: Person, promise: MakePromise
) -> None:
    colleague = make_person(session, Role.SERVICE_DESK, name="Koen Collega", department=asked.owner)
    settled(session, promise, agent, "kkebbc")
    settled(session, promise, colleague, "kkkkk")
    settled(session, promise, agent, "kb", month=9)
    sign_in(client, agent)
    page = client.get("/promises/kept").text
    assert "80 %" in page  # of the team: 8 of 10
    assert "60 %" in page  # of oneself: 3 of 5
    assert page.count('<td colspan="5" class="soft">minder dan vijf beloften') == 2
    assert "100 %" not in page
    assert "Koen" not in page
    behind = client.get("/promises?whose=mine&tab=broken&month=2026-10").text
    assert behind.count("<tr>") == 3
    assert "oktober 2026" in behind
    sign_in(client, make_person(session, Role.BACK_OFFICE, department=asked.tasks[0].department))
    assert "80 %" not in client.get(f"/promises/kept?department={asked.owner.code}").text
