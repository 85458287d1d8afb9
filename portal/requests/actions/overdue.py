"""Keeping dates true while nothing happens: a forecast that has passed is made again."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.core.journal import SYSTEM, record_all
from portal.planning.queries import load_calendars
from portal.requests.actions.approval import approval_event
from portal.requests.actions.replanning import event_on, remake_dates
from portal.requests.approvals.events import ApprovalStillOpen
from portal.requests.approving import StepState
from portal.requests.events import TaskEvent, TaskOverdue, TaskStillSuspended
from portal.requests.models import Request, Task
from portal.requests.planner import guards_of
from portal.requests.queries import get_request_for_change, list_overdue
from portal.requests.workflow import CLOSED, TaskState

BATCH: Final = 200  # tasks looked at in one transaction


def remake_overdue(*, session: Session, at: datetime, zone: ZoneInfo) -> int:
    """Date the requests again of which a task should have been ready by now; returns how many."""
    calendars = load_calendars(session, zone)
    overdue = list_overdue(session, at=at, most=BATCH)
    for request_id in overdue:
        request = get_request_for_change(session, request_id)
        cause = _cause_of(request, _first_overdue(request, at))
        moved = remake_dates(session=session, request=request, calendars=calendars, at=at, zone=zone, cause=cause, by=SYSTEM)
        record_all(session, moved, stream=request.stream, at=at)
    return len(overdue)


def _cause_of(request: Request, task: Task) -> TaskEvent:
    """Say why the dates move: the task needs more time, still stands still, or still waits for an approval."""
    open_step = next((step for one in guards_of(request.approvals, task.id) for step in one.steps if step.state is StepState.ASKED), None)
    if task.state is TaskState.WAITING and open_step is not None:
        return approval_event(kind=ApprovalStillOpen, step=open_step, task=task)
    return event_on(kind=TaskStillSuspended if task.state is TaskState.SUSPENDED else TaskOverdue, task=task)


def _first_overdue(request: Request, at: datetime) -> Task:
    """Find the task that holds up the others: begun, and expected to be ready longest ago."""
    late = [task for task in request.tasks if task.state not in CLOSED and task.expected_at <= at]
    return min(late, key=lambda task: (task.state is TaskState.WAITING, task.expected_at))
