"""Adding lines to a running request, as rules: the same plan as one order of all, and what stands in the way."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.catalog.agreement import ApprovalRule, Approver, ApproverKind, Payer, Price
from portal.catalog.definition import BlockDefinition, Line, ProductDefinition
from portal.planning.norm import Norm, NormUnit
from portal.requests.approving import needed_for_added
from portal.requests.changing.joining import Hurdle, Standing, find_obstacles, join, place_of
from portal.requests.changing.no_return import Barrier, Window
from portal.requests.fanout import plan_tasks
from portal.requests.planner import through_gone
from portal.requests.workflow import TaskState
from tests.factories import make_line, words
from tests.requests.test_fanout import bundles, make_definition

OPEN, STARTED = Window(), Window(barrier=Barrier.STARTED)


@given(bundles(), st.data())
def test_adding_in_any_order_makes_the_plan_of_one_order(bundle: tuple[ProductDefinition, list[Line]], data: st.DataObject) -> None:
    definition, lines = bundle
    whole = {task.block: (set(task.after), task.offsets) for task in plan_tasks(definition=definition, lines=lines)}
    there: list[Line] = []
    after: dict[str, object] = {}
    order: list[str] = []
    for line in data.draw(st.permutations(lines)):
        joined = join(definition=definition, there=there, new=[line])
        after |= {task.block: (set(task.after), task.offsets) for task in (*joined.tasks, *joined.followers)}
        order.insert(place_of(line.block, order=order, joined=joined, last=len(order)), line.block)
        there.append(line)
    assert after == whole
    for task in plan_tasks(definition=definition, lines=lines):
        assert all(order.index(before) < order.index(task.block) for before in task.after_blocks)


def obstacles(standing: dict[str, Standing], window: Window = OPEN) -> list[tuple[Hurdle, str]]:
    """Add `b` to a product a <- b <- c of which the blocks stand so."""
    definition = make_definition([make_line(one) for one in "abc"], [("b", "a"), ("c", "b")])
    there = [make_line(block) for block, one in standing.items() if not one.is_gone and block != "b"]
    joined = join(definition=definition, there=there, new=[make_line("b")])
    found = find_obstacles(definition=definition, joined=joined, standing=standing, windows={"b": window})
    return [(one.hurdle, one.block) for one in found]


@pytest.mark.parametrize(
    ("standing", "found"),
    [
        ({"a": Standing(state=TaskState.DONE, window=STARTED), "c": Standing(state=TaskState.READY, window=OPEN)}, []),
        ({"c": Standing(state=TaskState.IN_PROGRESS, window=OPEN)}, [(Hurdle.FOLLOWER, "c")]),
        ({"c": Standing(state=TaskState.DONE, window=STARTED)}, [(Hurdle.FOLLOWER, "c")]),
        ({"c": Standing(state=TaskState.WAITING, window=STARTED)}, [(Hurdle.FOLLOWER, "c")]),
        ({"c": Standing(state=TaskState.CANCELLED, window=STARTED)}, []),
        ({"a": Standing(state=TaskState.CANCELLED, window=STARTED)}, [(Hurdle.NEEDS_GONE, "a")]),
        ({"b": Standing(state=TaskState.CANCELLED, window=STARTED)}, []),
        ({"b": Standing(state=TaskState.REFUSED, window=STARTED)}, [(Hurdle.REFUSED, "b")]),
    ],
)
def test_what_stands_in_the_way(standing: dict[str, Standing], found: list[tuple[Hurdle, str]]) -> None:
    assert obstacles(standing) == found


def test_a_line_past_its_own_point_of_no_return_is_too_late() -> None:
    assert obstacles({}, window=Window(barrier=Barrier.TOO_LATE)) == [(Hurdle.TOO_LATE, "b")]


@pytest.mark.parametrize(
    ("above", "cents", "total", "is_asked", "payer", "expected"),
    [
        (None, 500, 1500, False, Payer.COST_CENTRE, [("a", 500)]),
        (None, 500, 1500, True, Payer.COST_CENTRE, []),
        (1000, 500, 1500, False, Payer.COST_CENTRE, [("a", 500)]),
        (2000, 500, 1500, False, Payer.COST_CENTRE, []),
        (1000, 500, 1500, False, Payer.CENTRAL, []),
    ],
)
def test_the_rule_of_the_product_asks_about_an_added_line(
    *, above: int | None, cents: int, total: int, is_asked: bool, payer: Payer, expected: list[tuple[str, int]]
) -> None:
    rule = ApprovalRule(approvers=(Approver(kind=ApproverKind.MANAGER),), above_cents=above)
    line = make_line("a")
    definition = replace(make_definition([line], []), approval=rule)
    block = BlockDefinition(
        code="a",
        name=words("a"),
        description=words("a"),
        department="ict",
        norm=Norm(1, NormUnit.WORKING_DAYS),
        task=words("a"),
        checklist=(),
        questions=(),
    )
    prices = {"a": Price(once_cents=cents, payer=payer)}
    needed = needed_for_added(
        definition=definition, lines=[line], blocks={"a": block}, answers={}, prices=prices, total=total, is_asked=is_asked
    )
    assert [(one.block, one.amount) for one in needed] == expected


@pytest.mark.parametrize(
    ("gone", "after"),
    [(set(), {3: 30}), ({3}, {2: 0, 1: 0}), ({3, 2}, {1: 0}), ({3, 2, 1}, {})],
)
def test_what_left_the_plan_is_bridged_without_its_offset(gone: set[int], after: dict[int, int]) -> None:
    before = {4: {3: 30}, 3: {2: 20, 1: 0}, 2: {1: 10}}
    assert through_gone(4, before, gone) == after
