"""How a department looks at its tasks: the tabs of the queue, and the one next step of a task. Pure."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from portal.requests.workflow import CLOSED, TaskState


class QueueTab(StrEnum):
    """One way to look at the tasks of a department."""

    TO_DO = "to_do"
    LATE = "late"
    TODAY = "today"
    WAITING = "waiting"
    SUSPENDED = "suspended"
    MINE = "mine"


class NextStep(StrEnum):
    """What stands as the one big button on a task."""

    CLAIM = "claim"
    START = "start"
    FINISH = "finish"
    RESUME = "resume"
    NOTHING = "nothing"


# Here the order is when something is due; elsewhere by when it must begin for the whole request to be in time.
BY_DUE: Final = frozenset({QueueTab.LATE, QueueTab.TODAY})

# What somebody of the department can work on now.
WORKABLE: Final = (TaskState.READY, TaskState.IN_PROGRESS)
OPEN: Final = tuple(state for state in TaskState if state not in CLOSED)


def next_step(state: TaskState, *, is_claimed: bool) -> NextStep:
    """Choose the next step of a task for somebody who may handle it."""
    if state is TaskState.SUSPENDED:
        return NextStep.RESUME
    if state not in WORKABLE:
        return NextStep.NOTHING
    if not is_claimed:
        return NextStep.CLAIM
    return NextStep.START if state is TaskState.READY else NextStep.FINISH


def end_of_day(now: datetime, *, zone: ZoneInfo) -> datetime:
    """Give the end of today in the zone of the organisation."""
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone)
