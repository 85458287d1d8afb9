"""The forecast: the norm where nothing is known, what it really took where much is."""

import random
import statistics

from hypothesis import given
from hypothesis import strategies as st

from portal.planning.forecast import CREDIBILITY, Estimate, estimate

DURATIONS = st.lists(st.integers(0, 20_000), max_size=60)
NORMS = st.integers(1, 20_000)


def test_without_measurements_it_is_the_norm() -> None:
    assert estimate(norm_minutes=1080, recent=[]) == Estimate(1080, 1080)


def test_as_many_measurements_as_the_credibility_weigh_as_much_as_the_norm() -> None:
    assert estimate(norm_minutes=1000, recent=[200, 100, 400, 300, 500]) == Estimate(650, 700)


def test_one_exceptional_case_hardly_moves_it() -> None:
    assert estimate(norm_minutes=540, recent=[500] * 20 + [50_000]).latest_minutes < 540


def test_it_never_takes_no_time() -> None:
    assert estimate(norm_minutes=1, recent=[0] * 100) == Estimate(1, 1)
    assert estimate(norm_minutes=0, recent=[0]) == Estimate(1, 1)


@given(NORMS, DURATIONS)
def test_the_latest_is_never_before_the_expected(norm: int, recent: list[int]) -> None:
    forecast = estimate(norm_minutes=norm, recent=recent)
    assert 1 <= forecast.expected_minutes <= forecast.latest_minutes


@given(NORMS, DURATIONS.filter(bool))
def test_it_lies_between_the_norm_and_what_it_took(norm: int, recent: list[int]) -> None:
    forecast = estimate(norm_minutes=norm, recent=recent)
    for minutes, measured in (
        (forecast.expected_minutes, statistics.median_low(recent)),
        (forecast.latest_minutes, sorted(recent)[-(-len(recent) * 4 // 5) - 1]),
    ):
        assert min(norm, measured) <= minutes <= max(norm, measured)
        weighed = (len(recent) * measured + CREDIBILITY * norm) / (len(recent) + CREDIBILITY)
        assert abs(minutes - weighed) <= 1


@given(NORMS, DURATIONS, st.randoms(use_true_random=False))
def test_the_order_of_the_measurements_does_not_matter(norm: int, recent: list[int], chance: random.Random) -> None:
    shuffled = chance.sample(recent, len(recent))
    assert estimate(norm_minutes=norm, recent=shuffled) == estimate(norm_minutes=norm, recent=recent)
