"""Cancelling a part of a request: until when, what it does, what falls with it, and who hears of it."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.agreement import NoReturn, NoReturnMoment
from portal.core.errors import ConflictError, ForbiddenError
from portal.core.journal import Actor, JournalEntry
from portal.core.references import new_token
from portal.people.models import Person
from portal.people.roles import Role
from portal.planning.norm import Norm, NormUnit
from portal.planning.plan import DependencyKind
from portal.planning.queries import load_calendars
from portal.planning.worktime import Calendar, Span
from portal.requests.actions.life import claim_task, finish_task, start_task
from portal.requests.actions.replanning import dates_of
from portal.requests.changing.actions.change import Change
from portal.requests.changing.actions.leaving import cancel_line, work_out_cancelling
from portal.requests.changing.no_return import Barrier, lost_with, window_of
from portal.requests.models import Request
from portal.requests.queries import get_request_for, get_task_for
from portal.requests.workflow import RequestState, TaskState
from tests.factories import NOW, ZONE, make_person, sign_in

OFFICE = Calendar(zone=ZONE, week=((Span(8 * 60, 17 * 60),),) * 5 + ((),) * 2, exceptions={})
WISHED = NOW.date() + timedelta(days=7)
TWO_DAYS = NoReturn(moment=NoReturnMoment.BEFORE_WISHED_DATE, length=Norm(2, NormUnit.WORKING_DAYS))
ON_READY, ON_START = (NoReturn(moment=moment) for moment in (NoReturnMoment.READY, NoReturnMoment.STARTED))


@pytest.mark.parametrize(
    ("state", "point", "barrier"),
    [
        (TaskState.WAITING, None, None),
        (TaskState.READY, None, None),
        (TaskState.IN_PROGRESS, None, Barrier.STARTED),
        (TaskState.SUSPENDED, ON_START, Barrier.STARTED),
        (TaskState.WAITING, ON_READY, None),
        (TaskState.READY, ON_READY, Barrier.READY),
        (TaskState.IN_PROGRESS, TWO_DAYS, None),
        (TaskState.DONE, TWO_DAYS, Barrier.CLOSED),
    ],
)
def test_each_point_of_no_return(state: TaskState, point: NoReturn | None, barrier: Barrier | None) -> None:
    task = SimpleNamespace(id=1, state=state, starts_at=NOW, predecessors=[])
    assert window_of(task, point, wished_on=WISHED, calendar=OFFICE, now=NOW).barrier is barrier


def test_days_before_the_wished_date_count_as_working_days() -> None:
    task = SimpleNamespace(id=1, state=TaskState.READY, starts_at=NOW, predecessors=[])
    window = window_of(task, TWO_DAYS, wished_on=WISHED, calendar=OFFICE, now=NOW)
    assert window.until is not None
    assert window.until.astimezone(ZONE).isoformat() == "2026-11-26T08:00:00+01:00"  # Thursday and Friday are the two days
    assert window_of(task, TWO_DAYS, wished_on=WISHED, calendar=OFFICE, now=window.until).barrier is Barrier.TOO_LATE
    assert window_of(task, TWO_DAYS, wished_on=None, calendar=OFFICE, now=window.until).is_open


@settings(max_examples=60)
@given(st.integers(1, 7), st.data())
def test_no_task_is_left_that_needs_what_was_cancelled(size: int, data: st.DataObject) -> None:
    kinds = st.sampled_from(DependencyKind)
    befores = [data.draw(st.dictionaries(st.integers(0, place - 1), kinds) if place else st.just({})) for place in range(size)]
    tasks = [
        SimpleNamespace(
            id=place,
            state=TaskState.WAITING,
            starts_at=NOW,
            predecessors=[SimpleNamespace(after_id=before, kind=kind) for before, kind in before_of.items()],
        )
        for place, before_of in enumerate(befores)
    ]
    cancelled = data.draw(st.integers(0, size - 1))
    gone = {cancelled} | lost_with(cancelled, tasks)
    for task in tasks:
        needed = {one.after_id for one in task.predecessors if one.kind is DependencyKind.NEEDS}
        assert task.id == cancelled or (task.id in gone) == bool(needed & gone)


def cancel(session: Session, request: Request, place: int, person: Person, *, version: int | None = None) -> Request:
    """Cancel the task at this place."""
    loaded = get_request_for(session, by=person, number=request.number, for_change=True)
    seen = loaded.version if version is None else version
    change = Change(request=loaded, person=person, by=Actor(person_id=person.id), at=NOW, zone=ZONE, version=seen)
    cancel_line(session=session, change=change, task_id=loaded.tasks[place].id)
    return loaded


def test_what_needs_it_goes_with_it_and_the_dates_are_those_of_a_new_plan(session: Session, asker: Person, asked: Request) -> None:
    calendars = load_calendars(session, ZONE)
    shown = work_out_cancelling(session=session, request=asked, task_id=asked.tasks[1].id, at=NOW, zone=ZONE)
    assert [task.id for task in shown.lost] == [asked.tasks[2].id]
    changed = cancel(session, asked, 1, asker)
    assert [task.state for task in changed.tasks] == [TaskState.READY, TaskState.CANCELLED, TaskState.CANCELLED]
    assert changed.cost_cents == 1000
    made_anew = dates_of(request=changed, calendars=calendars, at=NOW)
    assert shown.dates is not None
    for dates in (made_anew, shown.dates):
        assert (dates.expected_at, dates.latest_at) == (changed.expected_at, changed.latest_at)
    types = [
        entry.type for entry in session.scalars(select(JournalEntry).where(JournalEntry.stream == changed.stream).order_by(JournalEntry.id))
    ]
    assert types[-3:] == ["line_fell_away", "line_cancelled", "dates_changed"]


def test_cancelling_the_first_ends_the_whole(session: Session, asker: Person, asked: Request) -> None:
    changed = cancel(session, asked, 0, asker)
    assert changed.state is RequestState.CANCELLED
    assert changed.closed_at == NOW


def test_it_is_refused_to_others_on_what_was_shown_before_and_once_begun(session: Session, asker: Person, asked: Request) -> None:
    department = asked.tasks[0].department
    handler = make_person(session, Role.BACK_OFFICE, department=department)
    with pytest.raises(ForbiddenError):
        cancel(session, asked, 2, handler)
    with pytest.raises(ConflictError, match="stale_version"):
        cancel(session, asked, 2, asker, version=asked.version + 1)
    task = get_task_for(session, by=handler, task_id=asked.tasks[0].id, for_change=True)
    start_task(session=session, task=task, person=handler, by=Actor(person_id=handler.id), at=NOW, zone=ZONE)
    with pytest.raises(ConflictError, match="past_no_return"):
        cancel(session, asked, 0, asker)


def test_the_pages_tell_until_when_and_what_it_does(client: FlaskClient, asker: Person, asked: Request) -> None:
    sign_in(client, asker)
    page = client.get(f"/requests/{asked.number}")
    assert f"/requests/{asked.number}/change" in page.text
    page = client.get(f"/requests/{asked.number}/change")
    assert page.text.count("Dit onderdeel annuleren") >= 3
    assert "Kan nog gewijzigd worden" in page.text
    assert f"/requests/{asked.number}/decisions" not in page.text
    address = f"/requests/{asked.number}/change/{asked.tasks[1].id}"
    page = client.get(address)
    assert "Dit vervalt dan ook" in page.text
    assert "laptop" in page.text
    data = {"version": re.search(r'name="version"[^>]*value="(\d+)"', page.text)[1], "form_key": new_token()}  # type: ignore[index]
    stale = client.post(f"{address}/cancellation", data={**data, "version": "99", "form_key": new_token()})
    assert stale.status_code == 409
    assert "Er is niets geannuleerd" in stale.text
    done = client.post(f"{address}/cancellation", data=data)
    assert done.status_code == 303
    page = client.get(done.headers["Location"])
    assert "is door de aanvrager geannuleerd" in page.text
    assert client.post(f"{address}/cancellation", data={**data, "form_key": new_token()}).status_code == 409
    assert "Kan niet meer gewijzigd worden" in client.get(address).text
    assert client.get(f"/requests/{asked.number}/change/999999").status_code == 404


def test_only_who_may_cancel_sees_the_pages(client: FlaskClient, session: Session, asked: Request) -> None:
    address = f"/requests/{asked.number}/change"
    assert client.get(address).location.startswith("/sign-in?next=")
    sign_in(client, make_person(session, name="Iemand Anders"))
    assert client.get(address).status_code == 404
    client.post("/sign-out")
    sign_in(client, make_person(session, Role.BACK_OFFICE, department=asked.tasks[0].department))
    assert client.get(address).status_code == 403
    client.post("/sign-out")
    sign_in(client, make_person(session, Role.SERVICE_DESK))
    assert client.get(address).status_code == 200


def test_a_finished_part_stays_and_its_handler_is_named_in_what_was_cancelled(session: Session, asker: Person, asked: Request) -> None:
    first = asked.tasks[0]
    handler = make_person(session, Role.BACK_OFFICE, department=first.department)
    by = Actor(person_id=handler.id)
    task = get_task_for(session, by=handler, task_id=first.id, for_change=True)
    finish_task(session=session, task=task, person=handler, by=by, at=NOW, zone=ZONE, result="")
    second = asked.tasks[1]
    taker = make_person(session, Role.BACK_OFFICE, department=second.department)
    task = get_task_for(session, by=taker, task_id=second.id, for_change=True)
    claim_task(session=session, task=task, person=taker, by=Actor(person_id=taker.id), at=NOW)
    changed = cancel(session, asked, 1, asker)
    assert [one.state for one in changed.tasks] == [TaskState.DONE, TaskState.CANCELLED, TaskState.CANCELLED]
    assert changed.state is RequestState.DONE
    event = session.scalars(select(JournalEntry).where(JournalEntry.type == "line_cancelled")).one()
    assert event.data["handler_id"] == taker.id
