"""Reckoning with promises: the next moment of a request, and the share that was kept. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from portal.planning.worktime import Calendar, add_working_time, working_minutes_between
from portal.requests.promises.workflow import breaks_at
from portal.requests.workflow import NextKind

REMIND_EVERY: Final = 2
"""A question that waits for the customer is looked at again after so many working days of who asked it, again and again."""

MOST_REMINDERS: Final = 3
"""The customer is reminded so often; after that the request stays on the lists of those who work on it."""

FEWEST_SHOWN: Final = 5
"""No figure is shown about fewer promises than this."""

_PERCENT: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFacts:
    """What the next moment follows from: when it is expected, and when each question to the customer is looked at again."""

    is_open: bool
    expected_at: datetime
    look_again_at: Collection[datetime] = ()


@dataclass(frozen=True, slots=True)
class NextMoment:
    """A moment that is still to come, and what it is."""

    at: datetime
    kind: NextKind


def next_moment(facts: RequestFacts, due: Collection[datetime], *, at: datetime) -> NextMoment | None:
    """Give what comes next for a request as it stands at `at`; `due` are the moments of its open promises. None when it is closed.

    The first open promise; without one, when the first question is looked at again; without one, the expected date. A promise
    whose moment is there but that can still be ticked counts until it is broken.
    """
    if not facts.is_open:
        return None
    coming = [moment if moment > at else breaks_at(moment) for moment in due]
    if coming:
        return NextMoment(min(coming), NextKind.PROMISE)
    if facts.look_again_at:
        return NextMoment(min(facts.look_again_at), NextKind.QUESTION)
    return NextMoment(facts.expected_at, NextKind.EXPECTED)


def look_again_at(*, asked_at: datetime, calendar: Calendar, at: datetime) -> datetime:
    """Give when a question is looked at again: after a whole number of times `REMIND_EVERY`, in working hours, and after `at`."""
    times = _times_due(asked_at=asked_at, calendar=calendar, at=at) + 1
    return add_working_time(calendar=calendar, start=asked_at, minutes=times * _interval(calendar))


def reminder_number(*, asked_at: datetime, calendar: Calendar, at: datetime) -> int:
    """Give which reminder of a question this is, from 1 to `MOST_REMINDERS`; those that were missed count too."""
    return min(max(1, _times_due(asked_at=asked_at, calendar=calendar, at=at)), MOST_REMINDERS)


def _times_due(*, asked_at: datetime, calendar: Calendar, at: datetime) -> int:
    return max(0, working_minutes_between(calendar=calendar, start=asked_at, end=at)) // _interval(calendar)


def _interval(calendar: Calendar) -> int:
    return REMIND_EVERY * calendar.day_minutes


def share_kept(*, kept: int, broken: int) -> int | None:
    """Give the percentage of promises that was kept, of those whose moment came; None when there are too few to tell."""
    came = kept + broken
    return round(_PERCENT * kept / came) if came >= FEWEST_SHOWN else None
