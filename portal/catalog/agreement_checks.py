"""What must be right in what is agreed about a product or a building block; each fault is a field path with a code."""

from collections.abc import Iterator, Mapping
from typing import Final

from portal.catalog.agreement import Anchor, ApprovalRule
from portal.catalog.conditions import comparisons
from portal.catalog.definition import BlockDefinition, Condition, ProductDefinition, Question, QuestionKind

Fault = tuple[str, str]
Options = Mapping[str, frozenset[str]]
_OPAQUE_KINDS: Final = frozenset({QuestionKind.FILE, QuestionKind.PERSON})


def find_agreement_faults(definition: ProductDefinition, questions: Mapping[str, Question], options: Options) -> Iterator[Fault]:
    """Find what is wrong with the agreements of a product; `questions` are those of its form, `options` all that can be answered."""
    if definition.code in definition.related:
        yield f"related[{definition.related.index(definition.code)}]", "itself"
    yield from _approval_faults(definition.approval, questions, options)
    if definition.wished_date is None:
        yield from _loose_starts(definition)
    for question in questions.values():
        yield from find_opaque_faults(question.when, f"questions.{question.code}.when", questions)


def find_block_agreement_faults(block: BlockDefinition) -> Iterator[Fault]:
    """Find what is wrong with the approval rule of a building block: it can look at its own questions only."""
    questions = {question.code: question for question in block.questions}
    options = {code: frozenset(option.code for option in question.options) for code, question in questions.items()}
    yield from _approval_faults(block.approval, questions, options)


def find_condition_faults(condition: Condition | None, path: str, options: Options) -> Iterator[Fault]:
    """Find questions in a condition that nobody asks, and answers that do not exist; no options means that anything may be answered."""
    for comparison in comparisons(condition):
        code = comparison["question"]
        if code not in options:
            yield path, f"unknown_question: {code}"
            continue
        named = [comparison[name] for name in ("is", "has") if name in comparison] + list(comparison.get("in", ()))
        for value in named:
            if options[code] and value not in options[code]:
                yield path, f"unknown_option: {value}"


def find_opaque_faults(condition: Condition | None, path: str, questions: Mapping[str, Question]) -> Iterator[Fault]:
    """Find comparisons with what stands in a file, or with a colleague; only whether there is one can be seen."""
    for comparison in comparisons(condition):
        question = questions.get(comparison["question"])
        if question is not None and question.kind in _OPAQUE_KINDS and "answered" not in comparison:
            yield path, f"file_condition: {question.code}"


def _approval_faults(rule: ApprovalRule | None, questions: Mapping[str, Question], options: Options) -> Iterator[Fault]:
    if rule is None:
        return
    people = {code for code, question in questions.items() if question.kind is QuestionKind.PERSON}
    for index, approver in enumerate(rule.approvers):
        if approver.question is not None and approver.question not in people:
            yield f"approval.approvers[{index}].question", "no_person_question"
    yield from find_condition_faults(rule.when, "approval.when", options)
    yield from find_opaque_faults(rule.when, "approval.when", questions)


def _loose_starts(definition: ProductDefinition) -> Iterator[Fault]:
    """Find lines that begin some time before a wished date that nobody asks for."""
    bundles = [("", definition.lines)]
    bundles += [(f"tree.outcomes[{at}].", one.lines) for at, one in enumerate(definition.tree.outcomes if definition.tree else ())]
    for place, lines in bundles:
        for index, line in enumerate(lines):
            if line.starts is not None and line.starts.anchor is Anchor.WISHED_DATE:
                yield f"{place}lines[{index}].starts", "no_wished_date"
