"""Fan-out: one task per line, in an order that can be done."""

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.catalog.definition import Dependency, Level, Line, Need, ProductDefinition, ProductKind, Theme, Tier
from portal.planning.plan import DependencyKind, PlanError
from portal.requests.fanout import plan_tasks
from tests.factories import make_line, words


def make_definition(lines: list[Line], dependencies: list[tuple[str, str]]) -> ProductDefinition:
    return ProductDefinition(
        code="product",
        kind=ProductKind.SITUATION,
        tier=Tier.BASIC,
        level=Level.OPERATIONAL,
        owner="ict",
        theme=Theme.PEOPLE,
        icon="person",
        name=words("product"),
        summary=words("summary"),
        description=words("description"),
        conditions=(),
        audience=frozenset({"employee"}),
        lines=tuple(lines),
        dependencies=tuple(Dependency(block=block, after=after, kind=DependencyKind.NEEDS) for block, after in dependencies),
    )


@st.composite
def bundles(draw: st.DrawFn) -> tuple[ProductDefinition, list[Line]]:
    """Draw a product without circles and the lines of it that are in the bundle."""
    blocks = [f"block{number}" for number in range(draw(st.integers(1, 8)))]
    pairs = [(late, early) for place, late in enumerate(blocks) for early in blocks[:place]]
    dependencies = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    lines = [make_line(block) for block in blocks]
    kept = draw(st.lists(st.sampled_from(lines), unique_by=lambda line: line.block, min_size=1))
    return make_definition(lines, dependencies), kept


@given(bundles())
def test_every_line_is_one_task_and_the_order_of_the_product_is_kept(bundle: tuple[ProductDefinition, list[Line]]) -> None:
    definition, lines = bundle
    tasks = plan_tasks(definition=definition, lines=lines)
    assert sorted(task.block for task in tasks) == sorted(line.block for line in lines)
    whole = nx.DiGraph([(one.after, one.block) for one in definition.dependencies])
    whole.add_nodes_from(line.block for line in definition.lines)
    plan = nx.DiGraph([(after, task.block) for task in tasks for after in task.after_blocks])
    plan.add_nodes_from(task.block for task in tasks)
    for early in plan:
        for late in plan:
            assert nx.has_path(whole, early, late) == nx.has_path(plan, early, late)


@given(bundles())
def test_predecessors_come_first(bundle: tuple[ProductDefinition, list[Line]]) -> None:
    definition, lines = bundle
    seen: set[str] = set()
    for task in plan_tasks(definition=definition, lines=lines):
        assert seen.issuperset(task.after_blocks)
        seen.add(task.block)


def test_a_circle_is_refused_with_the_names_on_it() -> None:
    definition = make_definition([make_line("a"), make_line("b")], [("a", "b"), ("b", "a")])
    with pytest.raises(PlanError, match="cycle"):
        plan_tasks(definition=definition, lines=definition.lines)


def test_an_optional_line_keeps_its_reason() -> None:
    line = make_line("a", need=Need.OPTIONAL)
    (task,) = plan_tasks(definition=make_definition([line], []), lines=[line])
    assert task.reason == line.reason
