"""Who must approve, and what decisions come to."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.catalog.agreement import ApprovalMode, ApprovalRule, Approver, ApproverKind
from portal.core.errors import IllegalTransitionError
from portal.people.roles import Role
from portal.requests.approvers import Addressee, Circle, Colleague, Route, addressee_of, addressees_of
from portal.requests.approving import (
    OPEN_STEPS,
    ApprovalState,
    StepMove,
    StepState,
    check,
    first_asked,
    is_needed,
    settle,
)

MANAGER = Approver(kind=ApproverKind.MANAGER)
BUDGET = Approver(kind=ApproverKind.BUDGET_HOLDER)
OWNER = Approver(kind=ApproverKind.PRODUCT_OWNER)
ADMIN = Approver(kind=ApproverKind.ROLE, role=Role.ADMINISTRATOR)
ANSWER = Approver(kind=ApproverKind.FROM_ANSWER, question="who")
OWNERS = 7  # the department that owns the product


def make_circle(
    managers: dict[int, int | None],
    *,
    left: frozenset[int] = frozenset(),
    concerned: frozenset[int] = frozenset({1}),
    held: frozenset[tuple[Role, int | None]] = frozenset({(Role.DEPARTMENT_MANAGER, OWNERS), (Role.COORDINATOR, None)}),
    budget_holder: int | None = None,
    answer: int | None = None,
) -> Circle:
    people = {one: Colleague(id=one, manager_id=manager, is_active=one not in left) for one, manager in managers.items()}
    return Circle(
        requester_id=1,
        owner_department_id=OWNERS,
        concerned=concerned,
        find=people.get,
        has_holders=lambda role, department_id: (role, department_id) in held,
        budget_holder_id=budget_holder,
        answers={"who": answer},
    )


@pytest.mark.parametrize(
    ("approver", "circle", "person_id", "route"),
    [
        (MANAGER, make_circle({1: 2, 2: None}), 2, Route.DIRECT),
        (MANAGER, make_circle({1: 2, 2: 3, 3: None}, left=frozenset({2})), 3, Route.GONE),
        (MANAGER, make_circle({1: 2, 2: 3, 3: None}, concerned=frozenset({1, 2})), 3, Route.OWN_REQUEST),
        (MANAGER, make_circle({1: None}), None, Route.UNKNOWN),
        (MANAGER, make_circle({1: 2, 2: 1}, concerned=frozenset({1, 2})), None, Route.OWN_REQUEST),
        (BUDGET, make_circle({1: 2, 2: None}, budget_holder=1), 2, Route.OWN_REQUEST),
        (BUDGET, make_circle({1: 2}), None, Route.UNKNOWN),
        (ANSWER, make_circle({1: 2, 4: None}, answer=4), 4, Route.DIRECT),
        (ANSWER, make_circle({1: 2}, answer=None), None, Route.UNKNOWN),
        (OWNER, make_circle({1: 2}), None, Route.DIRECT),
    ],
)
def test_the_line_is_climbed_and_ends_with_the_owner(approver: Approver, circle: Circle, person_id: int | None, route: Route) -> None:
    found = addressee_of(approver, circle)
    assert (found.person_id, found.route) == (person_id, route)
    if person_id is None:
        assert (found.role, found.department_id) == (Role.DEPARTMENT_MANAGER, OWNERS)


def test_without_holder_of_the_role_a_coordinator_is_asked() -> None:
    assert addressee_of(ADMIN, make_circle({1: None})) == Addressee(kind=ApproverKind.ROLE, role=Role.COORDINATOR, route=Route.UNKNOWN)
    assert addressee_of(OWNER, make_circle({1: None}, held=frozenset())).role is Role.COORDINATOR


def test_who_is_named_twice_is_asked_once() -> None:
    circle = make_circle({1: 2, 2: None}, budget_holder=2)
    assert [one.kind for one in addressees_of((MANAGER, BUDGET, OWNER), circle)] == [ApproverKind.MANAGER, ApproverKind.PRODUCT_OWNER]


@pytest.mark.parametrize(("amount", "answer", "is_asked"), [(501, "yes", True), (500, "yes", False), (501, "no", False)])
def test_above_the_amount_and_when_the_condition_holds(amount: int, answer: str, *, is_asked: bool) -> None:
    rule = ApprovalRule(approvers=(MANAGER,), above_cents=500, when={"question": "urgent", "is": "yes"})
    assert is_needed(rule, {"urgent": answer}, amount=amount) is is_asked


def test_every_move_has_its_states() -> None:
    for state, move in product(StepState, StepMove):
        if (state, move) in {
            (StepState.WAITING, StepMove.ASK),
            (StepState.ASKED, StepMove.APPROVE),
            (StepState.ASKED, StepMove.REFUSE),
        } or (move is StepMove.LAPSE and state in OPEN_STEPS):
            assert check(state, move) is not state
        else:
            with pytest.raises(IllegalTransitionError):
                check(state, move)


@settings(max_examples=150)
@given(
    managers=st.dictionaries(st.integers(1, 6), st.one_of(st.none(), st.integers(1, 6)), min_size=1),
    left=st.frozensets(st.integers(1, 6)),
    concerned=st.frozensets(st.integers(1, 6)).map(lambda ids: ids | {1}),
    holder=st.one_of(st.none(), st.integers(1, 6)),
    answer=st.one_of(st.none(), st.integers(1, 6)),
    approvers=st.lists(st.sampled_from([MANAGER, BUDGET, OWNER, ADMIN, ANSWER]), min_size=1, max_size=5),
    held=st.frozensets(st.sampled_from([(Role.DEPARTMENT_MANAGER, OWNERS), (Role.ADMINISTRATOR, None)])),
)
def test_there_is_always_somebody_and_never_who_is_concerned(
    *,
    managers: dict[int, int | None],
    left: frozenset[int],
    concerned: frozenset[int],
    holder: int | None,
    answer: int | None,
    approvers: list[Approver],
    held: frozenset[tuple[Role, int | None]],
) -> None:
    circle = make_circle(managers, left=left, concerned=concerned, held=held, budget_holder=holder, answer=answer)
    found = addressees_of(approvers, circle)
    assert found
    for one in found:
        assert (one.person_id is None) is not (one.role is None)
        assert one.person_id not in concerned | left
        assert one.role in {None, Role.COORDINATOR} or (one.role, one.department_id) in held


@settings(max_examples=200)
@given(
    mode=st.sampled_from(ApprovalMode),
    number=st.integers(1, 5),
    decisions=st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=12),
)
def test_decisions_in_any_order_end_right(mode: ApprovalMode, number: int, decisions: list[tuple[int, bool]]) -> None:
    states, outcome = first_asked(mode, number), ApprovalState.OPEN
    given_, refused = 0, 0
    for place, is_approved in decisions:
        asked = [index for index, state in enumerate(states) if state is StepState.ASKED]
        if not asked:
            break
        chosen = asked[place % len(asked)]
        states[chosen] = check(states[chosen], StepMove.APPROVE if is_approved else StepMove.REFUSE)
        given_, refused = given_ + is_approved, refused + (not is_approved)
        outcome, states = settle(mode, states)
    if mode is ApprovalMode.ONE_OF:
        expected = ApprovalState.APPROVED if given_ else ApprovalState.REFUSED if refused == number else ApprovalState.OPEN
    else:
        expected = ApprovalState.REFUSED if refused else ApprovalState.APPROVED if given_ == number else ApprovalState.OPEN
    assert outcome is expected
    # What is open waits for somebody who was asked; what is settled waits for nobody.
    assert (StepState.ASKED in states) is (outcome is ApprovalState.OPEN)
    assert outcome is ApprovalState.OPEN or not OPEN_STEPS.intersection(states)
    if mode is ApprovalMode.IN_ORDER:
        assert states.count(StepState.ASKED) <= 1
