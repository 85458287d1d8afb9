"""Forecasting the rest of a case from an event log as it comes in: only what has happened is known.

At every event the rest of the case is read from curves (survival.py) of earlier events that were alike: the same
activity; with the activity before it; with about the same time under way; on the same day of the week. Each in two
memories, one of the last eighty and one of the last eight hundred, with recent events weighing more. Cases that are
still under way count as lasting at least until now.

Which of these are believed follows from how far off each was lately: their moments are averaged with weights that fall
with their loss (the exponentially weighted average forecaster: Cesa-Bianchi & Lugosi 2006, "Prediction, learning and
games", chapter 2). A forecast whose case is still open counts with what it is off by now at the least, or those
that are always too early would look best. The level at which the latest moment is read corrects itself (calibration.py).
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush
from math import exp, log2, sqrt
from typing import Final, NamedTuple, overload

from portal.planning.calibration import START, moved
from portal.planning.survival import Curve, curve_of

_EXPECTED: Final = 0.5
_MEMORIES: Final = ((80, 240), (800, 2000))  # after so many an event weighs half; ended ones that are kept
_FEWEST: Final = 8  # ended events below which a likeness says too little, and a coarser one is asked
_REFRESH: Final = 14  # a curve is made again when one in so many of its events is new or ended since
_EXPECTED_TAIL: Final = 0.5  # the median beyond what is known stays close to it: being early by little costs less
_LEAST_WEIGHT: Final = 1e-9
_FORGET: Final = 0.999  # what a loss keeps of its weight with every newer one
_TRUST: Final = 0.3  # how far off relative to the best makes a forecast count for a third, after one case
_TRUSTED_CASES: Final = 1_000
_ENDED_ONLY: Final = 0.05  # the first trust in a forecast from ended cases only: it begins too rosy

_LIKENESSES: Final = 4
_DIGITS: Final = 3  # of a second: equal durations stay equal

Seconds = float


class Forecast(NamedTuple):
    """Seconds from the event until the end of the case: as expected, and at the latest."""

    expected: Seconds
    latest: Seconds


@dataclass(slots=True)
class _Occurrence:
    """An event that was seen: when, and when its case ended."""

    at: Seconds
    ended_at: Seconds | None = None


@dataclass(slots=True)
class _Asked:
    """A forecast that was given: what each of the ways said, and until when it is not known whether the latest holds."""

    at: Seconds
    said: Sequence[Seconds]
    is_settled: bool = False


@dataclass(slots=True)
class _Case:
    """What is known of an open case."""

    began_at: Seconds
    activity: str
    seen: list[tuple[_Occurrence, Sequence[Hashable]]]
    asked: list[_Asked]


@dataclass(frozen=True, slots=True)
class _Ranks(Sequence[float]):
    """The share that is done after each of so many equal steps."""

    amount: int

    def __len__(self) -> int:
        return self.amount

    @overload
    def __getitem__(self, at: int) -> float: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[float]: ...

    def __getitem__(self, at: int | slice) -> float | Sequence[float]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(self.amount))]
        return (range(self.amount)[at] + 1) / self.amount


class _Memory:
    """Earlier events that were alike, and their curve."""

    def __init__(self, half_life: int, most: int) -> None:
        self.ended = 0
        self._fading = 0.5 ** (1 / half_life)
        self._most = most
        self._seen: list[_Occurrence] = []
        self._changes = 0
        self._curve = Curve((), (), 0)
        self._weights = [1.0]

    def add(self, occurrence: _Occurrence) -> None:
        self._seen.append(occurrence)
        self._changes += 1

    def end(self) -> None:
        self.ended += 1
        self._changes += 1

    def curve(self, now: Seconds) -> Curve:
        if self._changes * _REFRESH >= len(self._seen):
            self._forget()
            self._changes = 0
            self._curve = curve_of(self._lifetimes(now))
        return self._curve

    def _forget(self) -> None:
        """Leave out the oldest that ended; what is under way stays, or long cases would be forgotten first."""
        surplus = self.ended - self._most
        if surplus > 0:
            kept = []
            for one in self._seen:
                if surplus > 0 and one.ended_at is not None:
                    surplus -= 1
                else:
                    kept.append(one)
            self._seen, self.ended = kept, self._most

    def _lifetimes(self, now: Seconds) -> Iterable[tuple[Seconds, bool, float]]:
        """Give the lifetimes with their weights, as plain tuples: there are very many."""
        seen = self._seen
        while len(self._weights) < len(seen):
            self._weights.append(max(self._weights[-1] * self._fading, _LEAST_WEIGHT))
        took = [(now if one.ended_at is None else one.ended_at) - one.at for one in seen]
        return zip(took, [one.ended_at is None for one in seen], self._weights[len(seen) - 1 :: -1], strict=False)


class CasePace:
    """Learns from events in the order in which they happen, and forecasts at each of them. Moments in seconds."""

    def __init__(self) -> None:
        self._cases: dict[str, _Case] = {}
        self._memories: dict[Hashable, tuple[_Memory, ...]] = {}
        self._ended: dict[Hashable, list[Seconds]] = defaultdict(list)
        self._ended_cases = 0
        self._losses = [0.0] * (len(_MEMORIES) * _LIKENESSES + 1)
        self._weights: Sequence[float] = [1.0] * (len(self._losses) - 1) + [_ENDED_ONLY]
        self._open_forecasts = self._unweighed = 0
        self._due: list[tuple[Seconds, int, _Asked]] = []
        self._level, self._learned, self._given = START, 0, 0

    def happened(self, case: str, activity: str, moment: datetime) -> Forecast | None:
        """Learn of an event, and forecast how long the case still takes; None as long as no case has ended."""
        at = moment.timestamp()
        self._learn_of_misses(at)
        known = self._cases.get(case)
        if known is None:
            known = self._cases[case] = _Case(at, "", [], [])
        likenesses = _likenesses(known, activity, moment)
        forecast = self._forecast(known, likenesses, at) if self._ended_cases else None
        occurrence = _Occurrence(at)
        for likeness in likenesses:
            for memory in self._memory(likeness):
                memory.add(occurrence)
        known.seen.append((occurrence, likenesses))
        known.activity = activity
        return forecast

    def ended(self, case: str, moment: datetime) -> None:
        """Learn that a case ended."""
        at = moment.timestamp()
        self._learn_of_misses(at)
        self._ended_cases += 1
        known = self._cases.pop(case, None)
        if known is None:
            return
        for occurrence, likenesses in known.seen:
            occurrence.ended_at = at
            for likeness in likenesses:
                for memory in self._memory(likeness):
                    memory.end()
            insort(self._ended[likenesses[0]], at - occurrence.at)
        for asked in known.asked:
            self._learn_from(asked, at)

    def _forecast(self, case: _Case, likenesses: Sequence[Hashable], at: Seconds) -> Forecast:
        share = min(self._level * (1 + 1 / self._ended_cases), 1.0)  # a finite sample knows less of its tail
        curves = [self._curve(likenesses, way, memory, at) for memory in range(len(_MEMORIES)) for way in range(_LIKENESSES)]
        ended = self._ended.get(likenesses[0])
        if ended:
            curves.append(Curve(ended, _Ranks(len(ended)), ended[-1]))
        else:
            curves.append(curves[0])
        said = [one.quantile(_EXPECTED, tail=_EXPECTED_TAIL) for one in curves]
        self._weigh(at)
        expected = round(_averaged(said, self._weights), _DIGITS)
        latest = round(_averaged([one.quantile(share) for one in curves], self._weights), _DIGITS)
        forecast = Forecast(expected, max(expected, latest))
        self._remember(_Asked(at, said), case, until=at + forecast.latest)
        return forecast

    def _remember(self, asked: _Asked, case: _Case, *, until: Seconds) -> None:
        case.asked.append(asked)
        self._given += 1
        self._open_forecasts += 1
        heappush(self._due, (until, self._given, asked))

    def _curve(self, likenesses: Sequence[Hashable], way: int, memory: int, at: Seconds) -> Curve:
        """Give the curve of a likeness, or of a coarser one when too little like it has ended."""
        for likeness in (likenesses[way], likenesses[0]):
            found = self._memory(likeness)[memory]
            if found.ended >= _FEWEST:
                return found.curve(at)
        return self._memory(likenesses[-1])[memory].curve(at)

    def _memory(self, likeness: Hashable) -> tuple[_Memory, ...]:
        found = self._memories.get(likeness)
        if found is None:
            found = self._memories[likeness] = tuple(_Memory(half_life, most) for half_life, most in _MEMORIES)
        return found

    def _weigh(self, now: Seconds) -> None:
        """Weigh the ways by how far off they were, now and then: when one in ten of the open forecasts is new."""
        self._unweighed += 1
        if self._unweighed * 10 < self._open_forecasts:
            return
        self._unweighed = 0
        losses = list(self._losses)
        for case in self._cases.values():
            for asked in case.asked:
                age = now - asked.at
                for way, said in enumerate(asked.said):
                    if age > said:
                        losses[way] += age - said
        best = max(min(losses), 1e-9)
        scale = _TRUST / sqrt(min(self._ended_cases, _TRUSTED_CASES))
        weights = [exp(-min(700.0, (loss / best - 1) / scale)) for loss in losses]
        weights[-1] *= _ENDED_ONLY
        self._weights = weights

    def _learn_of_misses(self, now: Seconds) -> None:
        """Learn which latest moments have passed while their case is still open."""
        while self._due and self._due[0][0] < now:
            self._settle(heappop(self._due)[2], held=False)

    def _learn_from(self, asked: _Asked, ended_at: Seconds) -> None:
        self._settle(asked, held=True)
        self._open_forecasts -= 1
        took = ended_at - asked.at
        for way, said in enumerate(asked.said):
            self._losses[way] = self._losses[way] * _FORGET + abs(took - said)

    def _settle(self, asked: _Asked, *, held: bool) -> None:
        if not asked.is_settled:
            asked.is_settled = True
            self._level = moved(self._level, held=held, learned=self._learned)
            self._learned += 1


def _likenesses(case: _Case, activity: str, moment: datetime) -> Sequence[Hashable]:
    """Name what an event may be like, in the order of the ways; the last is like every event."""
    under_way = int(log2((moment.timestamp() - case.began_at) / 60 + 1) / 2)
    return (
        ("activity", activity),
        ("after", activity, case.activity),
        ("under way", activity, under_way),
        ("weekday", activity, moment.weekday()),
        ("any",),
    )


def _averaged(values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)
