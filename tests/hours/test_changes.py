"""A change of a calendar: kept, told, and carried through in the open plans."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.core.journal import Actor, is_chain_intact, list_entries
from portal.core.texts import LocalText
from portal.hours import actions
from portal.hours.change import NewDay, NewWeek, RemovedDay
from portal.hours.events import STREAM
from portal.hours.models import CalendarRun
from portal.hours.projection import effect_of
from portal.people.models import Department, Person
from portal.people.roles import Role
from portal.planning.models import ClosedDay
from portal.planning.queries import load_calendars
from portal.planning.worktime import Span
from portal.requests.actions.life import finish_task
from portal.requests.models import Request, Task
from portal.requests.queries import get_request_for, get_task_for, list_history
from tests.factories import NOW, WORKDAY, ZONE, make_person

WEDNESDAY = date(2026, 11, 25)
NAME = LocalText(nl="Brandoefening", en="Fire drill")
MORNINGS = ((Span(480, 750),),) * 5 + ((), ())


@pytest.fixture
def known(session: Session, administrator: Person) -> dict[str, object]:
    return {"session": session, "person": administrator, "by": Actor(person_id=administrator.id), "at": NOW, "zone": ZONE}


def replan_all(session: Session) -> CalendarRun:
    """Do what the worker does, chunk by chunk; give the run."""
    run = session.scalars(select(CalendarRun).order_by(CalendarRun.id.desc()).limit(1)).one()
    while run.finished_at is None:
        actions.replan_chunk(session=session, run_id=run.id, at=NOW, zone=ZONE)
    session.flush()
    session.expire_all()
    return run


def again(session: Session, request: Request) -> Request:
    return get_request_for(session, by=make_person(session, Role.SERVICE_DESK), number=request.number)


def expected(session: Session, request: Request) -> datetime:
    return again(session, request).expected_at


def test_a_closed_day_moves_the_open_requests_in_chunks_and_tells_why(
    session: Session, open_requests: list[Request], ict: Department, known: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "CHUNK", 2)
    first = open_requests[0].expected_at
    actions.add_closed_day(department=ict, on=WEDNESDAY, name=NAME, hours=None, **known)
    run = session.scalars(select(CalendarRun)).one()
    actions.replan_chunk(session=session, run_id=run.id, at=NOW, zone=ZONE)
    assert (run.total, run.looked_at, run.moved, run.finished_at) == (3, 2, 2, None)
    assert replan_all(session).moved == 3
    for request in open_requests:
        assert expected(session, request) == first + timedelta(days=1)
        moved = list_history(session, request)[-1]
        assert (moved.type, moved.data["cause"], moved.data["department"]["nl"]) == ("dates_changed", "calendar_changed", "ict")
    entries = list_entries(session, stream=STREAM)
    assert [(entry.type, entry.actor_id) for entry in entries] == [("closed_day_added", known["person"].id)]  # type: ignore[attr-defined]
    assert is_chain_intact(entries)


def test_a_day_that_becomes_ordinary_brings_the_dates_back(
    session: Session, open_requests: list[Request], known: dict[str, object]
) -> None:
    before = open_requests[0].expected_at
    actions.add_closed_day(department=None, on=WEDNESDAY, name=NAME, hours=None, **known)
    replan_all(session)
    assert expected(session, open_requests[0]) > before
    actions.remove_day(day=session.scalars(select(ClosedDay)).one(), department=None, **known)
    assert replan_all(session).moved == 3
    assert expected(session, open_requests[0]) == before


def test_half_days_only_take_their_own_hours(
    session: Session, open_requests: list[Request], ict: Department, known: dict[str, object]
) -> None:
    before = open_requests[0].expected_at
    actions.add_closed_day(department=ict, on=WEDNESDAY, name=NAME, hours=Span(480, 750), **known)
    replan_all(session)
    calendar = load_calendars(session, ZONE)[ict.id]
    assert calendar.spans_on(WEDNESDAY) == (Span(480, 750),)
    # The afternoon of four and a half hours is worked on Thursday.
    assert expected(session, open_requests[0]) == before + timedelta(hours=4, minutes=30)


def test_other_hours_hold_from_their_day_on_and_leave_what_was(
    session: Session, open_requests: list[Request], ict: Department, known: dict[str, object]
) -> None:
    request = again(session, open_requests[0])
    clerk = make_person(session, Role.BACK_OFFICE, department=request.tasks[0].department)
    task = get_task_for(session, by=clerk, task_id=request.tasks[0].id, for_change=True)
    finish_task(session=session, task=task, person=clerk, by=Actor(person_id=clerk.id), at=NOW, zone=ZONE, result="")
    session.flush()
    before = {one.id: (one.finished_at, one.expected_at) for one in again(session, request).tasks}
    due = session.scalars(select(Task.due_at).where(Task.id == request.tasks[1].id)).one()
    actions.change_hours(department=ict, week=MORNINGS, valid_from=date(2026, 11, 23), **known)
    replan_all(session)
    calendar = load_calendars(session, ZONE)[ict.id]
    assert calendar.spans_on(date(2026, 11, 20)) == (WORKDAY,)
    assert calendar.spans_on(date(2026, 11, 24)) == MORNINGS[1]
    changed = again(session, request)
    done, account, _ = changed.tasks
    assert (done.finished_at, done.expected_at) == before[done.id]
    assert account.expected_at > before[account.id][1]
    # The clock of the account runs: what the department stands for moves with its hours.
    assert account.due_at > due


def test_what_is_asked_first_is_what_happens(session: Session, ict: Department, known: dict[str, object]) -> None:
    mornings = NewWeek(department_id=ict.id, valid_from=WEDNESDAY, week=MORNINGS)
    closed = NewDay(department_id=None, on=WEDNESDAY, name=NAME, hours=None)
    far = NewDay(department_id=None, on=date(2027, 5, 28), name=NAME, hours=None)
    for change, moved, total in ((mornings, 3, 3), (closed, 3, 3), (far, 0, 0)):
        effect = effect_of(session, change, at=NOW, zone=ZONE)
        assert (effect.moved, effect.tried, effect.total, effect.is_complete) == (moved, total, total, True)
    actions.add_closed_day(department=None, on=WEDNESDAY, name=NAME, hours=None, **known)
    assert replan_all(session).moved == 3
    day = session.scalars(select(ClosedDay)).one()
    assert effect_of(session, RemovedDay(day), at=NOW, zone=ZONE).moved == 3


def test_what_cannot_be_is_refused(session: Session, ict: Department, known: dict[str, object]) -> None:
    actions.add_closed_day(department=ict, on=WEDNESDAY, name=NAME, hours=None, **known)
    refused = [
        (lambda: actions.add_closed_day(department=ict, on=WEDNESDAY, name=NAME, hours=None, **known), {"on": "double"}),
        (lambda: actions.add_closed_day(department=ict, on=date(2026, 11, 22), name=NAME, hours=None, **known), {"on": "past"}),
        (lambda: actions.change_hours(department=ict, week=MORNINGS, valid_from=date(2026, 11, 22), **known), {"valid_from": "past"}),
        (lambda: actions.change_hours(department=ict, week=((),) * 7, valid_from=WEDNESDAY, **known), {"week": "never_open"}),
        (
            lambda: actions.change_hours(department=ict, week=((WORKDAY,),) * 5 + ((), ()), valid_from=WEDNESDAY, **known),
            {"valid_from": "nothing_changes"},
        ),
    ]
    for change, errors in refused:
        with pytest.raises(InvalidInputError) as error:
            change()
        assert error.value.errors == errors
    day = session.scalars(select(ClosedDay)).one()
    day.on = date(2026, 11, 22)
    with pytest.raises(ConflictError):
        actions.remove_day(day=day, department=ict, **known)


def test_a_manager_keeps_the_own_department_only(session: Session, ict: Department, known: dict[str, object]) -> None:
    manager = make_person(session, Role.DEPARTMENT_MANAGER, department=ict)
    actions.add_closed_day(department=ict, on=WEDNESDAY, name=NAME, hours=None, **(known | {"person": manager}))
    with pytest.raises(ForbiddenError):
        actions.add_closed_day(department=None, on=WEDNESDAY, name=NAME, hours=None, **(known | {"person": manager}))
