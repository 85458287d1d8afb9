"""Editing a product as data: whatever is done, nothing else is lost and no end hangs loose."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.catalog.codec import product_as_data, product_from_data
from portal.catalog.definition import Outcome, ProductDefinition, TreeOption, TreeQuestion
from portal.composing import edits
from portal.core.errors import NotFoundError
from tests.catalog.examples import product_with
from tests.catalog.strategies import products
from tests.factories import make_line, words


def groups_of(product: ProductDefinition) -> list[str]:
    return [edits.ALWAYS, *(one.code for one in (product.tree.outcomes if product.tree else ()))]


@given(products, some.data())
def test_moving_and_putting_back_changes_nothing(product: ProductDefinition, data: some.DataObject) -> None:
    group = data.draw(some.sampled_from(groups_of(product)))
    lines = edits.lines_in(product, group)
    for at in range(len(lines)):
        moved = edits.with_line_moved(product, group, at, is_up=False)
        assert sorted(map(repr, edits.lines_in(moved, group))) == sorted(map(repr, lines))
        back = edits.with_line_moved(moved, group, min(at + 1, len(lines) - 1), is_up=True) if at + 1 < len(lines) else moved
        assert back == product


@given(products, some.data())
def test_taking_out_leaves_no_loose_ends(product: ProductDefinition, data: some.DataObject) -> None:
    group = data.draw(some.sampled_from(groups_of(product)))
    for at in range(len(edits.lines_in(product, group))):
        changed = edits.without_line(product, group, at)
        assert len(edits.lines_in(changed, group)) == len(edits.lines_in(product, group)) - 1
        blocks = set(changed.block_codes())
        assert all({one.block, one.after} <= blocks for one in changed.dependencies)
        assert product_from_data(product_as_data(changed)) == changed


@given(products)
def test_putting_a_part_in_its_own_place_changes_nothing(product: ProductDefinition) -> None:
    tree = product.tree
    for question in tree.questions if tree else ():
        assert edits.with_question(product, question) == product
        for answer in question.options:
            assert edits.with_answer(product, question.code, answer) == product
    for outcome in tree.outcomes if tree else ():
        assert edits.with_outcome(product, outcome) == product


def test_a_tree_begins_with_its_first_question_and_ends_with_its_last() -> None:
    product = product_with([make_line("desk")])
    question = TreeQuestion(code="where", label=words("Where?"), options=())
    grown = edits.with_outcome(edits.with_question(product, question), Outcome(code="home", name=words("Home"), reason=words("So.")))
    grown = edits.with_answer(grown, "where", TreeOption(code="h", label=words("Home"), outcome="home"))
    assert grown.tree is not None
    assert (grown.tree.start, grown.tree.questions[0].options[0].outcome) == ("where", "home")
    assert edits.without_branch(grown, "question", "where", "h") == edits.with_question(grown, question)
    assert edits.without_branch(grown, "question", "where") == product
    second = edits.with_question(grown, replace(question, code="when"))
    tree = edits.without_branch(second, "question", "where").tree
    assert tree is not None
    assert tree.start == "when"


@pytest.mark.parametrize("group", ["gone", "home"])
def test_what_is_not_there_is_not_found(group: str) -> None:
    product = product_with([make_line("desk")])
    for ask in (
        lambda: edits.lines_in(product, group),
        lambda: edits.line_at(product, edits.ALWAYS, 1),
        lambda: edits.question_of(product, group),
        lambda: edits.without_branch(product, "outcome", group),
        lambda: edits.with_outcome(product, Outcome(code="a", name=words("a"), reason=words("a"))),
    ):
        with pytest.raises(NotFoundError):
            ask()
