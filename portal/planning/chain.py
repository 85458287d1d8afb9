"""Why this date: the chain of tasks that decides the expected end of a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from portal.planning.plan import PlannedDates, Step, after_lag
from portal.planning.worktime import closed_dates_between, working_minutes_between


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One task of the longest chain: its moments, its working minutes, and the closed dates it had to skip or await."""

    key: str
    starts_at: datetime
    ends_at: datetime
    working_minutes: int
    closed_dates: tuple[date, ...]


def longest_chain(steps: Sequence[Step], dates: Mapping[str, PlannedDates]) -> tuple[str, ...]:
    """Name the tasks, first to last, that decide the expected end of the plan; empty for a plan without tasks.

    From the task that ends last, each time back to the predecessor that let it begin: the one that ended last. The
    chain begins at a task without predecessors, or one that waits longer for a date of its own.
    """
    by_key = {step.key: step for step in steps}
    at = max(by_key, key=lambda key: dates[key].expected_at, default=None)
    chain = []
    while at is not None:
        chain.append(at)
        at = _decisive_predecessor(by_key[at], dates)
    return tuple(reversed(chain))


def explain_chain(steps: Sequence[Step], dates: Mapping[str, PlannedDates], *, start: datetime) -> list[ChainLink]:
    """Explain the expected end: the tasks of the longest chain with their working minutes and skipped closed dates.

    `start` is the start of the request. A closed date between two tasks belongs to the one that had to wait;
    the working minutes of a task that was suspended include the pause.
    """
    by_key = {step.key: step for step in steps}
    links = []
    ready_at = start.astimezone(UTC)
    for key in longest_chain(steps, dates):
        calendar, planned = by_key[key].calendar, dates[key]
        begins, ends = planned.starts_at, planned.expected_at
        minutes = working_minutes_between(calendar=calendar, start=begins, end=ends)
        closed = closed_dates_between(calendar=calendar, start=min(ready_at, begins), end=ends)
        links.append(ChainLink(key, begins, ends, minutes, closed))
        ready_at = ends
    return links


def _decisive_predecessor(step: Step, dates: Mapping[str, PlannedDates]) -> str | None:
    """Find the predecessor that let a task begin; of a task that began before it was done, none."""
    lets_begin = {key: after_lag(step, key, dates[key].expected_at) for key in step.after}
    last = max(lets_begin, key=lambda key: lets_begin[key], default=None)
    if last is None or dates[last].expected_at > dates[step.key].starts_at:
        return None
    own_date = step.not_before if step.started_at is None else None
    return None if own_date is not None and own_date > lets_begin[last] else last
