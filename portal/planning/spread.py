"""How uncertain the end of several uncertain tasks is: less than the sum of all their margins, more than the largest.

A margin is the distance from the expected moment to the moment by which 80 % is done. The ends are taken as normal and
independent: of tasks after each other the variances add, and of tasks that wait for each other the latest is
approximated by its first two moments (Clark 1961, "The greatest of a finite set of random variables", Operations
Research 9).
"""

from collections.abc import Iterable
from functools import reduce
from math import erf, exp, hypot, pi, sqrt
from typing import Final, NamedTuple

Z80: Final = 0.8416212335729143
"""How many standard deviations above the middle of a normal distribution 80 % lies."""

_NO_SPREAD: Final = 1e-9


class Ending(NamedTuple):
    """When something ends, and the margin of that; in working minutes from a moment of choice (may be negative)."""

    at: float
    margin: float


def in_a_row(*margins: float) -> float:
    """Give the margin of tasks that come after each other."""
    return hypot(*margins)


def latest_of(endings: Iterable[Ending]) -> float:
    """Give the moment by which, with 80 %, all have ended that do not depend on each other; 0 when there are none."""
    ordered = sorted(endings)
    if not ordered:
        return 0.0
    last = reduce(_greatest, ordered)
    return max(last.at + last.margin, *(one.at + one.margin for one in ordered), ordered[-1].at)


def chance_of(ending: Ending, *, by: float) -> float:
    """Give the chance (0 to 1) that something has ended by a moment, in the same minutes as the ending."""
    if ending.margin <= 0:
        return float(by >= ending.at)
    return (1 + erf((by - ending.at) * Z80 / ending.margin / sqrt(2))) / 2


def _greatest(one: Ending, other: Ending) -> Ending:
    """Give the later of two, as Clark's formulas (2) to (4) do without correlation."""
    first, second = one.margin / Z80, other.margin / Z80
    apart = hypot(first, second)
    if apart < _NO_SPREAD:
        return max(one, other)
    alpha = (one.at - other.at) / apart
    density, below = exp(-alpha * alpha / 2) / sqrt(2 * pi), (1 + erf(alpha / sqrt(2))) / 2
    mean = one.at * below + other.at * (1 - below) + apart * density
    square = (one.at**2 + first**2) * below + (other.at**2 + second**2) * (1 - below) + (one.at + other.at) * apart * density
    return Ending(mean, sqrt(max(0.0, square - mean * mean)) * Z80)
