"""The forecast: the norm where nothing is known, what it really took where much is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.planning.forecast import SHARES, estimate, estimate_wait, ladder_of, whole_minutes

DURATIONS = st.lists(st.integers(0, 20_000), max_size=60)
NORMS = st.integers(1, 20_000)


def test_without_measurements_80_percent_is_done_by_the_norm() -> None:
    forecast = estimate(norm_minutes=1080, recent=[])
    assert (forecast.expected_minutes, forecast.latest_minutes) == (1080, 1080)
    assert forecast.ladder == (1080,) * 16 + (1248, 1528, 2160)


def test_measurements_weigh_against_the_norm() -> None:
    # Five durations weigh 4.78 against a norm of 5: 0.489 of the measured half (200) and of the measured 80 % (400).
    forecast = estimate(norm_minutes=1000, recent=[200, 100, 400, 200, 500])
    assert forecast.expected_minutes == 610
    assert 700 < forecast.latest_minutes < 710


def test_recent_work_counts_more() -> None:
    slower = estimate(norm_minutes=500, recent=[1000] * 30 + [100] * 30)
    quicker = estimate(norm_minutes=500, recent=[100] * 30 + [1000] * 30)
    assert slower.expected_minutes > 800
    assert quicker.expected_minutes < 200


def test_what_is_under_way_makes_it_less_rosy() -> None:
    recent = [100] * 10 + [200] * 10
    assert estimate(norm_minutes=100, recent=recent, running=[5_000] * 10).latest_minutes > 1_000
    assert estimate(norm_minutes=100, recent=recent, running=[1] * 10) == estimate(norm_minutes=100, recent=recent)


def test_a_higher_level_moves_the_latest_and_leaves_the_expected() -> None:
    recent = list(range(100, 2_100, 50))
    usual, careful = (estimate(norm_minutes=1_000, recent=recent, level=level) for level in (0.8, 0.95))
    assert usual.expected_minutes == careful.expected_minutes
    assert usual.latest_minutes < careful.latest_minutes


def test_one_exceptional_case_hardly_moves_it() -> None:
    assert estimate(norm_minutes=540, recent=[500] * 20 + [50_000]).latest_minutes < 540


def test_it_never_takes_no_time() -> None:
    assert estimate(norm_minutes=1, recent=[0] * 100).latest_minutes == 1
    assert estimate(norm_minutes=0, recent=[0]).expected_minutes == 1


@pytest.mark.parametrize(("elapsed", "expected", "latest"), [(0, 540, 540), (539, 540, 557), (540, 764, 1208), (1080, 1528, 2415)])
def test_what_takes_longer_than_the_norm_moves_on_by_a_believable_step(elapsed: int, expected: int, latest: int) -> None:
    found = whole_minutes(ladder_of(540, 540), elapsed=elapsed)
    assert found[0] == expected
    assert latest - 20 <= found[1] <= latest


def test_of_two_kinds_of_work_the_long_one_is_left_when_the_short_one_is_over() -> None:
    ladder = estimate(norm_minutes=60, recent=[60] * 45 + [6_000] * 45).ladder
    assert whole_minutes(ladder, elapsed=0)[0] < 3_000 < whole_minutes(ladder, elapsed=100)[0]


def test_a_pause_is_forecast_from_earlier_ones_and_else_taken_to_end_at_once() -> None:
    assert set(estimate_wait([])) == {0}
    few, many = estimate_wait([500] * 2), estimate_wait([500] * 90)
    assert few[9] < 250
    assert 400 < many[9] < 500


def test_an_approval_is_forecast_from_its_norm_and_ever_more_from_what_it_takes_lately() -> None:
    norm = ladder_of(540, 1080)
    assert estimate_wait([], norm=norm) == norm
    few, many = estimate_wait([2_000] * 2, norm=norm), estimate_wait([2_000] * 90, norm=norm)
    assert 540 < few[9] < 1_200 < many[9] < 2_000


def test_what_is_waited_for_still_lasts_at_least_so_long() -> None:
    assert estimate_wait([60] * 5, running=[900] * 5)[15] > estimate_wait([60] * 5)[15]


@given(NORMS, DURATIONS, DURATIONS, st.floats(0.05, 0.999))
def test_the_latest_is_never_before_the_expected(norm: int, recent: list[int], running: list[int], level: float) -> None:
    forecast = estimate(norm_minutes=norm, recent=recent, running=running, level=level)
    assert 1 <= forecast.expected_minutes <= forecast.latest_minutes
    assert list(forecast.ladder) == sorted(forecast.ladder)
    assert len(forecast.ladder) == len(SHARES)


@given(NORMS, DURATIONS.filter(bool), st.integers(0, 30_000), st.integers(0, 30_000))
def test_longer_under_way_is_never_done_earlier(norm: int, recent: list[int], one: int, other: int) -> None:
    ladder = estimate(norm_minutes=norm, recent=recent).ladder
    sooner, later = (whole_minutes(ladder, elapsed=elapsed) for elapsed in sorted((one, other)))
    assert sooner[0] <= later[0]
    assert sooner[1] <= later[1]
    assert min(one, other) <= sooner[0] <= sooner[1]
