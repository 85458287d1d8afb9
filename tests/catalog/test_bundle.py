"""The bundle of a request and its questions."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portal.catalog.bundle import all_lines, answers_from_known, bundle_lines, form_questions, offered_lines, visible_answers
from portal.catalog.conditions import asked_codes, holds
from portal.catalog.definition import (
    Answers,
    BlockDefinition,
    Condition,
    Need,
    Outcome,
    Privacy,
    ProductDefinition,
    Question,
    QuestionKind,
)
from portal.planning.norm import Norm, NormUnit
from tests.catalog.examples import product_with
from tests.catalog.strategies import answers as random_answers
from tests.catalog.strategies import block_definitions, blocks, products, questions
from tests.factories import make_line, words

block_sets = st.frozensets(blocks)
known_values: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    st.sampled_from(["beneficiary.name", "requester.phone"]), st.sampled_from(["Noor", ""])
)


def ask(code: str, when: Condition | None = None, known: str | None = None) -> Question:
    return Question(code=code, kind=QuestionKind.TEXT, label=words(code), need=Need.REQUIRED, privacy=Privacy.NONE, when=when, known=known)


def block(code: str, *asked: Question) -> BlockDefinition:
    return BlockDefinition(
        code=code,
        name=words(code),
        description=words(code),
        department="ict",
        norm=Norm(1, NormUnit.WORKING_DAYS),
        task=words(code),
        checklist=(),
        questions=asked,
    )


def outcome_of(product: ProductDefinition) -> Outcome | None:
    return product.tree.outcomes[0] if product.tree else None


@given(products, random_answers, block_sets, block_sets)
def test_no_required_line_is_lost_and_no_block_stands_twice(
    product: ProductDefinition, answers: Answers, skipped: frozenset[str], added: frozenset[str]
) -> None:
    outcome = outcome_of(product)
    bundle = bundle_lines(product, outcome=outcome, answers=answers, skipped=skipped, added=added)
    offered = offered_lines(product, outcome=outcome, answers=answers)
    codes = [line.block for line in bundle]
    required = {line.block for line in all_lines(product, outcome) if line.need is Need.REQUIRED and holds(line.when, answers)}
    assert required <= set(codes)
    assert len(codes) == len(set(codes))
    assert set(codes) <= {line.block for line in offered}
    assert all(holds(line.when, answers) for line in bundle)


def test_optional_lines_follow_the_default_until_they_are_switched() -> None:
    lines = (make_line("sign", need=Need.OPTIONAL), make_line("phone", need=Need.OPTIONAL, chosen=False), make_line("desk"))
    product = product_with(lines)

    def codes(*, skipped: Sequence[str] = (), added: Sequence[str] = ()) -> list[str]:
        return [line.block for line in bundle_lines(product, outcome=None, answers={}, skipped=skipped, added=added)]

    assert codes() == ["sign", "desk"]
    assert codes(skipped=["sign", "desk"]) == ["desk"]
    assert codes(added=["phone"]) == ["sign", "phone", "desk"]


def test_of_a_block_that_stands_twice_the_required_line_counts() -> None:
    product = product_with((make_line("sign", need=Need.OPTIONAL), make_line("sign")))
    assert [line.need for line in offered_lines(product, outcome=None, answers={})] == [Need.REQUIRED]


def test_an_outcome_that_leads_elsewhere_has_no_lines() -> None:
    outcome = Outcome(code="o", name=words("o"), reason=words("o"), go_to="other")
    assert all_lines(product_with((make_line("desk"),)), outcome) == ()


@given(st.lists(block_definitions, max_size=4), random_answers, known_values)
def test_each_question_is_asked_once_and_nothing_that_is_known(
    definitions: list[BlockDefinition], answers: Answers, known: dict[str, Any]
) -> None:
    asked = [question.code for question in form_questions(definitions, answers=answers, known=known)]
    assert len(asked) == len(set(asked))
    assert not set(asked) & answers_from_known(definitions, known).keys()
    unconditional = {question.code for one in definitions for question in one.questions if question.when is None and question.known is None}
    first = {question.code: question for one in reversed(definitions) for question in reversed(one.questions)}
    assert {code for code in unconditional if first[code].when is None and first[code].known is None} <= set(asked)


@given(st.lists(questions(), max_size=5, unique_by=lambda question: question.code), random_answers)
def test_hidden_answers_are_dropped(asked: list[Question], answers: Answers) -> None:
    visible = visible_answers(asked, answers)
    codes = {question.code for question in asked}
    assert visible.keys() <= codes & answers.keys()
    # Conditions between the questions are only certain where they do not go round in a circle.
    for question in asked:
        if question.when is not None and not asked_codes(question.when) & codes:
            assert (question.code in visible) is (holds(question.when, answers) and question.code in answers)


def test_a_hidden_answer_hides_what_hangs_on_it() -> None:
    asked = [
        ask("plate", when={"question": "parking", "is": True}),
        ask("parking", when={"question": "outcome", "is": "guests"}),
        ask("name"),
    ]
    answers = {"outcome": "none", "parking": True, "plate": "X-1", "name": "Noor", "stranger": "x"}
    assert visible_answers(asked, answers) == {"name": "Noor"}
    assert visible_answers(asked, {**answers, "outcome": "guests"}) == {"parking": True, "plate": "X-1", "name": "Noor"}


def test_a_known_answer_counts_in_conditions() -> None:
    blocks_ = [block("pass", ask("phone", known="requester.phone"), ask("call_time", when={"question": "phone", "answered": True}))]
    assert [question.code for question in form_questions(blocks_, answers={}, known={"requester.phone": "06"})] == ["call_time"]
    assert [question.code for question in form_questions(blocks_, answers={}, known={"requester.phone": ""})] == ["phone"]


def test_blocks_share_a_question() -> None:
    shared = ask("start_date")
    asked = form_questions([block("desk", shared, ask("place")), block("pass", ask("photo"), shared)], answers={}, known={})
    assert [question.code for question in asked] == ["start_date", "place", "photo"]


def test_a_question_without_its_condition_is_asked_again() -> None:
    question = ask("plate", when={"question": "parking", "is": True})
    assert form_questions([block("pass", replace(question, when=None))], answers={}, known={})
    assert not form_questions([block("pass", question)], answers={}, known={})
