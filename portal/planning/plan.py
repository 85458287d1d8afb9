"""The plan of a request: dates by the longest path through its tasks, forward and backward.

Every task works in the opening hours of its own department. Expected dates are the longest path with the expected
durations. A latest date is the expected one with a margin: the margins of all that comes before, combined as spread.py
does, because not everything is late at once.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from math import ceil

from portal.planning.forecast import Ladder
from portal.planning.spread import Ending, in_a_row, latest_of
from portal.planning.worktime import (
    Calendar,
    add_working_time,
    next_working_moment,
    subtract_working_time,
    working_minutes_between,
)


class PlanFault(StrEnum):
    """Why tasks cannot be put in order."""

    CYCLE = "cycle"
    UNKNOWN_PREDECESSOR = "unknown_predecessor"
    DUPLICATE_TASK = "duplicate_task"


class PlanError(Exception):
    """A plan whose tasks cannot be put in order: `code` tells why, `keys` names the tasks at fault."""

    def __init__(self, code: PlanFault, keys: Iterable[str]) -> None:
        """Keep what is wrong, and with which tasks; of a cycle in order, the first one again at the end."""
        self.code = code
        self.keys = tuple(keys)
        super().__init__(f"{code}: {', '.join(self.keys)}")


class Outlook(StrEnum):
    """With which of its two durations a task is counted."""

    EXPECTED = "expected"
    LATEST = "latest"


class DependencyKind(StrEnum):
    """Why a task comes after another: it needs the result, or it is only later."""

    NEEDS = "needs"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Dependency:
    """`key` comes after `after`."""

    key: str
    after: str
    kind: DependencyKind


@dataclass(frozen=True, slots=True)
class Step:
    """One task as the plan sees it; durations in working minutes of its department, moments aware.

    `worked_minutes` is what was worked before the last suspension; what remains runs from `resumed_at`, or from
    `started_at` when it was never suspended. `suspended_at` is set only as long as the clock stands still.
    `lags` says how many working minutes after which predecessor it begins at the earliest. What becomes ready later on
    a day than `cut_off`, begins the next working day. `ladder` and `pause_ladder` say after how many working minutes which
    share of such tasks and suspensions is over (forecast.py); `pause_expected` and `pause_latest` are the minutes that
    a suspension still takes.
    """

    key: str
    calendar: Calendar
    expected_minutes: int
    latest_minutes: int
    after: tuple[str, ...] = ()
    started_at: datetime | None = None
    finished_at: datetime | None = None
    worked_minutes: int = 0
    suspended_at: datetime | None = None
    resumed_at: datetime | None = None
    not_before: datetime | None = None
    lags: Mapping[str, int] = field(default_factory=dict)
    cut_off: time | None = None
    ladder: Ladder | None = None
    pause_ladder: Ladder | None = None
    pause_expected: int = 0
    pause_latest: int = 0


@dataclass(frozen=True, slots=True)
class PlannedDates:
    """When a task begins and ends: as expected, and at the latest (UTC)."""

    starts_at: datetime
    expected_at: datetime
    latest_at: datetime


def schedule(steps: Sequence[Step], *, start: datetime, now: datetime) -> Mapping[str, PlannedDates]:
    """Plan every task as early as its predecessors, `start` (of the request), its `not_before` and `now` allow.

    What happened stays: a finished task keeps its moments, a started one its beginning. An unfinished task never ends
    before `now`, and one that is overdue ends at the next working moment. While a task is suspended, what remains of it
    begins after the rest of the pause, counted from `now`.

    :raises PlanError: when tasks wait for each other in a circle, for an unknown task, or share a key.
    """
    ordered = _in_order(steps)
    start, now = start.astimezone(UTC), now.astimezone(UTC)
    expected = _forward(ordered, start, now)
    latest = _latest_ends(ordered, expected, now)
    return {step.key: PlannedDates(*expected[step.key], latest[step.key]) for step in steps}


def latest_end(steps: Sequence[Step], dates: Mapping[str, PlannedDates]) -> datetime:
    """Give the moment by which, with 80 %, all of these dated steps are done; there is at least one."""
    followed = {key for step in steps for key in step.after}
    last = max(steps, key=lambda step: dates[step.key].expected_at)
    begin = dates[last.key].expected_at

    def ending(planned: PlannedDates) -> Ending:
        at, latest = (
            working_minutes_between(calendar=last.calendar, start=begin, end=end) for end in (planned.expected_at, planned.latest_at)
        )
        return Ending(at, latest - at)

    margin = latest_of(ending(dates[step.key]) for step in steps if step.key not in followed)
    together = add_working_time(calendar=last.calendar, start=begin, minutes=max(0, _whole(margin)))
    return max(together, *(dates[step.key].latest_at for step in steps))


def backward(steps: Sequence[Step], *, due: datetime, outlook: Outlook = Outlook.LATEST) -> Mapping[str, datetime]:
    """Work back from a wished date: per task the last moment at which its remaining work must begin.

    With the latest durations the date is safe, with the expected ones it is tight. `not_before` and `cut_off` play no part.

    :raises PlanError: as `schedule` does.
    """
    limits = {step.key: due.astimezone(UTC) for step in steps}
    starts: dict[str, datetime] = {}
    for step in reversed(_in_order(steps)):
        remaining = _remaining(step, outlook)
        begin = subtract_working_time(calendar=step.calendar, end=limits[step.key], minutes=remaining)
        starts[step.key] = begin
        for key in step.after:
            ends = subtract_working_time(calendar=step.calendar, end=begin, minutes=step.lags.get(key, 0))
            limits[key] = min(limits[key], ends)
    return {step.key: starts[step.key] for step in steps}


def after_lag(step: Step, key: str, done_at: datetime) -> datetime:
    """Give the moment from which a task may begin as far as its predecessor `key` goes, which is done at `done_at`."""
    lag = step.lags.get(key, 0)
    return add_working_time(calendar=step.calendar, start=done_at, minutes=lag) if lag else done_at


def begin_from(calendar: Calendar, ready_at: datetime, *, cut_off: time | None) -> datetime:
    """Give the moment at which work begins on what is ready at `ready_at`: after the cut-off of a day, the next working day."""
    local = ready_at.astimezone(calendar.zone)
    if cut_off is not None and local.time() > cut_off:
        ready_at = datetime.combine(local.date() + timedelta(days=1), time(), tzinfo=calendar.zone)
    return next_working_moment(calendar=calendar, at=ready_at)


def worked_until(step: Step, *, at: datetime) -> int:
    """Count the working minutes that a task has had until `at`, pauses left out; 0 when it has not started.

    Kept as `worked_minutes` when the task is suspended; at its end the measured duration that forecasts learn from.
    """
    running_from = step.resumed_at or step.started_at
    if running_from is None or step.suspended_at is not None:
        return step.worked_minutes
    until = min(at, step.finished_at or at)
    return step.worked_minutes + max(0, working_minutes_between(calendar=step.calendar, start=running_from, end=until))


def bridge(nodes: Collection[str], dependencies: Iterable[Dependency]) -> list[Dependency]:
    """Give the dependencies between the kept nodes when all others are left out: A<-B<-C without B gives A<-C.

    A bridged dependency is `needs` only when every hop is. Each pair is given once, as `needs` when any way is.
    """
    incoming: dict[str, list[Dependency]] = {}
    for dependency in dependencies:
        incoming.setdefault(dependency.key, []).append(dependency)
    kept = frozenset(nodes)
    return [Dependency(node, after, kind) for node in dict.fromkeys(nodes) for after, kind in _kept_before(node, kept, incoming).items()]


def _kept_before(node: str, kept: frozenset[str], incoming: Mapping[str, Sequence[Dependency]]) -> dict[str, DependencyKind]:
    """Find the kept nodes straight before a node, looking through those that are left out."""
    found: dict[str, DependencyKind] = {}
    seen: set[tuple[str, DependencyKind]] = set()
    ahead = [(node, DependencyKind.NEEDS)]
    while ahead:
        key, so_far = ahead.pop()
        for hop in incoming.get(key, ()):
            kind = hop.kind if so_far is DependencyKind.NEEDS else so_far
            if hop.after in kept:
                found[hop.after] = kind if found.get(hop.after) is not DependencyKind.NEEDS else DependencyKind.NEEDS
            elif (hop.after, kind) not in seen:
                seen.add((hop.after, kind))
                ahead.append((hop.after, kind))
    return found


def _in_order(steps: Sequence[Step]) -> list[Step]:
    by_key = {step.key: step for step in steps}
    if len(by_key) < len(steps):
        keys = [step.key for step in steps]
        raise PlanError(PlanFault.DUPLICATE_TASK, dict.fromkeys(key for key in keys if keys.count(key) > 1))
    unknown = dict.fromkeys(key for step in steps for key in step.after if key not in by_key)
    if unknown:
        raise PlanError(PlanFault.UNKNOWN_PREDECESSOR, unknown)
    try:
        return [by_key[key] for key in TopologicalSorter({step.key: step.after for step in steps}).static_order()]
    except CycleError as error:
        raise PlanError(PlanFault.CYCLE, error.args[1]) from error


def _forward(ordered: Sequence[Step], start: datetime, now: datetime) -> dict[str, tuple[datetime, datetime]]:
    """Give the beginning and end of each task with its expected duration."""
    dates: dict[str, tuple[datetime, datetime]] = {}
    for step in ordered:
        ready = max((start, *(after_lag(step, key, dates[key][1]) for key in step.after)))
        dates[step.key] = _planned(step, _remaining(step, Outlook.EXPECTED), ready, now)
    return dates


def _latest_ends(ordered: Sequence[Step], expected: Mapping[str, tuple[datetime, datetime]], now: datetime) -> dict[str, datetime]:
    """Give the latest end of each task: its expected end, and the margins of itself and of what it waits for."""
    latest: dict[str, datetime] = {}
    for step in ordered:
        begins, ends = expected[step.key]
        if step.finished_at is None:
            before = () if step.started_at else step.after
            waits = latest_of(_ending_before(step, begins, expected[key][1], latest[key], key) for key in before)
            _, alone = _planned(step, _remaining(step, Outlook.LATEST), begins, now)
            own = working_minutes_between(calendar=step.calendar, start=ends, end=alone)
            margin = in_a_row(max(0.0, waits), max(0, own), max(0, step.pause_latest - step.pause_expected))
            ends = add_working_time(calendar=step.calendar, start=ends, minutes=_whole(margin))
        latest[step.key] = ends
    return latest


def _ending_before(step: Step, begins: datetime, expected_at: datetime, latest_at: datetime, key: str) -> Ending:
    """Give when a predecessor lets a task begin, in working minutes from when it is expected to begin."""
    at, latest = (
        working_minutes_between(calendar=step.calendar, start=begins, end=after_lag(step, key, end)) for end in (expected_at, latest_at)
    )
    return Ending(at, latest - at)


def _whole(minutes: float) -> int:
    return ceil(round(minutes, 6))


def _planned(step: Step, remaining: int, ready: datetime, now: datetime) -> tuple[datetime, datetime]:
    """Give the beginning and end of one task whose predecessors are done at `ready`."""
    if step.finished_at is not None:
        return (step.started_at or step.finished_at).astimezone(UTC), step.finished_at.astimezone(UTC)
    if step.started_at is None:
        begins = runs_from = begin_from(step.calendar, max(ready, now, step.not_before or now), cut_off=step.cut_off)
    else:
        begins = step.started_at.astimezone(UTC)
        runs_from = _resumed(step, now) if step.suspended_at is not None else step.resumed_at or step.started_at
    ends = add_working_time(calendar=step.calendar, start=runs_from, minutes=remaining)
    return begins, ends if ends > now else next_working_moment(calendar=step.calendar, at=now)


def _resumed(step: Step, now: datetime) -> datetime:
    return add_working_time(calendar=step.calendar, start=now, minutes=step.pause_expected)


def _remaining(step: Step, outlook: Outlook) -> int:
    if step.finished_at is not None:
        return 0
    minutes = step.expected_minutes if outlook is Outlook.EXPECTED else step.latest_minutes
    return max(0, minutes - step.worked_minutes)
