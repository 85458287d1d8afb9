"""The backtest: honest about what was known, the same events for every method, and better than simpler forecasts."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from math import exp, sin

import pytest

from portal.planning.backtest import ACTIVITY, MEAN, MEDIAN, OURS, Backtest, replay, run_backtest
from portal.planning.eventlog import LogEvent

BEGIN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
Shape = Callable[[random.Random, float], list[float]]


def made(shape: Shape, *, cases: int, seed: int = 1, per_day: float = 6) -> list[LogEvent]:
    """Make a log: `shape` gives the days between the events of a case that begins at a share (0 to 1) of the log."""
    chance = random.Random(seed)
    events = []
    for case in range(cases):
        share = chance.random()
        at = BEGIN + timedelta(days=share * cases / per_day)
        events.append(LogEvent(str(case), "a0", at))
        for step, days in enumerate(shape(chance, share), start=1):
            at += timedelta(days=days)
            events.append(LogEvent(str(case), f"a{step}", at))
    return sorted(events, key=lambda event: event.at)


def drift(chance: random.Random, share: float) -> list[float]:
    return [chance.expovariate(1 / (days * (1 + 6 * share))) for days in (1, 3, 2)]


def season(chance: random.Random, share: float) -> list[float]:
    return [chance.expovariate(1 / (days * (1.1 + sin(12 * share)))) for days in (1, 3, 2)]


def heavy_tail(chance: random.Random, _share: float) -> list[float]:
    return [chance.paretovariate(1.1) / 5 for _ in range(4)]


def two_kinds(chance: random.Random, _share: float) -> list[float]:
    return [0.01, chance.gauss(20, 2) if chance.random() < 0.3 else chance.random() / 100]


def slow_and_quick_cases(chance: random.Random, _share: float) -> list[float]:
    slowness = exp(chance.gauss(0, 1.2))
    return [chance.expovariate(1 / slowness) for _ in range(5)]


def again_and_again(chance: random.Random, _share: float) -> list[float]:
    rounds = 1 + int(chance.expovariate(0.5))
    return [chance.expovariate(1) for _ in range(2 * rounds)]


def best_of_three(outcome: Backtest) -> float:
    return min(outcome.methods[name].off_by for name in (MEAN, MEDIAN, ACTIVITY))


@pytest.mark.parametrize("shape", [drift, season, heavy_tail, two_kinds, slow_and_quick_cases, again_and_again])
@pytest.mark.parametrize("with_last", [False, True])
def test_on_a_log_of_any_shape_80_percent_holds_and_simpler_forecasts_are_matched(shape: Shape, *, with_last: bool) -> None:
    outcome = run_backtest(made(shape, cases=400), with_last=with_last)
    assert 0.75 <= outcome.done_by_latest <= 0.85
    assert outcome.methods[OURS].off_by <= 1.01 * best_of_three(outcome)


def test_a_worked_example_of_the_simple_forecasts() -> None:
    def at(case: str, activity: str, hours: float) -> LogEvent:
        return LogEvent(case, activity, BEGIN + timedelta(hours=hours))

    first = [at("1", "x", 0), at("1", "y", 2), at("1", "z", 6)]  # its rest: 6 after x, 4 after y
    second = [at("2", "x", 10), at("2", "z", 13)]  # scored: mean 5, median 5, after x 6; it took 3
    third = [at("3", "y", 20), at("3", "z", 21)]  # 13/3, 4, 4; it took 1
    outcome = run_backtest([*first, *second, *third])
    assert (outcome.events, outcome.cases, outcome.scored, outcome.unscored) == (7, 3, 2, 2)
    hours = {name: score.off_by / 3_600 for name, score in outcome.methods.items()}
    assert hours[MEAN] == pytest.approx((2 + 10 / 3) / 2)
    assert hours[MEDIAN] == pytest.approx((2 + 3) / 2)
    assert hours[ACTIVITY] == pytest.approx((3 + 3) / 2)


def test_the_last_event_of_a_case_is_scored_only_when_asked() -> None:
    log = made(drift, cases=30)
    without, with_last = run_backtest(log), run_backtest(log, with_last=True)
    assert without.scored + without.unscored == len(log) - 30
    assert with_last.scored + with_last.unscored == len(log)


def test_what_is_still_to_come_changes_no_forecast() -> None:
    log = made(drift, cases=150)
    now = log[len(log) // 2].at
    chance = random.Random(9)
    future = [event for event in log if event.at > now]
    moments = sorted(now + (event.at - now) * chance.uniform(0.1, 5) for event in future)
    # Every case goes on in the other future too, with other activities at other moments.
    others = [LogEvent(event.case, "another", at) for event, at in zip(chance.sample(future, len(future)), moments, strict=True)]
    changed = [event for event in log if event.at <= now] + others
    assert list(given_until(log, now)) == list(given_until(changed, now))


def given_until(log: list[LogEvent], now: datetime) -> Iterator[object]:
    given = [one for one, _ in replay(log) if one.event.at <= now]
    assert len(given) > 100
    return iter(sorted((one.event.at, one.event.case, one.latest, sorted(one.said.items())) for one in given))


def test_open_cases_make_it_less_rosy() -> None:
    # Half of the cases take an hour and half take 40 days; after 20 days only the short ones have ended.
    log = made(lambda chance, _: [chance.choice([1 / 24, 40.0])], cases=200, per_day=10)
    early = [(given, rest) for given, rest in replay(log) if timedelta(days=4) < given.event.at - BEGIN < timedelta(days=20)]
    latest_days = [given.latest / 86_400 for given, _ in early]
    assert all(given.said[MEAN] < 4_000 for given, _ in early)
    assert min(latest_days) > 1


@pytest.mark.parametrize("log", [[], [LogEvent("1", "a", BEGIN)], [LogEvent("1", "a", BEGIN), LogEvent("2", "a", BEGIN)]])
def test_a_log_that_teaches_nothing_is_not_scored(log: list[LogEvent]) -> None:
    outcome = run_backtest(log)
    assert (outcome.scored, outcome.methods) == (0, {})


def test_work_that_always_takes_the_same_is_forecast_exactly() -> None:
    outcome = run_backtest(made(lambda _chance, _share: [1.0, 2.0], cases=200))
    assert outcome.methods[OURS].off_by < 3_600
    assert outcome.done_by_latest > 0.8
