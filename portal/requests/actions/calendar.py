"""Dates of a request that were made with other opening hours are made again."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.core.journal import Actor, record_all
from portal.planning.queries import Calendars
from portal.requests.actions.replanning import event_on, remake_dates
from portal.requests.events import CalendarChanged
from portal.requests.models import Request, Task
from portal.requests.planner import due_at
from portal.requests.workflow import CLOSED


def remake_for_calendar(
    *, session: Session, request: Request, calendars: Calendars, department_id: int | None, at: datetime, zone: ZoneInfo, by: Actor
) -> bool:
    """Date the open tasks again after the hours of a department (None: of all) changed; tells whether a day of the request moved.

    What is finished keeps its moments. A running clock is due after the same working time, in the new hours.
    """
    touched = [task for task in request.tasks if task.state not in CLOSED and department_id in {None, task.department_id}]
    if not touched:
        return False
    before = _days(request, zone)
    for task in touched:
        _renew_due(task, calendars)
    cause = event_on(kind=CalendarChanged, task=min(touched, key=lambda task: task.starts_at))
    moved = remake_dates(session=session, request=request, calendars=calendars, at=at, zone=zone, cause=cause, by=by)
    record_all(session, moved, stream=request.stream, at=at)
    return before != _days(request, zone)


def _renew_due(task: Task, calendars: Calendars) -> None:
    if task.running_since is not None:
        calendar = calendars[task.department_id]
        task.due_at = due_at(
            calendar=calendar, since=task.running_since, norm_minutes=task.allowed_minutes, worked_minutes=task.worked_minutes
        )


def _days(request: Request, zone: ZoneInfo) -> tuple[object, object]:
    return request.expected_at.astimezone(zone).date(), request.latest_at.astimezone(zone).date()
