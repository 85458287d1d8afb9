"""Letting tasks begin that waited for a moment of their own and for nothing else."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.core.journal import SYSTEM, record_all
from portal.planning.queries import load_calendars
from portal.requests.actions.replanning import event_on, release_ready, remake_dates
from portal.requests.events import TaskReleased
from portal.requests.queries import get_request_for_change, list_due_to_begin
from portal.requests.workflow import TaskState

BATCH: Final = 200  # requests looked at in one transaction


def release_due(*, session: Session, at: datetime, zone: ZoneInfo) -> int:
    """Release the waiting tasks whose moment has come; returns of how many requests."""
    calendars = load_calendars(session, zone)
    due = list_due_to_begin(session, at=at, most=BATCH)
    for request_id in due:
        request = get_request_for_change(session, request_id)
        waited = [task for task in request.tasks if task.state is TaskState.WAITING]
        happened = [*release_ready(request=request, calendars=calendars, at=at)]
        for task in waited:
            if task.state is not TaskState.WAITING:
                cause = event_on(kind=TaskReleased, task=task)
                happened += remake_dates(session=session, request=request, calendars=calendars, at=at, zone=zone, cause=cause, by=SYSTEM)
        record_all(session, happened, stream=request.stream, at=at)
    return len(due)
