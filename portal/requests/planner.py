"""The dates of a plan: from tasks as they stand to steps, and from steps to dates. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from portal.catalog.agreement import Anchor, Offset
from portal.planning.forecast import ladder_of, whole_minutes
from portal.planning.norm import norm_minutes
from portal.planning.plan import Outlook, PlannedDates, Step, after_lag, backward, latest_end, schedule, worked_until
from portal.planning.worktime import Calendar, add_working_time, subtract_working_time, working_minutes_between
from portal.requests.approving import ApprovalState
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
    not_before: Any
    cut_off: Any
    ladder: Any
    pause_ladder: Any


class ApprovalFacts(Protocol):
    """What the planner needs to know of an approval, stored or not; moments aware, durations in working minutes."""

    id: Any
    task_id: Any
    state: Any
    expected_minutes: Any
    latest_minutes: Any
    asked_at: Any
    settled_at: Any

    @property
    def waits_since(self) -> datetime:
        """Give since when the approvers are asked whose answer is waited for."""


Guard = TypeVar("Guard", bound=ApprovalFacts)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDates:
    """The dates of a whole plan and of each of its tasks, by key."""

    expected_at: datetime
    latest_at: datetime
    tasks: Mapping[str, PlannedDates]


def step_of(task: TaskFacts, *, after: Mapping[int, int], calendar: Calendar, guards: Sequence[str] = ()) -> Step:
    """Describe a task as the plan sees it: its clock runs from the moment it was ready.

    `after` maps the tasks that come before to the working minutes in between, `guards` are the keys of the approvals it waits for.
    """
    return Step(
        key=str(task.id),
        calendar=calendar,
        expected_minutes=task.expected_minutes,
        latest_minutes=task.latest_minutes,
        after=(*guards, *(str(one) for one in after)),
        lags={str(one): minutes for one, minutes in after.items() if minutes},
        not_before=task.not_before,
        cut_off=task.cut_off,
        started_at=task.ready_at,
        finished_at=task.finished_at,
        worked_minutes=0 if task.finished_at else task.worked_minutes,
        suspended_at=task.suspended_at,
        resumed_at=task.running_since,
        ladder=task.ladder,
        pause_ladder=task.pause_ladder,
    )


def approval_step(approval: ApprovalFacts, *, calendar: Calendar) -> Step:
    """Describe an approval as the plan sees it: something that takes time before the tasks that it guards.

    Its durations count from when the approvers were asked whose answer is waited for now.
    """
    return Step(
        key=approval_key(approval.id),
        calendar=calendar,
        expected_minutes=approval.expected_minutes,
        latest_minutes=approval.latest_minutes,
        started_at=approval.asked_at,
        finished_at=approval.settled_at,
        resumed_at=approval.waits_since,
    )


def approval_key(approval_id: int) -> str:
    """Name an approval in the plan; the names of tasks are numbers."""
    return f"approval:{approval_id}"


def guards_of(approvals: Sequence[Guard], task_id: int) -> list[Guard]:
    """List the approvals that a task waits or waited for, without those that lapsed."""
    return [one for one in approvals if one.task_id in {None, task_id} and one.state is not ApprovalState.LAPSED]


def is_guarded(approvals: Sequence[ApprovalFacts], task_id: int) -> bool:
    """Tell whether a task still waits for an approval."""
    return any(one.state is ApprovalState.OPEN for one in guards_of(approvals, task_id))


def plan_dates(steps: Sequence[Step], *, start: datetime, now: datetime, left_out: frozenset[str] = frozenset()) -> PlanDates:
    """Date the steps of a request that was submitted at `start`; steps `left_out` (refused, cancelled) do not decide the end.

    :raises PlanError: the steps cannot be put in order.
    """
    dates = schedule([under_way(step, now=now) for step in steps], start=start, now=now)
    deciding = [step for step in steps if step.key not in left_out] or list(steps)
    return PlanDates(
        expected_at=max(dates[step.key].expected_at for step in deciding),
        latest_at=latest_end(deciding, dates),
        tasks=dates,
    )


def under_way(step: Step, *, now: datetime) -> Step:
    """Forecast a task again from how long it is under way, and a suspension from how long it lasts."""
    if step.finished_at is not None or step.started_at is None:
        return step
    ladder = step.ladder or ladder_of(step.expected_minutes, step.latest_minutes)
    expected, latest = whole_minutes(ladder, elapsed=worked_until(step, at=now))
    step = replace(step, expected_minutes=expected, latest_minutes=latest)
    if step.suspended_at is None or not step.pause_ladder:
        return step
    paused = max(0, working_minutes_between(calendar=step.calendar, start=step.suspended_at, end=now))
    resumed, resumed_latest = whole_minutes(step.pause_ladder, elapsed=paused)
    return replace(step, pause_expected=resumed - paused, pause_latest=resumed_latest - paused)


def latest_starts(
    steps: Sequence[Step], *, latest_at: datetime, wished_on: date | None, zone: ZoneInfo, left_out: frozenset[str] = frozenset()
) -> Mapping[str, datetime]:
    """Give by when each step must begin so that all is expected to be ready in time; steps `left_out` hold nothing up.

    In time is the end of the wished day, and without one the latest date that was given. As expected, not at the latest:
    else everything would have had to begin already on the day it is asked.
    """
    due = latest_at if wished_on is None else datetime.combine(wished_on + timedelta(days=1), time(), tzinfo=zone)
    needed = [replace(step, after=tuple(key for key in step.after if key not in left_out)) for step in steps if step.key not in left_out]
    return backward(needed, due=due, outlook=Outlook.EXPECTED)


def due_at(*, calendar: Calendar, since: datetime, norm_minutes: int, worked_minutes: int = 0) -> datetime:
    """Give the moment a department stands for: what is left of the norm after `worked_minutes`, counted from `since`."""
    return add_working_time(calendar=calendar, start=since, minutes=max(0, norm_minutes - worked_minutes))


def begins_at(step: Step, *, done: Mapping[str, datetime]) -> datetime | None:
    """Give the moment from which a task whose predecessors are `done` may begin; None when nothing holds it back."""
    held = [after_lag(step, key, moment) for key, moment in done.items() if step.lags.get(key)]
    return max([*held, *([step.not_before] if step.not_before else [])], default=None)


def earliest_begin(*, starts: Offset | None, calendar: Calendar, submitted_at: datetime, wished_on: date | None) -> datetime | None:
    """Give the moment before which a line does not begin; None when it has none, or counts from a wished date nobody gave."""
    if starts is None:
        return None
    minutes = norm_minutes(starts.length, calendar)
    if starts.anchor is Anchor.SUBMIT:
        return add_working_time(calendar=calendar, start=submitted_at, minutes=minutes)
    if wished_on is None:
        return None
    day_begins = datetime.combine(wished_on, time(), tzinfo=calendar.zone)
    return subtract_working_time(calendar=calendar, end=day_begins, minutes=minutes)


def released(states: Mapping[int, TaskState], after: Mapping[int, Sequence[int]]) -> list[int]:
    """List the waiting tasks whose predecessors are all closed, so that they can begin."""
    return [
        task
        for task, state in states.items()
        if state is TaskState.WAITING and all(states[before] in CLOSED for before in after.get(task, ()))
    ]


def through_gone(task: int, after: Mapping[int, Mapping[int, int]], gone: Collection[int]) -> dict[int, int]:
    """Give the tasks that a task comes after when those that left the plan are bridged, as an order without them would.

    `after` maps tasks to those before them with the working minutes in between, which are dropped where something is bridged.
    """
    found: dict[int, int] = {}
    for before, minutes in after.get(task, {}).items():
        found |= dict.fromkeys(through_gone(before, after, gone), 0) | found if before in gone else {before: minutes}
    return found


def needing(refused: int, needs: Mapping[int, Sequence[int]]) -> set[int]:
    """List the tasks that cannot go on without the result of `refused`, directly or through others.

    `needs` maps a task to the tasks whose result it needs.
    """
    lost = {refused}
    while more := {task for task, before in needs.items() if task not in lost and lost.intersection(before)}:
        lost |= more
    return lost - {refused}
