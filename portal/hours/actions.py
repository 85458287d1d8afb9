"""Changing the calendars, and planning the open requests again in chunks; finished work is left as it was."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.core.journal import SYSTEM, Actor, JournalEntry, record
from portal.core.queue import enqueue
from portal.core.texts import LocalText
from portal.hours.events import STREAM, CalendarEvent, ClosedDayAdded, ClosedDayRemoved, HoursChanged
from portal.hours.models import CalendarRun
from portal.hours.policy import may_change_hours
from portal.hours.queries import Reach, count_touched, find_run_of, get_run, list_touched, load_plans
from portal.hours.rules import name_weeks, write_spans
from portal.people.models import Department, Person
from portal.planning.actions import hold_calendars, remove_closed_day, save_closed_day, save_opening_hours
from portal.planning.models import ClosedDay
from portal.planning.queries import list_closed_days, list_weeks, load_calendars
from portal.planning.worktime import Span, Week
from portal.requests.actions.calendar import remake_for_calendar
from portal.requests.models import Request

REPLAN: Final = "replan_for_calendar"
CHUNK: Final = 100  # requests in one transaction
_LANE: Final = "calendar"


def change_hours(
    *,
    session: Session,
    department: Department,
    week: Week,
    valid_from: date,
    seen: str | None = None,
    person: Person,
    by: Actor,
    at: datetime,
    zone: ZoneInfo,
) -> None:
    """Give a department other opening hours from a day on; what holds before it stays. `seen`: as `name_weeks` gave it.

    :raises ConflictError: the hours are not those that were seen any more.
    :raises InvalidInputError: the day is over, the department would never be open, or nothing changes.
    :raises ForbiddenError: it is not for this person to say.
    """
    _check_may(person, department)
    check_week(week=week, valid_from=valid_from, today=at.astimezone(zone).date())
    hold_calendars(session=session)
    weeks = list_weeks(session, department.id)
    if seen and seen != name_weeks(weeks):
        raise ConflictError("overtaken")
    earlier = [held for since, held in weeks.items() if since <= valid_from]
    if earlier and earlier[-1] == week:
        raise InvalidInputError({"valid_from": "nothing_changes"})
    save_opening_hours(session=session, department=department, week=week, valid_from=valid_from)
    event = HoursChanged(
        department_id=department.id,
        department=department.name.as_data(),
        valid_from=valid_from.isoformat(),
        week=[write_spans(spans) for spans in week],
    )
    _record(session, event, by=by, at=at)


def check_week(*, week: Week, valid_from: date, today: date) -> None:
    """Check opening hours that are to hold from a day on.

    :raises InvalidInputError: the day is over, or the department would never be open.
    """
    if valid_from < today:
        raise InvalidInputError({"valid_from": "past"})
    if not any(week):
        raise InvalidInputError({"week": "never_open"})


def add_closed_day(
    *,
    session: Session,
    department: Department | None,
    on: date,
    name: LocalText,
    hours: Span | None,
    person: Person,
    by: Actor,
    at: datetime,
    zone: ZoneInfo,
) -> None:
    """Close a department (None: the whole organisation) on a day, or shorten the day to `hours`.

    :raises InvalidInputError: the day is over, or stands in the calendar already.
    :raises ForbiddenError: it is not for this person to say.
    """
    _check_may(person, department)
    hold_calendars(session=session)
    check_day(session=session, department=department, on=on, today=at.astimezone(zone).date())
    save_closed_day(session=session, on=on, name=name, department=department, hours=hours)
    event = ClosedDayAdded(
        department_id=department.id if department else None,
        department=department.name.as_data() if department else None,
        on=on.isoformat(),
        name=name.as_data(),
        hours=write_spans([hours]) if hours else None,
    )
    _record(session, event, by=by, at=at)


def check_day(*, session: Session, department: Department | None, on: date, today: date) -> None:
    """Check a day that is to be closed or shortened.

    :raises InvalidInputError: the day is over, or stands in the calendar already.
    """
    if on < today:
        raise InvalidInputError({"on": "past"})
    department_id = department.id if department else None
    known = list_closed_days(session, first=on, last=on, department_ids=[department_id] if department_id else [])
    if any(day.department_id == department_id for day in known):
        raise InvalidInputError({"on": "double"})


def remove_day(
    *, session: Session, day: ClosedDay, department: Department | None, person: Person, by: Actor, at: datetime, zone: ZoneInfo
) -> None:
    """Let a closed or half day of a department (None: of all) be an ordinary one again.

    :raises ConflictError: the day is over.
    :raises ForbiddenError: it is not for this person to say.
    """
    _check_may(person, department)
    hold_calendars(session=session)
    if day.on < at.astimezone(zone).date():
        raise ConflictError("day_is_over")
    event = ClosedDayRemoved(
        department_id=department.id if department else None,
        department=department.name.as_data() if department else None,
        on=day.on.isoformat(),
        name=day.name.as_data(),
    )
    remove_closed_day(session=session, day=day)
    _record(session, event, by=by, at=at)


def start_replanning(*, session: Session, entry: JournalEntry, at: datetime) -> None:
    """Queue the first chunk of the plans that a change of the calendar touches."""
    run = find_run_of(session, entry.id)
    if run is not None:
        _queue_chunk(session, run, at)


def replan_chunk(*, session: Session, run_id: int, at: datetime, zone: ZoneInfo) -> None:
    """Plan the next open requests again; when there are more, queue the chunk after it."""
    run = get_run(session, run_id)
    reach = Reach(department_id=run.department_id)
    if run.total is None:
        run.total = count_touched(session, reach)
    found = list_touched(session, reach, after=run.last_request_id, most=CHUNK)
    requests = load_plans(session, found, for_change=True) if found else []
    run.moved += _replan(session, requests, run, at=at, zone=zone)
    run.looked_at += len(requests)
    run.last_request_id = found[-1] if found else run.last_request_id
    if len(found) < CHUNK:
        run.finished_at = at
    else:
        _queue_chunk(session, run, at)


def _replan(session: Session, requests: Sequence[Request], run: CalendarRun, *, at: datetime, zone: ZoneInfo) -> int:
    calendars = load_calendars(session, zone)
    return sum(
        remake_for_calendar(session=session, request=one, calendars=calendars, department_id=run.department_id, at=at, zone=zone, by=SYSTEM)
        for one in requests
        if one.closed_at is None
    )


def _record(session: Session, event: CalendarEvent, *, by: Actor, at: datetime) -> None:
    entry = record(session, event, stream=STREAM, by=by, at=at)
    session.add(CalendarRun(entry_id=entry.id, department_id=event.department_id))
    session.flush()


def _queue_chunk(session: Session, run: CalendarRun, at: datetime) -> None:
    enqueue(session, kind=REPLAN, lane=_LANE, payload={"run": run.id}, at=at)


def _check_may(person: Person, department: Department | None) -> None:
    if not may_change_hours(person, department.id if department else None):
        raise ForbiddenError
