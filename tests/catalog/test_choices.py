"""Walking through a choice tree."""

import pytest
from hypothesis import given

from portal.catalog.choices import find_next, known_answers, walk
from portal.catalog.definition import Answers, ChoiceTree, Outcome, TreeOption, TreeQuestion
from tests.catalog.strategies import tree_answers, trees
from tests.factories import words


def option(code: str, *, next_: str | None = None, outcome: str | None = None) -> TreeOption:
    return TreeOption(code=code, label=words(code), next=next_, outcome=outcome)


TREE = ChoiceTree(
    start="contract",
    questions=(
        TreeQuestion(code="contract", label=words("?"), options=(option("new", next_="kind"), option("old", outcome="change"))),
        TreeQuestion(code="kind", label=words("?"), options=(option("boss", outcome="boss"), option("adviser", outcome="adviser"))),
    ),
    outcomes=tuple(Outcome(code=code, name=words(code), reason=words(code)) for code in ("boss", "adviser", "change")),
)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({}, "contract"),
        ({"contract": "gone"}, "contract"),
        ({"kind": "boss"}, "contract"),
        ({"contract": "new"}, "kind"),
        ({"contract": "new", "kind": "boss"}, "boss"),
        ({"contract": "old", "kind": "boss"}, "change"),
    ],
)
def test_the_next_question_or_the_outcome_follows_from_the_answers(answers: Answers, code: str) -> None:
    assert find_next(TREE, answers).code == code


def test_answers_on_another_branch_no_longer_count() -> None:
    assert known_answers(TREE, {"contract": "old", "kind": "boss", "stranger": "x"}) == {"contract": "old"}


@given(trees(may_loop=True), tree_answers)
def test_a_walk_passes_no_question_twice(tree: ChoiceTree, answers: Answers) -> None:
    passed = [question.code for question, _option in walk(tree, answers)]
    assert len(passed) == len(set(passed)) <= len(tree.questions)
    assert find_next(tree, answers).code in {one.code for one in (*tree.questions, *tree.outcomes)}


@given(trees(), tree_answers)
def test_the_answers_on_the_path_lead_to_the_same_place(tree: ChoiceTree, answers: Answers) -> None:
    known = known_answers(tree, answers)
    assert find_next(tree, known) == find_next(tree, answers)
    assert known_answers(tree, known) == known


@given(trees())
def test_answering_what_is_asked_ends_at_an_outcome(tree: ChoiceTree) -> None:
    answers: dict[str, str] = {}
    for _question in tree.questions:
        asked = find_next(tree, answers)
        if isinstance(asked, Outcome):
            break
        assert asked.code not in answers
        answers[asked.code] = asked.options[-1].code
    assert isinstance(find_next(tree, answers), Outcome)
