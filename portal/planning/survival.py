"""How long things take when some are still under way: the share that is done after each duration."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

STRETCH = 6.0
"""A moment beyond all that is known lies at most so many times further than the longest duration that is known."""


class Lifetime(NamedTuple):
    """One duration: how long it took, or, when it still lasts, how long until now. The weight is above 0."""

    duration: float
    still_lasts: bool
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Curve:
    """The share that is done after each duration at which something ended, rising; and the longest duration, ended or not."""

    durations: Sequence[float]
    done: Sequence[float]
    longest: float

    def quantile(self, share: float, *, tail: float = 1.0) -> float:
        """Give the duration after which `share` (0 to 1) is done: one that occurred, as long as the curve gets that far.

        Beyond it what is left falls as a power of the duration (Pareto): half of it is gone when the longest duration
        has become 2 ** tail times longer, but never more than `STRETCH` ** tail times.
        """
        at = bisect_left(self.done, share)
        if at < len(self.durations):
            return self.durations[at]
        left = 1 - (self.done[-1] if self.done else 0.0)
        return self.longest * _stretched(left, share, tail) if left > 0 else self.longest

    def quantile_after(self, elapsed: float, share: float, *, tail: float = 1.0) -> float:
        """Give the whole duration after which `share` is done of those that are not done after `elapsed`; never before it.

        When `elapsed` lies beyond all that is known, the rest takes longer the longer it took (Pareto).
        """
        at = bisect_right(self.durations, elapsed)
        gone = self.done[at - 1] if at else 0.0
        if elapsed >= self.longest or gone >= 1:
            return elapsed * _stretched(1, share, tail)
        return max(elapsed, self.quantile(gone + share * (1 - gone), tail=tail))


def _stretched(left: float, share: float, tail: float) -> float:
    """Give how many times longer it takes until of what is `left` only 1 - `share` is."""
    return math.pow(min(STRETCH, left / max(1 - share, 1e-9)), tail)


def curve_of(lifetimes: Iterable[tuple[float, bool, float]]) -> Curve:
    """Learn from lifetimes (see `Lifetime`), in any order: from what is over and from what still lasts.

    The product-limit estimate (Kaplan & Meier 1958, "Nonparametric estimation from incomplete observations", JASA 53),
    with a weight for each: what still lasts says that it takes at least so long. Of equal durations the ended go first.
    """
    ordered = sorted(lifetimes)
    at_risk = sum([weight for _, _, weight in ordered])
    left = 1.0
    durations: list[float] = []
    done: list[float] = []
    for duration, still_lasts, weight in ordered:
        if not still_lasts:
            left = left * (1 - weight / at_risk) if weight < at_risk else 0.0
            durations.append(duration)
            done.append(1 - left)
        at_risk -= weight
    return Curve(durations, done, ordered[-1][0] if ordered else 0.0)
