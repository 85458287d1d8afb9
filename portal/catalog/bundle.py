"""The bundle of a request: which building blocks it is made of, and which questions they ask, each once."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from portal.catalog.conditions import asked_codes, holds, is_answered
from portal.catalog.definition import Answers, BlockDefinition, Line, Need, Outcome, ProductDefinition, Question


def all_lines(definition: ProductDefinition, outcome: Outcome | None) -> tuple[Line, ...]:
    """List the lines of a product and of an outcome of its tree, whether their conditions hold or not.

    An outcome that leads to another product or to an article has none: here nothing is asked for.
    """
    if outcome is not None and not outcome.is_bundle:
        return ()
    return (*definition.lines, *(outcome.lines if outcome else ()))


def offered_lines(definition: ProductDefinition, *, outcome: Outcome | None, answers: Answers) -> tuple[Line, ...]:
    """List the lines whose condition holds, each block once, with the optional ones that are switched off.

    Of a block that stands there twice the required line counts, else the first.
    `answers` are those of the tree, `outcome` and the form together.
    """
    offered: dict[str, Line] = {}
    for line in all_lines(definition, outcome):
        earlier = offered.get(line.block)
        if holds(line.when, answers) and (earlier is None or (line.need is Need.REQUIRED and earlier.need is not Need.REQUIRED)):
            offered[line.block] = line
    return tuple(offered.values())


def bundle_lines(
    definition: ProductDefinition,
    *,
    outcome: Outcome | None,
    answers: Answers,
    skipped: Collection[str],
    added: Collection[str],
) -> tuple[Line, ...]:
    """List the lines of a request: all required ones that are offered, and the optional ones that are switched on.

    `skipped` and `added` hold the codes of optional blocks that the requester switched off and on.
    """
    offered = offered_lines(definition, outcome=outcome, answers=answers)
    return tuple(line for line in offered if is_in_bundle(line, skipped=skipped, added=added))


def is_in_bundle(line: Line, *, skipped: Collection[str], added: Collection[str]) -> bool:
    """Tell whether an offered line is part of the request: required, or optional and switched on."""
    if line.need is Need.REQUIRED:
        return True
    return line.block in added or (line.chosen and line.block not in skipped)


def all_questions(blocks: Sequence[BlockDefinition]) -> tuple[Question, ...]:
    """List the questions of these blocks in order, each code once, as the first block asks it."""
    questions: dict[str, Question] = {}
    for question in (question for block in blocks for question in block.questions):
        questions.setdefault(question.code, question)
    return tuple(questions.values())


def answers_from_known(blocks: Sequence[BlockDefinition], known: Mapping[str, Any]) -> dict[str, Any]:
    """Give the answers that need not be asked, by question code; `known` maps `beneficiary.name` and the like to values."""
    return {
        question.code: known[question.known]
        for question in all_questions(blocks)
        if question.known is not None and is_answered(known.get(question.known))
    }


def form_questions(blocks: Sequence[BlockDefinition], *, answers: Answers, known: Mapping[str, Any]) -> tuple[Question, ...]:
    """List the questions to ask for these blocks: each once, those with a known answer left out, conditions evaluated.

    `answers` are those of the tree, `outcome` and the form together; hidden questions count as unanswered.
    """
    given = answers_from_known(blocks, known)
    questions = [question for question in all_questions(blocks) if question.code not in given]
    shown = _shown_codes(questions, {**answers, **given})
    return tuple(question for question in questions if question.code in shown)


def visible_answers(questions: Sequence[Question], answers: Answers) -> dict[str, Any]:
    """Keep the answers to these questions that are not hidden; all other answers are dropped.

    `answers` also holds what the conditions look at besides: the tree, `outcome`, what is known.
    """
    shown = _shown_codes(questions, answers)
    return {question.code: answers[question.code] for question in questions if question.code in shown and question.code in answers}


def _shown_codes(questions: Sequence[Question], answers: Answers) -> frozenset[str]:
    """Decide which questions are shown; what a condition looks at is decided before it."""
    by_code = {question.code: question for question in questions}
    shown: dict[str, bool] = {}

    def decide(code: str) -> bool:
        if code not in shown:
            shown[code] = False  # a circle of conditions (which cannot be published) hides its questions
            when = by_code[code].when
            hidden = {asked for asked in asked_codes(when) if asked in by_code and not decide(asked)}
            shown[code] = holds(when, {asked: answer for asked, answer in answers.items() if asked not in hidden})
        return shown[code]

    return frozenset(code for code in by_code if decide(code))
