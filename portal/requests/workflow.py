"""The states of a task and of a request, and which step leads where. Pure."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from portal.core.errors import IllegalTransitionError


class TaskState(StrEnum):
    """Where a task stands."""

    WAITING = "waiting"
    READY = "ready"
    IN_PROGRESS = "in_progress"
    SUSPENDED = "suspended"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class TaskStep(StrEnum):
    """What can be done with a task."""

    RELEASE = "release"
    HOLD = "hold"
    START = "start"
    SUSPEND = "suspend"
    RESUME = "resume"
    FINISH = "finish"
    REFUSE = "refuse"
    DENY = "deny"
    CANCEL = "cancel"
    REOPEN = "reopen"


class RequestState(StrEnum):
    """Where a request stands; always derived from its tasks."""

    SUBMITTED = "submitted"
    IN_PROGRESS = "in_progress"
    SUSPENDED = "suspended"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class SuspendReason(StrEnum):
    """Why the clock of a task stands still."""

    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    OTHER = "other"


class NextKind(StrEnum):
    """What the next moment of an open request is."""

    PROMISE = "promise"
    QUESTION = "question"
    EXPECTED = "expected"


CLOSED: Final = frozenset({TaskState.DONE, TaskState.REFUSED, TaskState.CANCELLED})
EXTENDABLE: Final = frozenset({TaskState.READY, TaskState.IN_PROGRESS, TaskState.SUSPENDED})
CLOSED_REQUESTS: Final = frozenset({RequestState.DONE, RequestState.REFUSED, RequestState.CANCELLED})

TRANSITIONS: Final[Mapping[TaskStep, tuple[frozenset[TaskState], TaskState]]] = {
    TaskStep.RELEASE: (frozenset({TaskState.WAITING}), TaskState.READY),
    # Something new was put before it.
    TaskStep.HOLD: (frozenset({TaskState.READY}), TaskState.WAITING),
    TaskStep.START: (frozenset({TaskState.READY}), TaskState.IN_PROGRESS),
    TaskStep.SUSPEND: (frozenset({TaskState.READY, TaskState.IN_PROGRESS}), TaskState.SUSPENDED),
    TaskStep.RESUME: (frozenset({TaskState.SUSPENDED}), TaskState.IN_PROGRESS),
    TaskStep.FINISH: (frozenset({TaskState.READY, TaskState.IN_PROGRESS}), TaskState.DONE),
    TaskStep.REFUSE: (frozenset({TaskState.READY, TaskState.IN_PROGRESS, TaskState.SUSPENDED}), TaskState.REFUSED),
    # An approval was refused before the task could begin.
    TaskStep.DENY: (frozenset({TaskState.WAITING}), TaskState.REFUSED),
    TaskStep.CANCEL: (
        frozenset({TaskState.WAITING, TaskState.READY, TaskState.IN_PROGRESS, TaskState.SUSPENDED}),
        TaskState.CANCELLED,
    ),
    # What has to be done again waits for its turn like any other task, and is released in the same breath when nothing comes before it.
    TaskStep.REOPEN: (frozenset({TaskState.DONE}), TaskState.WAITING),
}


def check(state: TaskState, step: TaskStep) -> TaskState:
    """Give the state to which `step` leads from `state`.

    :raises IllegalTransitionError: the step is not possible in this state.
    """
    allowed, target = TRANSITIONS[step]
    if state not in allowed:
        raise IllegalTransitionError("task", state, step)
    return target


def steps_from(state: TaskState) -> frozenset[TaskStep]:
    """List the steps that are possible in a state."""
    return frozenset(step for step, (allowed, _) in TRANSITIONS.items() if state in allowed)


def derive_request_state(tasks: Collection[TaskState]) -> RequestState:
    """Derive where a request stands from where its tasks stand.

    Closed when all tasks are: done when at least one was done, else refused when one was refused, else
    cancelled. Suspended when nothing can go on: no task is ready or in progress and at least one is suspended.
    """
    if all(state in CLOSED for state in tasks):
        if TaskState.DONE in tasks:
            return RequestState.DONE
        return RequestState.REFUSED if TaskState.REFUSED in tasks else RequestState.CANCELLED
    can_go_on = TaskState.READY in tasks or TaskState.IN_PROGRESS in tasks
    if TaskState.SUSPENDED in tasks and not can_go_on:
        return RequestState.SUSPENDED
    is_begun = any(state not in {TaskState.WAITING, TaskState.READY} for state in tasks)
    return RequestState.IN_PROGRESS if is_begun else RequestState.SUBMITTED
