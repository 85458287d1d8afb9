"""The life of a simulation, and which step leads where. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from portal.core.errors import IllegalTransitionError


class SimulationState(StrEnum):
    """Where a simulation stands."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class SimulationStep(StrEnum):
    """What can happen to a simulation."""

    FINISH = "finish"
    CANCEL = "cancel"
    FAIL = "fail"


TRANSITIONS: Final[Mapping[SimulationStep, tuple[frozenset[SimulationState], SimulationState]]] = {
    SimulationStep.FINISH: (frozenset({SimulationState.RUNNING}), SimulationState.DONE),
    SimulationStep.CANCEL: (frozenset({SimulationState.RUNNING}), SimulationState.CANCELLED),
    SimulationStep.FAIL: (frozenset({SimulationState.RUNNING}), SimulationState.FAILED),
}


def check(state: SimulationState, step: SimulationStep) -> SimulationState:
    """Give the state to which `step` leads from `state`.

    :raises IllegalTransitionError: the step is not possible in this state.
    """
    allowed, target = TRANSITIONS[step]
    if state not in allowed:
        raise IllegalTransitionError("simulation", state, step)
    return target
