"""What must be right before a product is published."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from portal.catalog.checks import ICONS, find_product_faults
from portal.catalog.definition import (
    BlockDefinition,
    ChoiceTree,
    Dependency,
    Line,
    Need,
    Option,
    Outcome,
    Privacy,
    ProductDefinition,
    Question,
    QuestionKind,
    TreeOption,
    TreeQuestion,
)
from portal.catalog.labels import ICON_NAMES
from portal.planning.norm import Norm, NormUnit
from portal.planning.plan import DependencyKind
from tests.catalog.examples import product_with
from tests.catalog.strategies import products
from tests.factories import make_line, words

FURNITURE = Question(
    code="furniture",
    kind=QuestionKind.SEVERAL_OF,
    label=words("?"),
    need=Need.REQUIRED,
    privacy=Privacy.NONE,
    options=(Option(code="desk", label=words("desk")),),
)


def block(code: str, *questions: Question) -> BlockDefinition:
    return BlockDefinition(
        code=code,
        name=words(code),
        description=words(code),
        department="ict",
        norm=Norm(1, NormUnit.WORKING_DAYS),
        task=words(code),
        checklist=(),
        questions=questions,
    )


BLOCKS = {"desk": block("desk", FURNITURE), "pass": block("pass"), "login": block("login")}


def option(code: str, *, next_: str | None = None, outcome: str | None = None) -> TreeOption:
    return TreeOption(code=code, label=words(code), next=next_, outcome=outcome)


def ask(code: str, *options: TreeOption) -> TreeQuestion:
    return TreeQuestion(code=code, label=words(code), options=options)


def outcome(code: str, *lines: Line, go_to: str | None = None) -> Outcome:
    return Outcome(code=code, name=words(code), reason=words(code), lines=lines, go_to=go_to)


def tree(questions: Sequence[TreeQuestion], outcomes: Sequence[Outcome], start: str = "q") -> ProductDefinition:
    return product_with([make_line("desk")], tree=ChoiceTree(start=start, questions=tuple(questions), outcomes=tuple(outcomes)))


def after(block_code: str, before: str) -> Dependency:
    return Dependency(block=block_code, after=before, kind=DependencyKind.NEEDS)


GOOD = tree([ask("q", option("a", outcome="o"), option("b", next_="r")), ask("r", option("a", outcome="o"))], [outcome("o")])


def test_a_good_product_has_no_faults() -> None:
    assert find_product_faults(GOOD, BLOCKS) == {}


@pytest.mark.parametrize(
    ("product", "faults"),
    [
        (product_with([make_line("gone")]), {"lines[0].block": "unknown_block"}),
        (product_with([]), {"lines": "required"}),
        (product_with([make_line("desk")], audience=frozenset()), {"audience": "required"}),
        (product_with([make_line("desk")], audience=frozenset({"king"})), {"audience": "unknown_role: king"}),
        (product_with([make_line("desk")], icon="unicorn"), {"icon": "unknown_icon"}),
        (product_with([make_line("desk")], code="matrix"), {"code": "reserved"}),
        (product_with([make_line("desk")], wished_date="gone"), {"wished_date": "unknown_question"}),
        (product_with([make_line("desk", when={"question": "gone", "is": "x"})]), {"lines[0].when": "unknown_question: gone"}),
        (product_with([make_line("desk", when={"question": "furniture", "has": "car"})]), {"lines[0].when": "unknown_option: car"}),
        (
            product_with([make_line("desk")], dependencies=(after("desk", "pass"),)),
            {"dependencies[0].after": "unknown_block"},
        ),
        (
            product_with([make_line("desk"), make_line("pass")], dependencies=(after("desk", "pass"), after("pass", "desk"))),
            {"dependencies": "cycle: desk, pass, desk"},
        ),
        (tree([ask("q", option("a", next_="gone"))], []), {"tree.questions[0].options[0].next": "unknown_question"}),
        (tree([ask("q", option("a", outcome="gone"))], []), {"tree.questions[0].options[0].outcome": "unknown_outcome"}),
        (tree([ask("q", option("a"))], []), {"tree.questions[0].options[0]": "next_or_outcome"}),
        (
            tree([ask("q", option("a", outcome="o", next_="q"))], [outcome("o")]),
            {"tree.questions[0].options[0]": "next_or_outcome", "tree.questions[0]": "cycle"},
        ),
        (tree([ask("q")], []), {"tree.questions[0].options": "required"}),
        (tree([ask("q", option("a", outcome="o"))], [outcome("o"), outcome("p")]), {"tree.outcomes[1]": "unreachable"}),
        (
            tree([ask("q", option("a", outcome="o")), ask("r", option("a", outcome="o"))], [outcome("o")]),
            {"tree.questions[1]": "unreachable"},
        ),
        (
            tree([ask("q", option("a", outcome="o"), option("a", outcome="o"))], [outcome("o")]),
            {"tree.questions[0].options[1].code": "double_code"},
        ),
        (
            tree([ask("q", option("a", outcome="o"))], [outcome("o", make_line("gone"))]),
            {"tree.outcomes[0].lines[0].block": "unknown_block"},
        ),
        (
            tree([ask("q", option("a", outcome="o"))], [outcome("o", make_line("desk"), go_to="other")]),
            {"tree.outcomes[0].go_to": "bundle_or_other_product"},
        ),
    ],
)
def test_a_fault_is_named_by_its_place(product: ProductDefinition, faults: dict[str, str]) -> None:
    assert find_product_faults(product, BLOCKS) == faults


def test_a_start_that_is_not_there_leaves_everything_unreachable() -> None:
    product = tree([ask("q", option("a", outcome="o"))], [outcome("o")], start="gone")
    assert find_product_faults(product, BLOCKS).keys() == {"tree.start", "tree.questions[0]", "tree.outcomes[0]"}


def test_questions_that_wait_for_each_other_are_found() -> None:
    one = replace(FURNITURE, code="one", when={"question": "two", "answered": True})
    two = replace(FURNITURE, code="two", when={"not": {"question": "one", "answered": True}})
    blocks = {"desk": block("desk", one), "pass": block("pass", two)}
    product = product_with([make_line("desk"), make_line("pass")])
    assert list(find_product_faults(product, blocks).values()) == ["cycle"]


@given(products)
def test_every_product_can_be_checked(product: ProductDefinition) -> None:
    assert all(isinstance(code, str) for code in find_product_faults(product, BLOCKS).values())


def test_every_icon_has_a_name() -> None:
    assert set(ICON_NAMES) == ICONS


def test_every_icon_can_be_drawn() -> None:
    component = Path(__file__).parents[2] / "portal/templates/components/icon.html"
    drawn = component.read_text(encoding="utf-8")
    assert [icon for icon in sorted(ICONS) if f'"{icon}":' not in drawn] == []
