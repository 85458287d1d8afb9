"""The backtest: honest about what was known, the same events for every method, and better than simpler forecasts."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from portal.planning.backtest import ACTIVITY, MEAN, MEDIAN, OURS, Backtest, replay, run_backtest
from portal.planning.eventlog import LogEvent
from portal.planning.samplelogs import make_log

BEGIN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def best_of_three(outcome: Backtest) -> float:
    return min(outcome.methods[name].off_by for name in (MEAN, MEDIAN, ACTIVITY))


@pytest.mark.parametrize("shape", ["drift", "heavy_tail", "known_kinds", "slow_and_quick", "loops"])
@pytest.mark.parametrize("with_last", [False, True])
def test_on_a_log_of_any_shape_80_percent_holds_and_simpler_forecasts_are_matched(shape: str, *, with_last: bool) -> None:
    outcome = run_backtest(make_log(shape, cases=400), with_last=with_last)
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
    log = make_log("drift", cases=30)
    without, with_last = run_backtest(log), run_backtest(log, with_last=True)
    assert without.scored + without.unscored == len(log) - 30
    assert with_last.scored + with_last.unscored == len(log)


def test_what_is_still_to_come_changes_no_forecast() -> None:
    log = make_log("drift", cases=150)
    now = log[len(log) // 2].at
    chance = random.Random(9)
    future = [event for event in log if event.at > now]
    moments = sorted(now + (event.at - now) * chance.uniform(0.1, 5) for event in future)
    # Every case goes on in the other future too, with other activities at other moments.
    others = [LogEvent(event.case, "another", at) for event, at in zip(chance.sample(future, len(future)), moments, strict=True)]
    changed = [event for event in log if event.at <= now] + others
    assert list(given_until(log, now)) == list(given_until(changed, now))


def given_until(log: Sequence[LogEvent], now: datetime) -> Iterator[object]:
    given = [one for one, _ in replay(log) if one.event.at <= now]
    assert len(given) > 100
    return iter(sorted((one.event.at, one.event.case, one.latest, sorted(one.said.items())) for one in given))


def test_open_cases_make_it_less_rosy() -> None:
    # Half of the cases take an hour and half take 40 days; after 20 days only the short ones have ended.
    chance = random.Random(5)
    begins = [BEGIN + timedelta(hours=3 * case) for case in range(200)]
    ends = [at + timedelta(days=chance.choice([1 / 24, 40])) for at in begins]
    log = [LogEvent(str(case), "ab"[step], at) for step, moments in enumerate((begins, ends)) for case, at in enumerate(moments)]
    log.sort(key=lambda event: event.at)
    early = [(given, rest) for given, rest in replay(log) if timedelta(days=4) < given.event.at - BEGIN < timedelta(days=20)]
    latest_days = [given.latest / 86_400 for given, _ in early]
    assert all(given.said[MEAN] < 4_000 for given, _ in early)
    assert min(latest_days) > 1


@pytest.mark.parametrize("log", [[], [LogEvent("1", "a", BEGIN)], [LogEvent("1", "a", BEGIN), LogEvent("2", "a", BEGIN)]])
def test_a_log_that_teaches_nothing_is_not_scored(log: list[LogEvent]) -> None:
    outcome = run_backtest(log)
    assert (outcome.scored, outcome.methods) == (0, {})


def test_work_that_always_takes_the_same_is_forecast_exactly() -> None:
    begins = [BEGIN + timedelta(hours=5 * case) for case in range(200)]
    log = [LogEvent(str(case), f"a{days}", at + timedelta(days=days)) for case, at in enumerate(begins) for days in (0, 1, 3)]
    outcome = run_backtest(sorted(log, key=lambda event: event.at))
    assert outcome.methods[OURS].off_by < 3_600
    assert outcome.done_by_latest > 0.8
