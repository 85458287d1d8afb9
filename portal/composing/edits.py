"""Changes of a product as data: its lines per bundle, its dependencies and its choice tree. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeVar

from portal.catalog.definition import ChoiceTree, Dependency, Line, Outcome, ProductDefinition, TreeOption, TreeQuestion
from portal.core.errors import NotFoundError

Part = TypeVar("Part")

ALWAYS: Final = "always"
"""The group of the lines that belong to the product itself; any other group is an outcome."""


def lines_in(product: ProductDefinition, group: str) -> tuple[Line, ...]:
    """Give the lines of the product itself (`ALWAYS`) or of an outcome.

    :raises NotFoundError: there is no such outcome.
    """
    return product.lines if group == ALWAYS else outcome_of(product, group).lines


def line_at(product: ProductDefinition, group: str, at: int) -> Line:
    """Give one line of a group.

    :raises NotFoundError: there is no such line.
    """
    lines = lines_in(product, group)
    if at >= len(lines):
        raise NotFoundError
    return lines[at]


def with_line(product: ProductDefinition, group: str, at: int | None, line: Line, after: Sequence[Dependency]) -> ProductDefinition:
    """Put a line in a group, as a new one or in the place of one; `after` are all dependencies of its block."""
    lines = lines_in(product, group)
    changed = _with_lines(product, group, (*lines, line) if at is None else (*lines[:at], line, *lines[at + 1 :]))
    others = tuple(one for one in changed.dependencies if one.block != line.block)
    return _without_loose_ends(replace(changed, dependencies=(*others, *after)))


def without_line(product: ProductDefinition, group: str, at: int) -> ProductDefinition:
    """Take a line out, with the dependencies of a block that is no longer there."""
    gone, lines = line_at(product, group, at), lines_in(product, group)
    del gone
    return _without_loose_ends(_with_lines(product, group, (*lines[:at], *lines[at + 1 :])))


def with_line_moved(product: ProductDefinition, group: str, at: int, *, is_up: bool) -> ProductDefinition:
    """Change the place of a line with its neighbour; the first cannot go up."""
    line_at(product, group, at)
    return _with_lines(product, group, moved(lines_in(product, group), at, is_up=is_up))


def moved(parts: Sequence[Part], at: int, *, is_up: bool) -> tuple[Part, ...]:
    """Change the place of one part with its neighbour; the first cannot go up, and the last not down."""
    changed, other = list(parts), at - 1 if is_up else at + 1
    if 0 <= other < len(changed):
        changed[at], changed[other] = changed[other], changed[at]
    return tuple(changed)


def question_of(product: ProductDefinition, code: str) -> TreeQuestion:
    """Give a question of the choice tree.

    :raises NotFoundError: there is no such question.
    """
    found = next((one for one in (product.tree.questions if product.tree else ()) if one.code == code), None)
    if found is None:
        raise NotFoundError
    return found


def answer_of(product: ProductDefinition, question: str, code: str) -> TreeOption:
    """Give an answer to a question of the choice tree.

    :raises NotFoundError: there is no such answer.
    """
    found = next((one for one in question_of(product, question).options if one.code == code), None)
    if found is None:
        raise NotFoundError
    return found


def outcome_of(product: ProductDefinition, code: str) -> Outcome:
    """Give an outcome of the choice tree.

    :raises NotFoundError: there is no such outcome.
    """
    found = next((one for one in (product.tree.outcomes if product.tree else ()) if one.code == code), None)
    if found is None:
        raise NotFoundError
    return found


def with_question(product: ProductDefinition, question: TreeQuestion) -> ProductDefinition:
    """Put a question in the choice tree, new or in the place of the one with its code; the first one begins the tree."""
    tree = product.tree or ChoiceTree(start=question.code, questions=(), outcomes=())
    is_known = any(one.code == question.code for one in tree.questions)
    questions = tuple(question if one.code == question.code else one for one in tree.questions)
    return replace(product, tree=replace(tree, questions=questions if is_known else (*questions, question)))


def with_answer(product: ProductDefinition, question: str, answer: TreeOption) -> ProductDefinition:
    """Put an answer with a question, new or in the place of the one with its code."""
    asked = question_of(product, question)
    is_known = any(one.code == answer.code for one in asked.options)
    options = tuple(answer if one.code == answer.code else one for one in asked.options)
    return with_question(product, replace(asked, options=options if is_known else (*options, answer)))


def with_answer_moved(product: ProductDefinition, question: str, code: str, *, is_up: bool) -> ProductDefinition:
    """Change the place of an answer with its neighbour.

    :raises NotFoundError: there is no such answer.
    """
    asked, answer = question_of(product, question), answer_of(product, question, code)
    return with_question(product, replace(asked, options=moved(asked.options, asked.options.index(answer), is_up=is_up)))


def with_outcome(product: ProductDefinition, outcome: Outcome) -> ProductDefinition:
    """Put an outcome in the choice tree, new or in the place of the one with its code.

    :raises NotFoundError: there is no choice tree.
    """
    if product.tree is None:
        raise NotFoundError
    is_known = any(one.code == outcome.code for one in product.tree.outcomes)
    outcomes = tuple(outcome if one.code == outcome.code else one for one in product.tree.outcomes)
    return replace(product, tree=replace(product.tree, outcomes=outcomes if is_known else (*outcomes, outcome)))


def without_branch(product: ProductDefinition, kind: str, code: str, answer: str | None = None) -> ProductDefinition:
    """Take a question, an answer or an outcome out of the choice tree; a tree without questions is no tree.

    :raises NotFoundError: there is no choice tree, or it has no such part.
    """
    tree = product.tree
    if tree is None:
        raise NotFoundError
    if kind == "outcome":
        gone = outcome_of(product, code)
        return _without_loose_ends(replace(product, tree=replace(tree, outcomes=tuple(one for one in tree.outcomes if one is not gone))))
    asked = question_of(product, code)
    if answer is not None:
        option = answer_of(product, code, answer)
        return with_question(product, replace(asked, options=tuple(one for one in asked.options if one is not option)))
    questions = tuple(one for one in tree.questions if one is not asked)
    start = tree.start if tree.start != code or not questions else questions[0].code
    return _without_loose_ends(replace(product, tree=replace(tree, start=start, questions=questions) if questions else None))


def _with_lines(product: ProductDefinition, group: str, lines: tuple[Line, ...]) -> ProductDefinition:
    if group == ALWAYS:
        return replace(product, lines=lines)
    return with_outcome(product, replace(outcome_of(product, group), lines=lines))


def _without_loose_ends(product: ProductDefinition) -> ProductDefinition:
    """Drop the dependencies of blocks that are in no bundle any more."""
    blocks = set(product.block_codes())
    return replace(product, dependencies=tuple(one for one in product.dependencies if {one.block, one.after} <= blocks))
