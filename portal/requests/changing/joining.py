"""Adding lines to a request that runs: the tasks they become, what comes after them then, and what stands in the way. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from portal.catalog.agreement import NoReturn
from portal.catalog.definition import Line, ProductDefinition
from portal.planning.plan import Dependency, DependencyKind, bridge
from portal.planning.worktime import Calendar
from portal.requests.changing.no_return import Barrier, Window, window_of
from portal.requests.fanout import PlannedTask, plan_tasks
from portal.requests.workflow import CLOSED, TaskState


class Hurdle(StrEnum):
    """Why a line cannot be added to a request."""

    REFUSED = "refused"
    NEEDS_GONE = "needs_gone"
    TOO_LATE = "too_late"
    FOLLOWER = "follower"
    STAYS = "stays"


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """What stands in the way of a line: for a follower or what is needed `block` names it, and `window` says why."""

    hurdle: Hurdle
    block: str
    window: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the task of a block stands in the request, and whether it can still change."""

    state: TaskState
    window: Window

    @property
    def is_gone(self) -> bool:
        """Tell whether it left the plan."""
        return self.state in {TaskState.REFUSED, TaskState.CANCELLED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The tasks that are new, predecessors first, and those that are there already and come after one of them."""

    tasks: tuple[PlannedTask, ...] = ()
    followers: tuple[PlannedTask, ...] = ()


@dataclass(slots=True)
class _Unborn:
    """A task that does not exist yet, for the point of no return."""

    starts_at: Any
    id: Any = None
    state: Any = TaskState.WAITING
    predecessors: Any = ()


def join(*, definition: ProductDefinition, there: Sequence[Line], new: Sequence[Line]) -> Joined:
    """Put new lines in the plan of those that are there, in the order in which one order of all of them would have.

    :raises PlanError: the dependencies go round in a circle.
    """
    added = {line.block for line in new}
    plan = plan_tasks(definition=definition, lines=[*there, *new])
    return Joined(
        tasks=tuple(task for task in plan if task.block in added),
        followers=tuple(task for task in plan if task.block not in added and added.intersection(task.after_blocks)),
    )


def find_obstacles(
    *, definition: ProductDefinition, joined: Joined, standing: Mapping[str, Standing], windows: Mapping[str, Window]
) -> Iterator[Obstacle]:
    """Find what stands in the way; `standing` are the blocks of the request, `windows` those of the new ones by block."""
    added = [task.block for task in joined.tasks]
    for block in added:
        if block in standing and standing[block].state is TaskState.REFUSED:
            yield Obstacle(hurdle=Hurdle.REFUSED, block=block, window=standing[block].window)
        if not windows[block].is_open:
            yield Obstacle(hurdle=Hurdle.TOO_LATE, block=block, window=windows[block])
    for block in _needs_gone(definition, added, standing):
        yield Obstacle(hurdle=Hurdle.NEEDS_GONE, block=block, window=standing[block].window)
    for task in joined.followers:
        window = _can_wait(standing[task.block])
        if not window.is_open:
            yield Obstacle(hurdle=Hurdle.FOLLOWER, block=task.block, window=window)


def window_of_new(point: NoReturn | None, *, wished_on: date | None, calendar: Calendar, now: datetime) -> Window:
    """Tell whether a line that does not exist yet can still be added: until its point of no return."""
    return window_of(_Unborn(starts_at=now), point, wished_on=wished_on, calendar=calendar, now=now)


def place_of(block: str, *, order: Sequence[str], joined: Joined, last: int) -> int:
    """Give the place of a new block in the `order` of all: straight before the first that comes after it, else `last`."""
    followers = {task.block for task in (*joined.tasks, *joined.followers) if block in task.after_blocks}
    return next((place for place, one in enumerate(order) if one in followers), last)


def _can_wait(standing: Standing) -> Window:
    """Tell whether a task can still be put after something new: once begun it cannot, whatever its point of no return."""
    if standing.state in CLOSED:
        return Window(barrier=Barrier.CLOSED)
    if standing.state not in {TaskState.WAITING, TaskState.READY}:
        return Window(barrier=Barrier.STARTED)
    return standing.window


def _needs_gone(definition: ProductDefinition, added: Collection[str], standing: Mapping[str, Standing]) -> Sequence[str]:
    """List the blocks that left the plan and that the new ones need, directly or through blocks that were never in it."""
    gone = {block for block, one in standing.items() if one.is_gone and block not in added}
    dependencies = [Dependency(one.block, one.after, one.kind) for one in definition.dependencies]
    found = [
        one.after
        for one in bridge([*added, *standing], dependencies)
        if one.key in added and one.after in gone and one.kind is DependencyKind.NEEDS
    ]
    return list(dict.fromkeys(found))
