"""What a condition can look at: the questions of a choice tree and of forms, and the outcome. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from portal.catalog.checks import OUTCOME
from portal.catalog.definition import ProductDefinition, Question, QuestionKind
from portal.core.texts import LocalText

_OUTCOME_LABEL: Final = LocalText(nl="De uitkomst van de keuzeboom", en="The outcome of the choice tree")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Something a condition can look at; without a kind it belongs to the choice tree."""

    code: str
    label: LocalText
    options: Mapping[str, LocalText]
    kind: QuestionKind | None = None


def subjects_of(product: ProductDefinition | None, questions: Iterable[Question]) -> Sequence[Subject]:
    """List what a condition can look at: the outcome and the questions of the tree, and the questions of the form."""
    tree = product.tree if product else None
    found = [
        Subject(code=one.code, label=one.label, options={option.code: option.label for option in one.options})
        for one in (tree.questions if tree else ())
    ]
    if tree:
        outcomes = {outcome.code: outcome.name for outcome in tree.outcomes}
        found.append(Subject(code=OUTCOME, label=_OUTCOME_LABEL, options=outcomes))
    asked = [
        Subject(code=one.code, label=one.label, options={option.code: option.label for option in one.options}, kind=one.kind)
        for one in questions
    ]
    return [*found, *asked]


def by_code(subjects: Iterable[Subject]) -> Mapping[str, Subject]:
    """Give subjects by their code."""
    return {one.code: one for one in subjects}


def subjects_in(data: Mapping[str, Any]) -> Sequence[Subject]:
    """List what the conditions in stored data can look at: the questions of a building block, or those of a tree with its outcomes."""
    tree = data.get("tree") or {}
    found = [
        Subject(
            code=str(one["code"]),
            label=LocalText.from_data(one["label"]),
            options={str(option["code"]): LocalText.from_data(option["label"]) for option in one.get("options") or ()},
            kind=QuestionKind(one["kind"]) if "kind" in one else None,
        )
        for one in (*(data.get("questions") or ()), *tree.get("questions", ()))
    ]
    outcomes = {str(one["code"]): LocalText.from_data(one["name"]) for one in tree.get("outcomes", ())}
    return [*found, Subject(code=OUTCOME, label=_OUTCOME_LABEL, options=outcomes)] if outcomes else found
