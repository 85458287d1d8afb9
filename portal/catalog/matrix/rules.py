"""Figures of products that are shown to everybody: only when there are enough cases."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

FEWEST_CASES: Final = 5
"""With fewer cases a figure says more about people than about a product."""

_FULL: Final = 100


@dataclass(frozen=True, slots=True)
class Figures:
    """What requests came to: how many there were, how many are done, and how many of these by the first promised latest date.

    Of `rated` requests the customer said how it went; so many were `satisfied`.
    """

    requests: int
    closed: int
    closed_on_time: int
    rated: int = 0
    satisfied: int = 0

    @property
    def volume(self) -> int | None:
        """Give the number of requests, if that may be shown."""
        return self.requests if self.requests >= FEWEST_CASES else None

    @property
    def share_on_time(self) -> int | None:
        """Give the share that was done on time, in whole per cents, if that may be shown."""
        return _FULL * self.closed_on_time // self.closed if self.closed >= FEWEST_CASES else None

    @property
    def share_satisfied(self) -> int | None:
        """Give the share of the customers who answered that is satisfied, in whole per cents, if that may be shown."""
        return _FULL * self.satisfied // self.rated if self.rated >= FEWEST_CASES else None


def total(figures: Iterable[Figures]) -> Figures:
    """Add figures up."""
    found = list(figures)
    return Figures(
        requests=sum(one.requests for one in found),
        closed=sum(one.closed for one in found),
        closed_on_time=sum(one.closed_on_time for one in found),
        rated=sum(one.rated for one in found),
        satisfied=sum(one.satisfied for one in found),
    )


def count_pairs(asked: Iterable[tuple[int, int, datetime]], *, within: timedelta) -> Mapping[tuple[int, int], int]:
    """Count for every two products, both ways, how many people asked for both within some days.

    `asked` is (person, product, moment), person by person and the earliest first.
    """
    counts: Counter[tuple[int, int]] = Counter()
    for _, rows in groupby(asked, key=lambda row: row[0]):
        recent: list[tuple[int, datetime]] = []
        pairs: set[tuple[int, int]] = set()
        for _, product, at in rows:
            recent = [one for one in recent if at - one[1] <= within]
            pairs.update(pair for other, _ in recent if other != product for pair in ((product, other), (other, product)))
            recent.append((product, at))
        counts.update(pairs)
    return counts
