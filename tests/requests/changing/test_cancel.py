"""Cancelling the whole: what stops, what goes on because it is past its point of no return, what it costs, and who may."""

import re
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.errors import ConflictError, ForbiddenError
from portal.core.journal import Actor, JournalEntry
from portal.core.references import new_token
from portal.people.models import Person
from portal.people.roles import Role
from portal.planning.plan import DependencyKind
from portal.requests.actions.life import claim_task, finish_task, start_task
from portal.requests.changing.actions.cancelling import cancel_request, work_out_stopping
from portal.requests.changing.no_return import Barrier, Window, lost_with, stopping
from portal.requests.models import Request
from portal.requests.queries import get_request_for, get_task_for
from portal.requests.workflow import RequestState, TaskState
from tests.factories import NOW, ZONE, make_person, sign_in


@given(st.integers(1, 7), st.data())
def test_what_goes_on_keeps_all_that_it_needs(size: int, data: st.DataObject) -> None:
    tasks = [
        SimpleNamespace(
            id=place,
            state=TaskState.WAITING,
            starts_at=NOW,
            predecessors=[
                SimpleNamespace(after_id=one, kind=DependencyKind.NEEDS)
                for one in data.draw(st.sets(st.integers(0, place - 1)) if place else st.just(set()))
            ],
        )
        for place in range(size)
    ]
    windows = {task.id: data.draw(st.sampled_from([Window(), Window(barrier=Barrier.STARTED)])) for task in tasks}
    stops = stopping(tasks, windows)
    for task in tasks:
        needed_by_what_goes_on = any(not windows[one].is_open for one in lost_with(task.id, tasks))
        assert (task.id in stops) == (windows[task.id].is_open and not needed_by_what_goes_on)


def worker(session: Session, request: Request, place: int) -> Person:
    return make_person(session, Role.BACK_OFFICE, department=request.tasks[place].department)


def begin(session: Session, request: Request, place: int) -> Person:
    """Let a department begin, after it finished all that comes before."""
    for before in range(place):
        person = worker(session, request, before)
        task = get_task_for(session, by=person, task_id=request.tasks[before].id, for_change=True)
        finish_task(session=session, task=task, person=person, by=Actor(person_id=person.id), at=NOW, zone=ZONE, result="")
    person = worker(session, request, place)
    task = get_task_for(session, by=person, task_id=request.tasks[place].id, for_change=True)
    start_task(session=session, task=task, person=person, by=Actor(person_id=person.id), at=NOW, zone=ZONE)
    session.commit()
    return person


def cancel(session: Session, request: Request, person: Person, *, with_begun: bool = False) -> Request:
    loaded = get_request_for(session, by=person, number=request.number, for_change=True)
    by = Actor(person_id=person.id)
    cancel_request(session=session, request=loaded, person=person, by=by, at=NOW, zone=ZONE, reason="Niet nodig.", with_begun=with_begun)
    return loaded


def test_what_has_begun_goes_on_and_the_rest_stops(session: Session, asker: Person, asked: Request) -> None:
    begin(session, asked, 1)
    loaded = get_request_for(session, by=asker, number=asked.number)
    shown = work_out_stopping(session=session, request=loaded, at=NOW, zone=ZONE)
    assert [one.barrier for _task, one in shown.goes_on] == [Barrier.STARTED]
    changed = cancel(session, asked, asker)
    assert [task.state for task in changed.tasks] == [TaskState.DONE, TaskState.IN_PROGRESS, TaskState.CANCELLED]
    assert changed.state is RequestState.IN_PROGRESS
    assert changed.cost_cents == 2000
    assert shown.dates is not None
    assert shown.dates.expected_at == changed.expected_at
    told = session.scalars(select(JournalEntry).where(JournalEntry.type == "request_cancelled")).one()
    assert told.data["goes_on"] == 1
    with pytest.raises(ConflictError, match="past_no_return"):
        cancel(session, asked, asker)


