"""The states of tasks and requests."""

from itertools import product

import pytest

from portal.core.errors import IllegalTransitionError
from portal.requests.workflow import CLOSED, RequestState, TaskState, TaskStep, check, derive_request_state, steps_from


def test_a_closed_task_never_changes_unless_what_was_done_is_not_right() -> None:
    assert check(TaskState.DONE, TaskStep.REOPEN) is TaskState.WAITING
    for state, step in set(product(CLOSED, TaskStep)) - {(TaskState.DONE, TaskStep.REOPEN)}:
        with pytest.raises(IllegalTransitionError):
            check(state, step)


def test_every_state_can_be_reached_and_only_what_was_not_done_is_a_dead_end() -> None:
    reached = {check(state, step) for state in TaskState for step in steps_from(state)}
    assert reached | {TaskState.WAITING} == set(TaskState)
    assert {state for state in TaskState if not steps_from(state)} == CLOSED - {TaskState.DONE}


@pytest.mark.parametrize(
    ("tasks", "state"),
    [
        (["ready", "waiting"], RequestState.SUBMITTED),
        (["in_progress", "waiting"], RequestState.IN_PROGRESS),
        (["done", "ready"], RequestState.IN_PROGRESS),
        (["suspended", "waiting"], RequestState.SUSPENDED),
        (["suspended", "ready"], RequestState.IN_PROGRESS),
        (["done", "refused", "cancelled"], RequestState.DONE),
        (["refused", "cancelled"], RequestState.REFUSED),
        (["cancelled"], RequestState.CANCELLED),
    ],
)
def test_the_state_of_a_request_follows_from_its_tasks(tasks: list[str], state: RequestState) -> None:
    assert derive_request_state([TaskState(one) for one in tasks]) is state
