"""Keeping 80 % at 80 %: the level at which the latest moment is read moves with how often it came true."""

from math import exp, log, sqrt
from typing import Final

PROMISED: Final = 0.8
"""The share that must be done by the latest moment."""

START: Final = 0.87
"""Where the level begins: a little above, because little is known then and durations are underestimated at first."""

_FIRST_STEP: Final = 0.12
_STEP: Final = 0.01
_LOWEST, _HIGHEST = 0.05, 0.999


def moved(level: float, *, held: bool, learned: int, step: float = _STEP) -> float:
    """Give the level after one more outcome: lower when the latest moment held, higher when it was missed.

    A miss moves it four times as far as a hit, so that it stands still when 80 % hold: adaptive conformal inference
    (Gibbs & Candes 2021, "Adaptive conformal inference under distribution shift", NeurIPS 34), here on the log-odds of
    the level, so that it stays between 0 and 1. `learned` counts the outcomes before this one: the first move it most.
    """
    pace = max(step, _FIRST_STEP / sqrt(learned + 1))
    odds = log(level / (1 - level)) + pace * (PROMISED - held) / (PROMISED * (1 - PROMISED))
    return min(_HIGHEST, max(_LOWEST, 1 / (1 + exp(-odds))))
