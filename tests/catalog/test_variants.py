"""What a product can turn out to be, and how long that takes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.catalog.bundle import bundle_lines
from portal.catalog.choices import find_next, known_answers
from portal.catalog.definition import Answers, ChoiceTree, Dependency, Need, Outcome, ProductDefinition, TreeOption, TreeQuestion
from portal.catalog.lead_time import MEASURED, BlockTime, LeadTime, block_time, lead_time
from portal.catalog.variants import Presence, list_variants, place_blocks, total_days
from portal.planning.models import Pace
from portal.planning.norm import Norm, NormUnit
from portal.planning.plan import DependencyKind
from tests.catalog.examples import product_with
from tests.catalog.strategies import answers as random_answers
from tests.catalog.strategies import products, tree_answers
from tests.factories import make_line, words


def newcomer() -> ProductDefinition:
    """Give a product with two outcomes; the phone hangs on a question of the form."""
    card = make_line("card", need=Need.OPTIONAL, chosen=False)
    options = tuple(TreeOption(code=code, label=words(code), outcome=code) for code in ("boss", "intern"))
    return product_with(
        [
            make_line("record"),
            make_line("pass", when={"question": "kind", "is": "boss"}),
            make_line("phone", when={"question": "travels", "is": True}),
        ],
        dependencies=(
            Dependency(block="pass", after="record", kind=DependencyKind.NEEDS),
            Dependency(block="sign", after="pass", kind=DependencyKind.ORDER),
        ),
        tree=ChoiceTree(
            start="kind",
            questions=(TreeQuestion(code="kind", label=words("kind"), options=options),),
            outcomes=(
                Outcome(code="boss", name=words("boss"), reason=words("boss"), lines=(make_line("sign", need=Need.OPTIONAL),)),
                Outcome(code="intern", name=words("intern"), reason=words("intern"), lines=(card,)),
            ),
        ),
    )


def test_each_outcome_is_a_variant_with_what_is_sure_and_what_is_not() -> None:
    boss, intern = list_variants(newcomer())
    assert {one.line.block: one.presence for one in boss.lines} == {
        "record": Presence.ALWAYS,
        "pass": Presence.ALWAYS,
        "phone": Presence.CONDITIONAL,
        "sign": Presence.OPTIONAL,
    }
    assert {one.line.block: one.presence for one in intern.lines} == {
        "record": Presence.ALWAYS,
        "phone": Presence.CONDITIONAL,
        "card": Presence.EXTRA,
    }


@given(products, tree_answers, random_answers)
def test_every_real_bundle_is_foreseen_by_the_variant_of_its_outcome(
    product: ProductDefinition, tree_given: Answers, form_given: Answers
) -> None:
    outcome = find_next(product.tree, tree_given) if product.tree else None
    if product.tree is not None and not (isinstance(outcome, Outcome) and outcome.is_bundle):
        return
    assert outcome is None or isinstance(outcome, Outcome)
    path = known_answers(product.tree, tree_given) if product.tree else {}
    answers = {**form_given, **path, **({"outcome": outcome.code} if outcome else {})}
    bundle = {line.block for line in bundle_lines(product, outcome=outcome, answers=answers, skipped=(), added=())}
    variant = next(one for one in list_variants(product) if one.outcome == outcome)
    assert bundle <= {one.line.block for one in variant.lines}
    assert {one.line.block for one in variant.lines if one.presence is Presence.ALWAYS} <= bundle


def test_blocks_come_as_early_as_their_dependencies_allow() -> None:
    placed = place_blocks(newcomer(), {"phone": 4, "sign": 1, "pass": 2, "record": 2})
    assert [(code, one.starts, one.ends, one.after) for code, one in placed.items()] == [
        ("phone", 0, 4, ()),
        ("record", 0, 2, ()),
        ("pass", 2, 4, ("record",)),
        ("sign", 4, 5, ("pass",)),
    ]
    # Without the pass its neighbours are joined.
    assert place_blocks(newcomer(), {"sign": 1, "record": 2})["sign"].after == ("record",)


@given(products, st.data())
def test_nothing_begins_before_what_it_waits_for(product: ProductDefinition, data: st.DataObject) -> None:
    days = {code: data.draw(st.integers(1, 9)) for code in product.block_codes()}
    placed = place_blocks(product, days)
    assert placed.keys() == days.keys()
    assert all(placed[before].ends <= one.starts for one in placed.values() for before in one.after)
    assert all(one.starts <= other.starts for one, other in pairwise(placed.values()))
    direct = [(one.block, one.after) for one in product.dependencies if one.block in days and one.after in days]
    assert all(placed[block].starts >= placed[before].ends for block, before in direct)
    assert total_days(product, days) <= sum(days.values())


def time(days: int, expected: int | None = None, finished: int = MEASURED) -> BlockTime:
    pace = expected and Pace(block_id=1, expected_minutes=expected * 480, latest_minutes=9_999, finished=finished, finished_in_norm=1)
    return block_time(Norm(days, NormUnit.WORKING_DAYS), calendar=None, pace=pace or None)


NORMS = {"record": time(2), "pass": time(2), "sign": time(1), "phone": time(6), "card": time(20)}


def test_the_lead_time_runs_from_the_shortest_sure_case_to_the_longest_possible() -> None:
    # Shortest: an intern without phone (2). Longest: a phone (6); the card only comes when it is added.
    assert lead_time(newcomer(), list_variants(newcomer()), NORMS) == LeadTime(2, 6, is_measured=False)


def test_the_lead_time_follows_what_it_took_lately() -> None:
    reckoned = lead_time(newcomer(), list_variants(newcomer()), {**NORMS, "pass": time(2, expected=8)})
    assert reckoned == LeadTime(2, 11, is_measured=True)


def test_a_few_measurements_say_nothing() -> None:
    reckoned = lead_time(newcomer(), list_variants(newcomer()), {**NORMS, "pass": time(2, expected=8, finished=MEASURED - 1)})
    assert reckoned == LeadTime(2, 6, is_measured=False)


def test_approvals_come_first_those_that_are_not_sure_in_the_longest_case_only() -> None:
    waits = {"record": (1.0, 3.0), "pass": (0.0, 9.0)}
    # Shortest: the record begins a day later. Longest: the pass waits nine days for its approval and takes two, the sign one.
    assert lead_time(newcomer(), list_variants(newcomer()), NORMS, waits=waits) == LeadTime(3, 12, is_measured=False)


def test_nothing_is_said_when_a_block_is_missing() -> None:
    assert lead_time(newcomer(), list_variants(newcomer()), {"record": time(2)}) is None


@pytest.mark.parametrize(("norm", "days"), [(Norm(3, NormUnit.WORKING_DAYS), 3), (Norm(4, NormUnit.WORKING_HOURS), 0.5)])
def test_a_norm_is_counted_in_days_of_its_department(norm: Norm, days: float) -> None:
    assert block_time(norm, calendar=None, pace=None).norm_days == days
