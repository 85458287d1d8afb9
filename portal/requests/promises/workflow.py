"""The states of a promise, and which step leads where. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from portal.core.errors import IllegalTransitionError


class PromiseState(StrEnum):
    """Where a promise stands."""

    OPEN = "open"
    KEPT = "kept"
    KEPT_EARLY = "kept_early"
    BROKEN = "broken"
    CANCELLED = "cancelled"


class PromiseStep(StrEnum):
    """What can be done with a promise."""

    KEEP = "keep"
    KEEP_EARLY = "keep_early"
    MOVE = "move"
    BREAK = "break"
    CANCEL = "cancel"


class Channel(StrEnum):
    """How we come back to somebody."""

    PHONE = "phone"
    MAIL = "mail"
    COUNTER = "counter"
    CHAT = "chat"
    PORTAL = "portal"


AROUND: Final = timedelta(minutes=15)
"""So long before its moment the keeper is told, and so long after it a promise can still be ticked: a conversation takes time."""

SETTLED: Final = frozenset({PromiseState.KEPT, PromiseState.KEPT_EARLY, PromiseState.BROKEN})

TRANSITIONS: Final[Mapping[PromiseStep, tuple[frozenset[PromiseState], PromiseState]]] = {
    PromiseStep.KEEP: (frozenset({PromiseState.OPEN}), PromiseState.KEPT),
    PromiseStep.KEEP_EARLY: (frozenset({PromiseState.OPEN}), PromiseState.KEPT_EARLY),
    PromiseStep.MOVE: (frozenset({PromiseState.OPEN}), PromiseState.OPEN),
    PromiseStep.BREAK: (frozenset({PromiseState.OPEN}), PromiseState.BROKEN),
    PromiseStep.CANCEL: (frozenset({PromiseState.OPEN}), PromiseState.CANCELLED),
}


def check(state: PromiseState, step: PromiseStep) -> PromiseState:
    """Give the state to which `step` leads from `state`.

    :raises IllegalTransitionError: the step is not possible in this state.
    """
    allowed, target = TRANSITIONS[step]
    if state not in allowed:
        raise IllegalTransitionError("promise", state, step)
    return target


def keeping_step(*, due_at: datetime, at: datetime) -> PromiseStep:
    """Name the step of keeping a promise at `at`: early when it is more than `AROUND` before its moment."""
    return PromiseStep.KEEP_EARLY if at < due_at - AROUND else PromiseStep.KEEP


def breaks_at(due_at: datetime) -> datetime:
    """Give the moment at which a promise that nobody ticked is broken."""
    return due_at + AROUND


def may_still_move(*, due_at: datetime, at: datetime) -> bool:
    """Tell whether a promise can be moved: only before its moment."""
    return at < due_at
