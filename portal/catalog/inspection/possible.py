"""Whether a condition can ever hold, found by trying the answers that matter to it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, islice, product
from typing import Any, Final

from portal.catalog.bundle import all_lines, all_questions
from portal.catalog.checks import OUTCOME
from portal.catalog.conditions import asked_codes, comparisons, foresee, holds
from portal.catalog.definition import Answers, BlockDefinition, Condition, Outcome, ProductDefinition, Question, QuestionKind
from portal.catalog.variants import MOST_PATHS, tree_paths

_MOST_TRIES: Final = 20_000
_SOMETHING: Final = "something"

Possibilities = Mapping[str, Sequence[Any]]


def can_hold(condition: Condition, paths: Sequence[Answers], questions: Mapping[str, Question]) -> bool:
    """Tell whether a condition holds for some answers.

    `paths` are the answers of the tree on the ways that lead here, with None for what is not asked on a way; `questions`
    are those of the form. What takes too many tries counts as possible.
    """
    possible = {code: _possible_answers(questions[code], condition) for code in asked_codes(condition) if code in questions}
    return any(_holds_somewhere(condition, path, possible) for path in _distinct(paths, asked_codes(condition)))


def paths_by_outcome(definition: ProductDefinition) -> Mapping[str | None, Sequence[Answers]]:
    """Give the answers of every way through the tree, by the outcome it leads to; without a tree there is one way, to None.

    Ways to another product or to an article are left out.
    """
    tree = definition.tree
    if tree is None:
        return {None: [{OUTCOME: None}]}
    passed_by = {question.code: None for question in tree.questions}
    leads_away = {outcome.code for outcome in tree.outcomes if not outcome.is_bundle}
    paths: dict[str | None, list[Answers]] = {}
    for answers in islice(tree_paths(tree, tree.start, {}), MOST_PATHS):
        if answers[OUTCOME] not in leads_away:
            paths.setdefault(answers[OUTCOME], []).append({**passed_by, **answers})
    return paths


def questions_for(definition: ProductDefinition, outcome: Outcome | None, blocks: Mapping[str, BlockDefinition]) -> Mapping[str, Question]:
    """Give the questions that the form of one outcome can ask, by code."""
    codes = dict.fromkeys(line.block for line in all_lines(definition, outcome))
    return {question.code: question for question in all_questions([blocks[code] for code in codes if code in blocks])}


def _holds_somewhere(condition: Condition, path: Answers, possible: Possibilities) -> bool:
    missing: dict[str, Any] = {code: None for code in asked_codes(condition) if code not in path and code not in possible}
    fixed = {**path, **missing}
    seen = foresee(condition, fixed)
    if seen is not None:
        return seen
    codes = [code for code in possible if code not in fixed]
    for number, values in enumerate(product(*(possible[code] for code in codes))):
        if number >= _MOST_TRIES or holds(condition, {**fixed, **dict(zip(codes, values, strict=True))}):
            return True
    return False


def _possible_answers(question: Question, condition: Condition) -> Sequence[Any]:
    """Give one answer of every sort that a condition can tell apart; any question can be left open."""
    asked = [comparison for comparison in comparisons(condition) if comparison["question"] == question.code]
    named = [value for one in asked for name, value in _named(one) if name != "answered"]
    match question.kind:
        case QuestionKind.YES_NO:
            return [None, True, False]
        case QuestionKind.ONE_OF:
            return [None, *(option.code for option in question.options)]
        case QuestionKind.SEVERAL_OF:
            return _choices([option.code for option in question.options], named)
        case QuestionKind.NUMBER:
            around = {value + step for value in named if _is_number(value) for step in (-1, 0, 1)}
            return [None, *sorted(value for value in around | {0, question.at_least or 0, question.at_most or 0} if _fits(value, question))]
        case _:
            return [None, _SOMETHING, *(value for value in named if isinstance(value, str))]


def _choices(options: Sequence[str], named: Sequence[Any]) -> Sequence[Any]:
    """Give every choice of the options that are named, and of one that is not."""
    chosen = [option for option in options if option in named] + [option for option in options if option not in named][:1]
    return [None, *(list(some) for size in range(1, len(chosen) + 1) for some in combinations(chosen, size))]


def _named(comparison: Condition) -> Iterator[tuple[str, Any]]:
    for name, value in comparison.items():
        if name != "question":
            yield from ((name, one) for one in (value if name == "in" else [value]))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _fits(value: float, question: Question) -> bool:
    return (question.at_least is None or value >= question.at_least) and (question.at_most is None or value <= question.at_most)


def _distinct(paths: Sequence[Answers], codes: frozenset[str]) -> Sequence[Answers]:
    """Keep of each way only the answers that a condition looks at, and each such way once."""
    return list({tuple(sorted((code, path[code]) for code in codes if code in path)): path for path in paths}.values())
