"""Keeping up what became of the dates that were given."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.insight.models import DateFigure
from portal.insight.queries import find_done_request, find_earlier_end, list_done_ids, list_done_tasks
from portal.planning.queries import Calendars, load_calendars
from portal.planning.worktime import Calendar, working_minutes_between
from portal.requests.models import Request, Task

BATCH = 500  # requests counted again in one go


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one forecast: whether its two dates held, and in working days how far off it was and how wide."""

    by_expected: bool
    by_latest: bool
    off_days: float
    width_days: float


def count_dates(*, session: Session, request_id: int, zone: ZoneInfo, closed_at: datetime | None = None) -> None:
    """Add a request that is done, with its tasks, to the figures of its month; one that is not done changes nothing.

    One that was done before and opened again is one request: it leaves the month of its end before `closed_at`.
    """
    request = find_done_request(session, request_id)
    if request is None or request.closed_at is None or request.closed_at != (closed_at or request.closed_at):
        return
    calendars, earlier = load_calendars(session, zone), find_earlier_end(session, request)
    if earlier is not None:
        _take_back(session, request, earlier, calendars, zone)
    _count(session, request, request.closed_at, calendars, zone, done_after=earlier)


def recount_dates(*, session: Session, zone: ZoneInfo) -> int:
    """Count all that is done again from the beginning; gives how many requests."""
    session.execute(delete(DateFigure))
    calendars = load_calendars(session, zone)
    counted, last = 0, 0
    while ids := list_done_ids(session, after_id=last, most=BATCH):
        for request_id in ids:
            request = session.get_one(Request, request_id)
            if request.closed_at is not None:
                _count(session, request, request.closed_at, calendars, zone)
        counted, last = counted + len(ids), ids[-1]
        session.flush()
    return counted


def _count(
    session: Session, request: Request, closed_at: datetime, calendars: Calendars, zone: ZoneInfo, *, done_after: datetime | None = None
) -> None:
    calendar = calendars.get(request.owner_id)
    if calendar is not None and any(calendar.week):
        outcome = _of_request(request, closed_at, calendar, zone)
        _add(_figure(session, month=_month(closed_at, zone), product_id=request.product_id), outcome)
    for task in list_done_tasks(session, request.id):
        if (
            task.finished_at is not None
            and (done_after is None or task.finished_at > done_after)
            and any(calendars[task.department_id].week)
        ):
            figure = _figure(session, month=_month(task.finished_at, zone), department_id=task.department_id)
            _add(figure, _of_task(task, calendars[task.department_id]))


def _take_back(session: Session, request: Request, closed_at: datetime, calendars: Calendars, zone: ZoneInfo) -> None:
    """Take a request out of the month of an end that was not its last one; the tasks that were done then stay counted."""
    calendar = calendars.get(request.owner_id)
    if calendar is not None and any(calendar.week):
        figure = _figure(session, month=_month(closed_at, zone), product_id=request.product_id)
        outcome = _of_request(request, closed_at, calendar, zone)
        if figure.cases:
            _add(figure, outcome, times=-1)


def _of_request(request: Request, closed_at: datetime, calendar: Calendar, zone: ZoneInfo) -> _Outcome:
    """Compare the day on which a request was done with the days that were told when it was submitted."""
    done_on, expected_on, latest_on = (
        moment.astimezone(zone).date() for moment in (closed_at, request.first_expected_at, request.first_latest_at)
    )
    late, width = (
        working_minutes_between(calendar=calendar, start=request.first_expected_at, end=end) / calendar.day_minutes
        for end in (closed_at, request.first_latest_at)
    )
    return _Outcome(done_on <= expected_on, done_on <= latest_on, abs(late), width)


def _of_task(task: Task, calendar: Calendar) -> _Outcome:
    """Compare how long a task took with what was expected of it when its department got it."""
    day = calendar.day_minutes
    took, expected, latest = task.worked_minutes, task.expected_minutes, task.latest_minutes
    return _Outcome(took <= expected, took <= latest, abs(took - expected) / day, (latest - expected) / day)


def _figure(session: Session, *, month: date, product_id: int | None = None, department_id: int | None = None) -> DateFigure:
    of_one = DateFigure.product_id == product_id if product_id is not None else DateFigure.department_id == department_id
    found = session.scalars(select(DateFigure).where(of_one, DateFigure.month == month).with_for_update()).one_or_none()
    if found is None:
        found = DateFigure(product_id=product_id, department_id=department_id, month=month)
        found.cases = found.by_expected = found.by_latest = 0
        found.off_days = found.width_days = 0.0
        session.add(found)
    return found


def _add(figure: DateFigure, outcome: _Outcome, *, times: int = 1) -> None:
    figure.cases += times
    figure.by_expected += times * outcome.by_expected
    figure.by_latest += times * outcome.by_latest
    figure.off_days += times * outcome.off_days
    figure.width_days += times * outcome.width_days


def _month(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date().replace(day=1)
