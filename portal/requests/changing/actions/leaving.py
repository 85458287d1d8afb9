"""Changing a request that runs: a line that is not needed any more leaves the plan, with what cannot be done without it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.catalog.queries import block_definitions
from portal.core.errors import ConflictError, NotFoundError
from portal.core.journal import record
from portal.planning.queries import Calendars, load_calendars
from portal.requests.actions.replanning import close_task, dates_of, event_on, follow_through
from portal.requests.changing.actions.change import Change, check_change
from portal.requests.changing.no_return import Window, barrier_of, lost_with, window_of
from portal.requests.events import LineCancelled, LineFellAway, TaskEvent
from portal.requests.models import Request, Task
from portal.requests.planner import PlanDates
from portal.requests.workflow import CLOSED, TaskStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelling:
    """What cancelling a line comes down to: the tasks that fall with it, and the dates of what remains.

    `dates` is None when nothing remains to be done.
    """

    task: Task
    lost: tuple[Task, ...]
    window: Window
    dates: PlanDates | None

    @property
    def ids(self) -> frozenset[int]:
        """Give the ids of all that leaves the plan."""
        return frozenset({self.task.id, *(one.id for one in self.lost)})


def load_windows(*, session: Session, request: Request, at: datetime, zone: ZoneInfo) -> Mapping[int, Window]:
    """Tell of each task of a request, by id, whether the customer can still change it at `at`."""
    calendars = load_calendars(session, zone)
    terms = block_definitions(session, {task.block_version_id for task in request.tasks})
    return {
        task.id: window_of(
            task, terms[task.block_version_id].no_return, wished_on=request.wished_on, calendar=calendars[task.department_id], now=at
        )
        for task in request.tasks
    }


def work_out_cancelling(*, session: Session, request: Request, task_id: int, at: datetime, zone: ZoneInfo) -> Cancelling:
    """Work out what cancelling a line does, without doing it.

    :raises NotFoundError: the request has no such task.
    """
    task = next((one for one in request.tasks if one.id == task_id), None)
    if task is None:
        raise NotFoundError
    windows = load_windows(session=session, request=request, at=at, zone=zone)
    lost = lost_with(task_id, request.tasks)
    barrier = barrier_of(task_id, lost, windows)
    window = windows[task_id] if barrier is windows[task_id].barrier else Window(barrier=barrier)
    calendars = load_calendars(session, zone)
    dates = dates_without(request=request, left_out={task_id, *lost}, calendars=calendars, at=at) if barrier is None else None
    return Cancelling(task=task, lost=tuple(one for one in request.tasks if one.id in lost), window=window, dates=dates)


def cancel_line(*, session: Session, change: Change, task_id: int) -> None:
    """Take a line out of the plan, with the lines that need it; the rest is planned again.

    :raises ForbiddenError: the person may not change this request.
    :raises ConflictError: it changed since it was shown, or is past its point of no return.
    :raises NotFoundError: the request has no such task.
    """
    check_change(change=change)
    request, by, at, zone = change.request, change.by, change.at, change.zone
    found = work_out_cancelling(session=session, request=request, task_id=task_id, at=at, zone=zone)
    if not found.window.is_open:
        raise ConflictError("past_no_return")
    for task in found.lost:
        record(session, told_to_handler(kind=LineFellAway, task=task), stream=request.stream, by=by, at=at)
        close_task(task=task, step=TaskStep.CANCEL, at=at)
    cause = told_to_handler(kind=LineCancelled, task=found.task)
    close_task(task=found.task, step=TaskStep.CANCEL, at=at)
    follow_through(session=session, request=request, cause=cause, by=by, at=at, zone=zone)


def dates_without(*, request: Request, left_out: Collection[int], calendars: Calendars, at: datetime) -> PlanDates | None:
    """Give the dates that remain when tasks leave the plan; None when nothing is left to do."""
    is_over = all(task.state in CLOSED or task.id in left_out for task in request.tasks)
    return None if is_over else dates_of(request=request, calendars=calendars, at=at, without=left_out)


def told_to_handler(*, kind: type[TaskEvent], task: Task) -> TaskEvent:
    """Make the event of which the handler of the task hears; 0 when nobody took it."""
    return event_on(kind=kind, task=task, handler_id=task.handler_id or 0)
