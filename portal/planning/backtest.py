"""Backtest: an event log replayed in the order it happened, and how far off the forecasts were, beside simpler ones.

What is scored: the time from an event until the last event of its case, at every event after which the case went on,
once at least one case has ended; the same events for every method. A case is known to have ended at its last event, as
a desk knows that it closed something, and not a moment before. With `with_last` the last events are scored too, as if
nobody said that they were the last.
"""

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Final

from portal.planning.casepace import CasePace
from portal.planning.eventlog import LogEvent

OURS: Final = "loket"
MEAN: Final = "mean so far"
MEDIAN: Final = "median so far"
ACTIVITY: Final = "median for the same last activity"


@dataclass(frozen=True, slots=True)
class Score:
    """How far off a method was on average (seconds), and the share of cases that were done by its moment."""

    off_by: float
    done: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """The outcome: one score per method; of ours also the latest moment and its distance from the expected one (seconds)."""

    events: int
    cases: int
    scored: int
    unscored: int
    methods: Mapping[str, Score]
    done_by_latest: float
    mean_width: float
    median_width: float


@dataclass(slots=True)
class _SoFar:
    """The simple forecasts: from the rest of all ended cases, or of those events with the same activity."""

    rests: list[float] = field(default_factory=list)
    total: float = 0.0
    by_activity: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def forecast(self, activity: str) -> Mapping[str, float]:
        middle = _middle(self.rests)
        same = self.by_activity.get(activity)
        return {MEAN: self.total / len(self.rests), MEDIAN: middle, ACTIVITY: _middle(same) if same else middle}

    def learn(self, activity: str, rest: float) -> None:
        insort(self.rests, rest)
        insort(self.by_activity[activity], rest)
        self.total += rest


@dataclass(frozen=True, slots=True)
class Given:
    """A forecast of an open case: the seconds that each method said, and those until the latest moment of ours."""

    event: LogEvent
    said: Mapping[str, float]
    latest: float


def run_backtest(events: Sequence[LogEvent], *, with_last: bool = False) -> Backtest:
    """Replay events that are in the order in which they happened, and score every forecast."""
    lengths = Counter(event.case for event in events)
    asked = len(events) if with_last else len(events) - len(lengths)
    return _outcome(list(replay(events, with_last=with_last)), events=len(events), cases=len(lengths), asked=asked)


def replay(events: Sequence[LogEvent], *, with_last: bool = False) -> Iterator[tuple[Given, float]]:
    """Let events happen one by one; give each forecast with the seconds that it really took, once its case has ended."""
    to_come = Counter(event.case for event in events)
    pace, so_far = CasePace(), _SoFar()
    waiting: dict[str, list[tuple[LogEvent, Given | None]]] = defaultdict(list)
    for event in events:
        to_come[event.case] -= 1
        is_last = not to_come[event.case]
        if with_last or not is_last:
            waiting[event.case].append((event, _give(event, pace, so_far)))
        if is_last:
            pace.ended(event.case, event.at)
            for earlier, given in waiting.pop(event.case, ()):
                rest = (event.at - earlier.at).total_seconds()
                so_far.learn(earlier.activity, rest)
                if given is not None:
                    yield given, rest


def _give(event: LogEvent, pace: CasePace, so_far: _SoFar) -> Given | None:
    forecast = pace.happened(event.case, event.activity, event.at)
    if forecast is None or not so_far.rests:
        return None
    return Given(event, {OURS: forecast.expected, **so_far.forecast(event.activity)}, forecast.latest)


def _outcome(settled: Sequence[tuple[Given, float]], *, events: int, cases: int, asked: int) -> Backtest:
    widths = [given.latest - given.said[OURS] for given, _ in settled]
    return Backtest(
        events=events,
        cases=cases,
        scored=len(settled),
        unscored=asked - len(settled),
        methods={name: _score(name, settled) for name in (OURS, MEAN, MEDIAN, ACTIVITY)} if settled else {},
        done_by_latest=fmean(rest <= given.latest for given, rest in settled) if settled else 0.0,
        mean_width=fmean(widths) if widths else 0.0,
        median_width=median(widths) if widths else 0.0,
    )


def _score(name: str, settled: Sequence[tuple[Given, float]]) -> Score:
    return Score(
        off_by=fmean(abs(rest - given.said[name]) for given, rest in settled),
        done=fmean(rest <= given.said[name] for given, rest in settled),
    )


def _middle(ordered: Sequence[float]) -> float:
    """Give the median of what is in order already."""
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
