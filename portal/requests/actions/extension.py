"""Extending a task: more time than the norm, with a reason, as often as the product allows."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.catalog.memory import definition_of
from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.core.journal import Actor
from portal.people.models import Person
from portal.planning.forecast import ladder_of
from portal.planning.plan import worked_until
from portal.planning.queries import Calendars, load_calendars
from portal.planning.worktime import add_working_time
from portal.requests.actions.clocks import move_legal_term
from portal.requests.actions.replanning import event_on, follow_through, stored_step
from portal.requests.events import TaskExtended
from portal.requests.models import Request, Task
from portal.requests.planner import due_at
from portal.requests.policy import may_handle_task
from portal.requests.workflow import EXTENDABLE

MOST_DAYS: Final = 60
MAX_REASON: Final = 2000


def extend_task(
    *,
    session: Session,
    task: Task,
    person: Person,
    by: Actor,
    at: datetime,
    zone: ZoneInfo,
    days: int,
    reason: str,
    version: int | None = None,
) -> None:
    """Give a task so many working days of its department more; the norm itself stays what it was.

    :raises InvalidInputError: the reason is missing or too long, or the length is not 1 to 60 days.
    :raises ConflictError: the state does not allow it, it changed in the meantime, or the product allows no more.
    :raises ForbiddenError: the person may not work on it.
    """
    text = _checked(days, reason)
    if not may_handle_task(person, task):
        raise ForbiddenError
    if version is not None and version != task.version:
        raise ConflictError("stale_version")
    if task.state not in EXTENDABLE or extensions_left(request=task.request) < 1:
        raise ConflictError("no_more_extensions")
    _give_time(task, days, load_calendars(session, zone), at=at, zone=zone)
    cause = event_on(kind=TaskExtended, task=task, text=text, days=days)
    follow_through(session=session, request=task.request, cause=cause, by=by, at=at, zone=zone)


def extensions_left(*, request: Request) -> int:
    """Tell how often the tasks of the request may still be extended, all together."""
    return definition_of(request.product_version).extensions - sum(task.extensions for task in request.tasks)


def _give_time(task: Task, days: int, calendars: Calendars, *, at: datetime, zone: ZoneInfo) -> None:
    """Move the due moment and the forecast by the working days, and the legal term by the calendar days that they take.

    What is late already gets the days from now on: a due moment in the past would help nobody.
    """
    calendar = calendars[task.department_id]
    elapsed = worked_until(stored_step(task=task, calendars=calendars), at=at)
    minutes = days * calendar.day_minutes
    more = max(0, elapsed - task.allowed_minutes) + minutes
    task.ladder = [step + more for step in task.ladder or ladder_of(task.expected_minutes, task.latest_minutes)]
    task.extensions += 1
    task.extended_minutes += more
    task.expected_minutes += more
    task.latest_minutes += more
    task.version += 1
    if task.running_since is not None:
        task.due_at = due_at(
            calendar=calendar, since=task.running_since, norm_minutes=task.allowed_minutes, worked_minutes=task.worked_minutes
        )
    ends = add_working_time(calendar=calendar, start=at, minutes=minutes)
    move_legal_term(request=task.request, days=(ends.astimezone(zone).date() - at.astimezone(zone).date()).days, zone=zone)


def _checked(days: int, reason: str) -> str:
    text = reason.strip()
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInputError({"days": "wrong_length"})
    if not text or len(text) > MAX_REASON:
        raise InvalidInputError({"reason": "too_long" if text else "required"})
    return text
