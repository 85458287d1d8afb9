"""80 % stays 80 %: the level moves with what came true."""

import random
from statistics import fmean

import pytest

from portal.planning.calibration import PROMISED, START, moved


def test_a_miss_moves_it_four_times_as_far_as_a_hit() -> None:
    def odds(level: float) -> float:
        return level / (1 - level)

    down, up = moved(0.8, held=True, learned=10_000), moved(0.8, held=False, learned=10_000)
    assert down < 0.8 < up
    assert odds(up) / odds(0.8) == pytest.approx((odds(0.8) / odds(down)) ** 4)


def test_the_first_outcomes_move_it_most() -> None:
    assert moved(0.8, held=False, learned=0) > moved(0.8, held=False, learned=100) > moved(0.8, held=False, learned=10_000)


def test_it_stays_between_none_and_all() -> None:
    low = high = 0.8
    for learned in range(2_000):
        low, high = moved(low, held=True, learned=learned), moved(high, held=False, learned=learned)
    assert 0 < low < 0.1
    assert 0.99 < high < 1


@pytest.mark.parametrize("slower", [1.0, 2.0, 0.5])
def test_80_percent_holds_whatever_the_curve_thinks(slower: float) -> None:
    # The curve says that a share p is done after p; it really takes `slower` times as long.
    chance, level, held = random.Random(3), START, []
    for learned in range(4_000):
        held.append(chance.random() * slower <= min(level, 1) * (2 if level > 0.95 else 1))
        level = moved(level, held=held[-1], learned=learned)
    assert fmean(held[500:]) == pytest.approx(PROMISED, abs=0.03)