def test_who_had_taken_a_part_hears_it(session: Session, asker: Person, asked: Request) -> None:
    person = worker(session, asked, 0)
    task = get_task_for(session, by=person, task_id=asked.tasks[0].id, for_change=True)
    claim_task(session=session, task=task, person=person, by=Actor(person_id=person.id), at=NOW)
    changed = cancel(session, asked, asker)
    assert changed.state is RequestState.CANCELLED
    assert changed.cost_cents == 0
    told = session.scalars(select(JournalEntry.data).where(JournalEntry.type == "line_cancelled").order_by(JournalEntry.id)).all()
    assert [one["handler_id"] for one in told] == [person.id, 0, 0]


def test_only_the_service_desk_stops_what_has_begun_and_never_for_oneself(session: Session, asker: Person, asked: Request) -> None:
    begin(session, asked, 0)
    with pytest.raises(ForbiddenError):
        cancel(session, asked, asker, with_begun=True)
    agent = make_person(session, Role.SERVICE_DESK)
    changed = cancel(session, asked, agent, with_begun=True)
    assert changed.state is RequestState.CANCELLED


def sent(page: str, **more: str) -> dict[str, str]:
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version
    return {"version": version[1], "form_key": new_token(), **more}


def test_cancelling_shows_what_it_does_needs_a_reason_and_is_done_once(client: FlaskClient, asker: Person, asked: Request) -> None:
    sign_in(client, asker)
    path = f"/requests/{asked.number}/cancellation"
    assert path in client.get(f"/requests/{asked.number}").text
    page = client.get(path).text
    assert "Dit stopt" in page
    assert "Dit gaat door" not in page
    assert client.post(path, data=sent(page, reason="")).status_code == 422
    stale = client.post(path, data={**sent(page, reason="Zo gaat het."), "version": "99"})
    assert stale.status_code == 409
    assert "Zo gaat het." in stale.text
    data = sent(page, reason="De collega komt niet.")
    answer = client.post(path, data=data)
    assert answer.status_code == 303
    assert client.post(path, data=data).location == answer.location  # a second click is the same
    page = client.get(answer.location).text
    assert "De collega komt niet." in page
    assert path not in page
    assert client.post(path, data={**data, "form_key": new_token()}).status_code == 409
    assert "was al afgesloten" in client.get(path).text
    assert asked.number in client.get("/requests?state=closed").text


def test_the_page_tells_what_goes_on_and_when_nothing_can_stop(
    client: FlaskClient, session: Session, asker: Person, asked: Request
) -> None:
    begin(session, asked, 1)
    sign_in(client, asker)
    path = f"/requests/{asked.number}/cancellation"
    page = client.get(path).text
    for words in ("Dit stopt", "Dit gaat door", "de afdeling is al begonnen", "Dit is al klaar"):
        assert words in page
    assert "with_begun" not in page
    assert client.post(path, data=sent(page, reason="x", with_begun="y")).status_code == 403
    assert client.post(path, data=sent(page, reason="x")).status_code == 303
    page = client.get(path).text
    assert "kan niet meer worden gestopt" in page
    assert 'name="reason"' not in page
    client.post("/sign-out")
    sign_in(client, make_person(session, Role.SERVICE_DESK))
    page = client.get(path).text
    assert "with_begun" in page
    assert client.post(path, data=sent(page, reason="x")).status_code == 409
    assert client.post(path, data=sent(page, reason="Afgesproken.", with_begun="y")).status_code == 303
    assert "was al afgesloten" in client.get(path).text


def test_others_cannot_cancel(client: FlaskClient, session: Session, asked: Request) -> None:
    path = f"/requests/{asked.number}/cancellation"
    assert client.get(path).location.startswith("/sign-in?next=")
    data = {"reason": "Nee.", "version": "1"}
    for person, status in ((worker(session, asked, 0), 403), (make_person(session, name="Iemand Anders"), 404)):
        sign_in(client, person)
        assert client.get(path).status_code == status
        assert client.post(path, data={**data, "form_key": new_token()}).status_code == status
        client.post("/sign-out")
