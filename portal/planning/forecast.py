"""Forecast: how long a building block will take, from its norm and from what it really took lately."""

from collections.abc import Sequence
from dataclasses import dataclass

CREDIBILITY = 5
"""With so many measured durations, norm and measurements weigh equally."""

_MEDIAN = 50
_LATEST = 80


@dataclass(frozen=True, slots=True)
class Estimate:
    """Working minutes that a task will take: as expected, and at the latest (never less than expected)."""

    expected_minutes: int
    latest_minutes: int


def estimate(*, norm_minutes: int, recent: Sequence[int]) -> Estimate:
    """Forecast a duration from the norm and the recent durations, all in working minutes, in any order.

    Expected is the median and latest the 80th percentile of the recent durations, both by the nearest-rank method
    (Hyndman & Fan 1996, definition 1: a duration that really occurred), each drawn towards the norm by the
    credibility formula Z = n / (n + k) (Buhlmann 1967, "Experience rating and credibility", ASTIN Bulletin 4):
    Z x measured + (1 - Z) x norm, rounded up to a whole minute and at least 1. Without measurements both are the norm.
    """
    measured = sorted(recent)
    return Estimate(
        expected_minutes=_drawn_to_norm(norm_minutes, measured, _MEDIAN),
        latest_minutes=_drawn_to_norm(norm_minutes, measured, _LATEST),
    )


def _drawn_to_norm(norm_minutes: int, measured: Sequence[int], percent: int) -> int:
    count = len(measured)
    total = CREDIBILITY * norm_minutes + count * _percentile(measured, percent)
    return max(1, _divide_up(total, count + CREDIBILITY))


def _percentile(measured: Sequence[int], percent: int) -> int:
    return measured[_divide_up(len(measured) * percent, 100) - 1] if measured else 0


def _divide_up(amount: int, by: int) -> int:
    return -(-amount // by)
