"""Forecast: how long a building block will take, from its norm, from what it took lately and from what is under way."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from portal.planning.calibration import PROMISED
from portal.planning.survival import Curve, Lifetime, curve_of

CREDIBILITY: Final = 5
"""With measured durations that weigh so much together, norm and measurements weigh equally."""

HALF_LIFE: Final = 30
"""A duration weighs half as much as one that was finished so many later."""

SHARES: Final = tuple(step / 20 for step in range(1, 20))
"""The shares of a ladder: 5 %, 10 % ... 95 %."""

_MEDIAN: Final = 0.5
_TAIL: Final = 0.5  # beyond what is known: half is done when it took 1.4 times, and 80 % when it took 2.2 times as long
_EXACT: Final = 9  # decimals that count, so that a sum of weights is no minute more

Ladder = Sequence[int]
"""Working minutes after which each of the `SHARES` is done."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Working minutes that a task will take: as expected, at the latest (never less than expected), and at each share."""

    expected_minutes: int
    latest_minutes: int
    ladder: Ladder


def estimate(*, norm_minutes: int, recent: Sequence[int], running: Sequence[int] = (), level: float = PROMISED) -> Estimate:
    """Forecast a duration from the norm, the recent durations (newest first) and how long others are under way; in working minutes.

    What is measured is the curve of Kaplan & Meier (survival.py), in which recent durations weigh more and tasks under
    way count as lasting at least so long. Each of its quantiles is drawn towards the norm by the credibility formula
    Z = n / (n + k) (Buhlmann 1967, "Experience rating and credibility", ASTIN Bulletin 4), n being the weight of what was
    measured: Z x measured + (1 - Z) x norm, rounded up to a whole minute and at least 1. `level` is the share of the
    curve that really stands for 80 % (calibration.py); the other shares above the half move with it.
    """
    (measured, trust), norm = _measured(recent, running), norm_curve(norm_minutes)

    def minutes(share: float) -> int:
        raw = _at_level(share, level)
        drawn = (1 - trust) * norm.quantile(share, tail=_TAIL)
        if trust:
            drawn += trust * measured.quantile(raw, tail=_TAIL)
        return max(1, ceil(round(drawn, _EXACT)))

    ladder = tuple(minutes(share) for share in SHARES)
    expected = minutes(_MEDIAN)
    return Estimate(expected, max(expected, minutes(PROMISED)), ladder)


def estimate_wait(recent: Sequence[int], *, running: Sequence[int] = (), norm: Ladder | None = None) -> Ladder:
    """Forecast how long is waited for somebody from the waits that ended and those that last, as `estimate` does.

    Where there is little history it is drawn towards the norm; without one towards going on at once.
    """
    measured, trust = _measured(recent, running)
    drawn_to = zip(SHARES, norm or [0] * len(SHARES), strict=True)
    return tuple(ceil(round(trust * measured.quantile(share, tail=_TAIL) + (1 - trust) * usual, _EXACT)) for share, usual in drawn_to)


def _measured(recent: Sequence[int], running: Sequence[int]) -> tuple[Curve, float]:
    """Give the curve of what was measured, and how far it is trusted (0 to 1): for what ended, not for what still lasts."""
    weights = [0.5 ** (place / HALF_LIFE) for place in range(max(len(recent), len(running)))]
    ended = [Lifetime(took, still_lasts=False, weight=weight) for took, weight in zip(recent, weights, strict=False)]
    lasting = [Lifetime(lasts, still_lasts=True, weight=weight) for lasts, weight in zip(running, weights, strict=False)]
    trust = sum(one.weight for one in ended)
    return curve_of([*ended, *lasting]), trust / (trust + CREDIBILITY)


def norm_curve(norm_minutes: int) -> Curve:
    """Give what a norm says by itself: 80 % is done by then."""
    return Curve((norm_minutes,), (PROMISED,), norm_minutes)


def ladder_of(expected_minutes: int, latest_minutes: int) -> Ladder:
    """Give the ladder of a task of which only two numbers are known: half is done by the one and 80 % by the other."""
    curve = Curve((expected_minutes, latest_minutes), (_MEDIAN, PROMISED), latest_minutes)
    return tuple(ceil(curve.quantile(share, tail=_TAIL)) for share in SHARES)


def whole_minutes(ladder: Ladder, *, elapsed: int) -> tuple[int, int]:
    """Give the working minutes that something takes which already took `elapsed`: as expected, and at the latest.

    These are the quantiles of those that take longer than `elapsed`; between two steps of the ladder it rises evenly.
    Longer under way is never done earlier. What should have been done moves on by a step that grows with how long it
    took, not by a minute every minute.
    """
    if elapsed >= ladder[-1]:
        expected, latest = (elapsed * (1 / (1 - share)) ** _TAIL for share in (_MEDIAN, PROMISED))
    else:
        gone = _done_after(ladder, elapsed)
        expected, latest = (_duration(ladder, gone + share * (1 - gone)) for share in (_MEDIAN, PROMISED))
    expected, latest = ceil(round(expected, _EXACT)), ceil(round(latest, _EXACT))
    return max(expected, elapsed), max(latest, expected, elapsed)


def _done_after(ladder: Ladder, elapsed: int) -> float:
    """Give the share that is done after `elapsed`, which is less than the last step; none before the first."""
    at = bisect_right(ladder, elapsed)
    if not at:
        return 0.0
    before, share = ladder[at - 1], SHARES[at - 1]
    return share + (SHARES[at] - share) * (elapsed - before) / (ladder[at] - before)


def _duration(ladder: Ladder, share: float) -> float:
    """Give the minutes after which a share is done."""
    at = bisect_left(SHARES, round(share, _EXACT))
    if at == len(SHARES):
        return float(ladder[-1] * ((1 - SHARES[-1]) / (1 - share)) ** _TAIL)
    before, done = (ladder[at - 1], SHARES[at - 1]) if at else (0, 0.0)
    return before + (ladder[at] - before) * (share - done) / (SHARES[at] - done)


def _at_level(share: float, level: float) -> float:
    """Move the shares above the half so that `PROMISED` comes at `level`, those beyond it in proportion."""
    level = max(level, _MEDIAN)
    if share <= _MEDIAN:
        return share
    if share <= PROMISED:
        return _MEDIAN + (share - _MEDIAN) * (level - _MEDIAN) / (PROMISED - _MEDIAN)
    return level + (share - PROMISED) * (1 - level) / (1 - PROMISED)
