"""The life of a version in the catalogue, and which step leads where. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from portal.core.errors import IllegalTransitionError


class VersionState(StrEnum):
    """Where a version of a product or a building block stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    RETIRED = "retired"


class VersionStep(StrEnum):
    """What can be done with a version."""

    CHANGE = "change"
    SEND = "send"
    SEND_BACK = "send_back"
    SCHEDULE = "schedule"
    PUBLISH = "publish"
    RETIRE = "retire"
    WITHDRAW = "withdraw"


OPEN: Final = frozenset({VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.SCHEDULED})
"""States of a version that is on its way; there is at most one at a time."""

TRANSITIONS: Final[Mapping[VersionStep, tuple[frozenset[VersionState], VersionState]]] = {
    VersionStep.CHANGE: (frozenset({VersionState.DRAFT}), VersionState.DRAFT),
    VersionStep.SEND: (frozenset({VersionState.DRAFT}), VersionState.IN_REVIEW),
    VersionStep.SEND_BACK: (frozenset({VersionState.IN_REVIEW, VersionState.SCHEDULED}), VersionState.DRAFT),
    VersionStep.SCHEDULE: (frozenset({VersionState.IN_REVIEW}), VersionState.SCHEDULED),
    VersionStep.PUBLISH: (frozenset({VersionState.IN_REVIEW, VersionState.SCHEDULED}), VersionState.PUBLISHED),
    VersionStep.RETIRE: (frozenset({VersionState.PUBLISHED}), VersionState.RETIRED),
    VersionStep.WITHDRAW: (frozenset({VersionState.DRAFT}), VersionState.RETIRED),
}


def check(state: VersionState, step: VersionStep) -> VersionState:
    """Give the state to which `step` leads from `state`.

    :raises IllegalTransitionError: the step is not possible in this state.
    """
    allowed, target = TRANSITIONS[step]
    if state not in allowed:
        raise IllegalTransitionError("version", state, step)
    return target


def steps_from(state: VersionState) -> frozenset[VersionStep]:
    """List the steps that are possible in a state."""
    return frozenset(step for step, (allowed, _) in TRANSITIONS.items() if state in allowed)
