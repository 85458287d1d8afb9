"""Cancelling a whole request: what can still stop does, what is past its point of no return goes on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.core.journal import Actor, record
from portal.people.models import Person
from portal.planning.queries import load_calendars
from portal.requests.actions.replanning import close_task, follow_through
from portal.requests.changing.actions.leaving import dates_without, load_windows, told_to_handler
from portal.requests.changing.no_return import Window, kept_going, stopping
from portal.requests.events import LineCancelled, RequestCancelled
from portal.requests.models import Request, Task
from portal.requests.planner import PlanDates
from portal.requests.policy import may_cancel_request, may_stop_begun
from portal.requests.workflow import CLOSED, TaskState, TaskStep

MAX_REASON: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping:
    """What cancelling the whole comes down to: what stops, what goes on and why, what was done, and the dates of what goes on.

    `dates` is None when nothing goes on.
    """

    stops: tuple[Task, ...]
    goes_on: tuple[tuple[Task, Window], ...]
    done: tuple[Task, ...]
    dates: PlanDates | None

    @property
    def ids(self) -> frozenset[int]:
        """Give the ids of what stops."""
        return frozenset(task.id for task in self.stops)


def work_out_stopping(*, session: Session, request: Request, at: datetime, zone: ZoneInfo, with_begun: bool = False) -> Stopping:
    """Work out what cancelling the whole does, without doing it; `with_begun` also stops what is past its point of no return."""
    windows = load_windows(session=session, request=request, at=at, zone=zone)
    still_open = [task for task in request.tasks if task.state not in CLOSED]
    stops = {task.id for task in still_open} if with_begun else stopping(request.tasks, windows)
    goes_on = [(task, kept_going(task.id, windows)) for task in still_open if task.id not in stops]
    return Stopping(
        stops=tuple(task for task in still_open if task.id in stops),
        goes_on=tuple(goes_on),
        done=tuple(task for task in request.tasks if task.state is TaskState.DONE),
        dates=dates_without(request=request, left_out=stops, calendars=load_calendars(session, zone), at=at) if goes_on else None,
    )


def cancel_request(
    *,
    session: Session,
    request: Request,
    person: Person,
    by: Actor,
    at: datetime,
    zone: ZoneInfo,
    reason: str,
    version: int | None = None,
    with_begun: bool = False,
) -> None:
    """Cancel all that can still stop; what is past its point of no return goes on, what was done stays done.

    :raises InvalidInputError: the reason is missing or too long.
    :raises ForbiddenError: the person may not cancel it, or may not stop what has begun.
    :raises ConflictError: it changed since it was shown, or nothing of it can stop any more.
    """
    text = reason.strip()
    if not text or len(text) > MAX_REASON:
        raise InvalidInputError({"reason": "too_long" if text else "required"})
    if all(task.state in CLOSED for task in request.tasks) or version not in {None, request.version}:
        raise ConflictError("stale_version")
    if not may_cancel_request(person, request) or (with_begun and not may_stop_begun(person, request)):
        raise ForbiddenError
    found = work_out_stopping(session=session, request=request, at=at, zone=zone, with_begun=with_begun)
    if not found.stops:
        raise ConflictError("past_no_return")
    record(session, RequestCancelled(text=text, goes_on=len(found.goes_on)), stream=request.stream, by=by, at=at)
    *others, last = found.stops
    for task in others:
        record(session, told_to_handler(kind=LineCancelled, task=task), stream=request.stream, by=by, at=at)
        close_task(task=task, step=TaskStep.CANCEL, at=at)
    cause = told_to_handler(kind=LineCancelled, task=last)
    close_task(task=last, step=TaskStep.CANCEL, at=at)
    follow_through(session=session, request=request, cause=cause, by=by, at=at, zone=zone)
