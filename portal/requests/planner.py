"""The dates of a plan: from tasks as they stand to steps, and from steps to dates. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from portal.planning.plan import PlannedDates, Step, schedule, worked_until
from portal.planning.worktime import Calendar, add_working_time
from portal.requests.workflow import CLOSED, TaskState


class TaskFacts(Protocol):
    """What the planner needs to know of a task, stored or not; moments aware, durations in working minutes."""

    id: Any
    department_id: Any
    state: Any
    norm_minutes: Any
    expected_minutes: Any
    latest_minutes: Any
    ready_at: Any
    running_since: Any
    worked_minutes: Any
    suspended_at: Any
    finished_at: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDates:
    """The dates of a whole plan and of each of its tasks, by key."""

    expected_at: datetime
    latest_at: datetime
    tasks: Mapping[str, PlannedDates]


def step_of(task: TaskFacts, *, after: Sequence[int], calendar: Calendar) -> Step:
    """Describe a task as the plan sees it: its clock runs from the moment it was ready."""
    return Step(
        key=str(task.id),
        calendar=calendar,
        expected_minutes=task.expected_minutes,
        latest_minutes=task.latest_minutes,
        after=tuple(str(one) for one in after),
        started_at=task.ready_at,
        finished_at=task.finished_at,
        worked_minutes=0 if task.finished_at else task.worked_minutes,
        suspended_at=task.suspended_at,
        resumed_at=task.running_since,
    )


def plan_dates(steps: Sequence[Step], *, start: datetime, now: datetime, left_out: frozenset[str] = frozenset()) -> PlanDates:
    """Date the steps of a request that was submitted at `start`; steps `left_out` (refused, cancelled) do not decide the end.

    :raises PlanError: the steps cannot be put in order.
    """
    dates = schedule([under_way(step, now=now) for step in steps], start=start, now=now)
    deciding = [one for key, one in dates.items() if key not in left_out] or list(dates.values())
    return PlanDates(
        expected_at=max(one.expected_at for one in deciding),
        latest_at=max(one.latest_at for one in deciding),
        tasks=dates,
    )


def under_way(step: Step, *, now: datetime) -> Step:
    """Forecast a task again that has had all the time it was expected to take: it is given half of its latest duration more.

    So an overdue task moves the dates behind it by a believable step, not by a minute every minute.
    """
    if step.finished_at is not None or step.started_at is None:
        return step
    elapsed, more = worked_until(step, at=now), max(1, (step.latest_minutes + 1) // 2)
    expected = step.expected_minutes if elapsed < step.expected_minutes else elapsed + more
    latest = step.latest_minutes if elapsed < step.latest_minutes else elapsed + more
    return replace(step, expected_minutes=expected, latest_minutes=max(expected, latest))


def due_at(*, calendar: Calendar, since: datetime, norm_minutes: int, worked_minutes: int = 0) -> datetime:
    """Give the moment a department stands for: what is left of the norm after `worked_minutes`, counted from `since`."""
    return add_working_time(calendar=calendar, start=since, minutes=max(0, norm_minutes - worked_minutes))


def released(states: Mapping[int, TaskState], after: Mapping[int, Sequence[int]]) -> list[int]:
    """List the waiting tasks whose predecessors are all closed, so that they can begin."""
    return [
        task
        for task, state in states.items()
        if state is TaskState.WAITING and all(states[before] in CLOSED for before in after.get(task, ()))
    ]


def needing(refused: int, needs: Mapping[int, Sequence[int]]) -> set[int]:
    """List the tasks that cannot go on without the result of `refused`, directly or through others.

    `needs` maps a task to the tasks whose result it needs.
    """
    lost = {refused}
    while more := {task for task, before in needs.items() if task not in lost and lost.intersection(before)}:
        lost |= more
    return lost - {refused}
