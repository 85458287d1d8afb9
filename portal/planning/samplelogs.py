"""Made event logs of many shapes, always the same, to try forecasts on other work than our own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import exp, sin
from random import Random
from typing import Final

from portal.planning.eventlog import LogEvent

BEGIN: Final = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
PER_DAY: Final = 6.0
"""Cases that begin per day, at moments of chance; the bursts excepted."""

_LONG: Final = 0.3
_RIGHT: Final = 0.4

Steps = Iterator[tuple[str, float]]
Shape = Callable[[Random, float], Steps]
"""Gives the events after the first one of a case: activity and days since the one before. The number is when the case
begins, as a share (0 to 1) of the length of the log."""


def drift(chance: Random, share: float) -> Steps:
    """Work that takes seven times as long in the end as in the beginning."""
    return _named(chance.expovariate(1 / (days * (1 + 6 * share))) for days in (1, 3, 2))


def speeding_up(chance: Random, share: float) -> Steps:
    """Work that takes a seventh in the end of what it took in the beginning."""
    return _named(chance.expovariate(1 / (days * (7 - 6 * share))) for days in (1, 3, 2))


def season(chance: Random, share: float) -> Steps:
    """Work that goes slower and quicker by turns."""
    return _named(chance.expovariate(1 / (days * (1.1 + sin(12 * share)))) for days in (1, 3, 2))


def heavy_tail(chance: Random, _share: float) -> Steps:
    """Work that mostly takes hours and now and then months (Pareto)."""
    return _named(chance.paretovariate(1.1) / 5 for _ in range(4))


def two_kinds(chance: Random, _share: float) -> Steps:
    """Work that takes minutes, or three weeks, which cannot be seen at the start."""
    return _named([0.01, chance.gauss(20, 2) if chance.random() < _LONG else chance.random() / 100])


def known_kinds(chance: Random, _share: float) -> Steps:
    """Four kinds of work, of which the second event tells the kind and the third does not."""
    kind, days = chance.choice([("tiny", 0.1), ("small", 1.0), ("large", 5.0), ("huge", 20.0)])
    return iter([(kind, chance.random() / 10), ("work", chance.expovariate(1 / days)), ("check", chance.expovariate(1 / days))])


def slow_and_quick(chance: Random, _share: float) -> Steps:
    """Cases that are slow or quick as a whole."""
    slowness = exp(chance.gauss(0, 1.2))
    return _named(chance.expovariate(1) * slowness for _ in range(5))


def loops(chance: Random, _share: float) -> Steps:
    """Work that is done again until it is right."""
    while True:
        yield "work", chance.expovariate(1)
        yield "check", chance.expovariate(2)
        if chance.random() < _RIGHT:
            break
    yield "close", chance.expovariate(4)


def rare_activities(chance: Random, _share: float) -> Steps:
    """Up to eighty activities, most of which are rare."""
    for _ in range(min(12, 1 + int(chance.paretovariate(1.5)))):
        yield f"a{min(80, int(chance.paretovariate(0.7)))}", chance.expovariate(1) * 3


def seconds(chance: Random, _share: float) -> Steps:
    """Work of a machine: seconds."""
    return _named(chance.expovariate(1 / size) / 86_400 for size in (2, 20, 5))


def bursts(chance: Random, _share: float) -> Steps:
    """Ordinary work that all comes at once, five times."""
    return _named(chance.expovariate(1 / days) for days in (1, 3, 2))


SHAPES: Final[Mapping[str, Shape]] = {
    one.__name__: one
    for one in (
        drift,
        speeding_up,
        season,
        heavy_tail,
        two_kinds,
        known_kinds,
        slow_and_quick,
        loops,
        rare_activities,
        seconds,
        bursts,
    )
}


def make_log(shape: str, *, cases: int, seed: int = 1) -> Sequence[LogEvent]:
    """Make the log of a shape, in the order in which it happened."""
    chance = Random(f"{shape} {seed}")  # noqa: S311  chance guards nothing here
    length = cases / PER_DAY
    events = []
    for case in range(cases):
        share = chance.random() if shape != bursts.__name__ else min(1.0, chance.choice([0, 0.2, 0.25, 0.6, 0.9]) + chance.random() / 50)
        at = BEGIN + timedelta(days=share * length)
        events.append(LogEvent(str(case), "begin", at))
        for activity, days in SHAPES[shape](chance, share):
            at += timedelta(days=max(0.0, days))
            events.append(LogEvent(str(case), activity, at))
    return sorted(events, key=lambda event: event.at)


def _named(days: Iterator[float] | Sequence[float]) -> Steps:
    return ((f"step {place}", one) for place, one in enumerate(days, start=1))
