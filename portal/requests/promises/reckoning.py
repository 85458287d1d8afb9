"""Reckoning with promises: the next moment of a request, and the share that was kept. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from portal.requests.promises.workflow import breaks_at
from portal.requests.workflow import NextKind

REMIND_EVERY: Final = timedelta(days=2)
"""A question that waits for the customer is looked at again this often."""

FEWEST_SHOWN: Final = 5
"""No figure is shown about fewer promises than this."""

_PERCENT: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFacts:
    """What the next moment follows from: when it is expected, and since when each open question waits for the customer."""

    is_open: bool
    expected_at: datetime
    asked_at: Collection[datetime] = ()


@dataclass(frozen=True, slots=True)
class NextMoment:
    """A moment that is still to come, and what it is."""

    at: datetime
    kind: NextKind


def next_moment(facts: RequestFacts, due: Collection[datetime], *, at: datetime) -> NextMoment | None:
    """Give what comes next for a request as it stands at `at`; `due` are the moments of its open promises. None when it is closed.

    The first open promise; without one, when the question that waits longest is looked at again; without one, the expected
    date. A promise whose moment is there but that can still be ticked counts until it is broken.
    """
    if not facts.is_open:
        return None
    coming = [moment if moment > at else breaks_at(moment) for moment in due]
    if coming:
        return NextMoment(min(coming), NextKind.PROMISE)
    if facts.asked_at:
        return NextMoment(_looked_at_again(min(facts.asked_at), at=at), NextKind.QUESTION)
    return NextMoment(facts.expected_at, NextKind.EXPECTED)


def share_kept(*, kept: int, broken: int) -> int | None:
    """Give the percentage of promises that was kept, of those whose moment came; None when there are too few to tell."""
    came = kept + broken
    return round(_PERCENT * kept / came) if came >= FEWEST_SHOWN else None


def _looked_at_again(asked_at: datetime, *, at: datetime) -> datetime:
    """Give the first multiple of `REMIND_EVERY` after the question that lies after `at`."""
    times = max(1, (at - asked_at) // REMIND_EVERY + 1)
    return asked_at + times * REMIND_EVERY
