"""Until when a line of a request can be changed or cancelled by who asked for it, and what falls with it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Protocol

from portal.catalog.agreement import NoReturn, NoReturnMoment
from portal.planning.norm import norm_minutes
from portal.planning.plan import DependencyKind
from portal.planning.worktime import Calendar, subtract_working_time
from portal.requests.planner import needing
from portal.requests.workflow import CLOSED, TaskState


class Barrier(StrEnum):
    """Why a line cannot be changed any more."""

    CLOSED = "closed"
    READY = "ready"
    STARTED = "started"
    TOO_LATE = "too_late"
    NEEDED = "needed"


class LineFacts(Protocol):
    """What the point of no return needs to know of a task."""

    id: Any
    state: Any
    starts_at: Any
    predecessors: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Whether a line can still be changed; `until` is a moment that is sure, or the beginning that is expected."""

    barrier: Barrier | None = None
    until: datetime | None = None
    is_sure: bool = False

    @property
    def is_open(self) -> bool:
        """Tell whether it can still be changed."""
        return self.barrier is None


def window_of(task: LineFacts, point: NoReturn | None, *, wished_on: date | None, calendar: Calendar, now: datetime) -> Window:
    """Tell whether a line can still be changed: until its point of no return, and without one until the department starts."""
    if task.state in CLOSED:
        return Window(barrier=Barrier.CLOSED)
    moment = point.moment if point else NoReturnMoment.STARTED
    if point is not None and point.length is not None and moment is NoReturnMoment.BEFORE_WISHED_DATE and wished_on is not None:
        begins = datetime.combine(wished_on, time(), tzinfo=calendar.zone)
        ends = subtract_working_time(calendar=calendar, end=begins, minutes=norm_minutes(point.length, calendar))
        return Window(barrier=None if now < ends else Barrier.TOO_LATE, until=ends, is_sure=True)
    if task.state not in {TaskState.WAITING, TaskState.READY}:
        return Window(barrier=Barrier.STARTED)
    if moment is NoReturnMoment.READY:
        return Window(barrier=None if task.state is TaskState.WAITING else Barrier.READY, until=task.starts_at)
    return Window(until=task.starts_at if task.state is TaskState.WAITING else None)


def lost_with(task_id: int, tasks: Sequence[LineFacts]) -> set[int]:
    """List the open tasks that cannot be done without this one, directly or through others."""
    needs = {task.id: [one.after_id for one in task.predecessors if one.kind is DependencyKind.NEEDS] for task in tasks}
    still_open = {task.id for task in tasks if task.state not in CLOSED}
    return needing(task_id, needs) & still_open


def barrier_of(task_id: int, lost: set[int], windows: Mapping[int, Window]) -> Barrier | None:
    """Tell what stands in the way of cancelling a line together with what is lost with it; None when nothing does."""
    barriers = [windows[one].barrier for one in (task_id, *sorted(lost))]
    return next((barrier for barrier in barriers if barrier is not None), None)


def stopping(tasks: Sequence[LineFacts], windows: Mapping[int, Window]) -> set[int]:
    """List the tasks that stop when the whole is cancelled: those that can, unless a part that goes on needs their result."""
    return {task.id for task in tasks if barrier_of(task.id, lost_with(task.id, tasks), windows) is None}


def kept_going(task_id: int, windows: Mapping[int, Window]) -> Window:
    """Tell why an open task goes on when the whole is cancelled."""
    return windows[task_id] if not windows[task_id].is_open else Window(barrier=Barrier.NEEDED)
