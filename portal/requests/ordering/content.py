"""What a draft comes down to: the outcome, the lines, the questions still to ask and the answers that count."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from portal.catalog.bundle import all_questions, answers_from_known, bundle_lines, form_questions, offered_lines, visible_answers
from portal.catalog.choices import find_next, known_answers, walk
from portal.catalog.definition import BlockDefinition, Line, Outcome, Privacy, ProductDefinition, Question, QuestionKind, TreeQuestion
from portal.catalog.memory import block_definition_of, definition_of
from portal.catalog.models import BlockVersion
from portal.catalog.queries import published_blocks
from portal.core.texts import LocalText
from portal.people.queries import list_locations
from portal.requests.ordering.answers import show_answer
from portal.requests.ordering.known import known_facts
from portal.requests.ordering.models import OrderDraft

MOST_ROUNDS: Final = 8
"""An answer can show lines that ask more; after so many rounds it is taken as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderContent:
    """All that a draft comes down to; `lines` are the ones in the bundle, `offered` also those switched off."""

    definition: ProductDefinition
    outcome: Outcome | None
    offered: tuple[Line, ...]
    lines: tuple[Line, ...]
    versions: Mapping[str, BlockVersion]
    blocks: Mapping[str, BlockDefinition]
    questions: tuple[Question, ...]
    known: Mapping[str, Any]
    answers: Mapping[str, Any]

    @property
    def is_chosen(self) -> bool:
        """Tell whether the choice tree, if any, was walked to its end."""
        return self.definition.tree is None or self.outcome is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What was answered and chosen, and the `facts` that the portal knows without asking."""

    tree_answers: Mapping[str, Any]
    answers: Mapping[str, Any]
    skipped: Collection[str]
    added: Collection[str]
    facts: Mapping[str, str]


def wished_day(definition: ProductDefinition, answers: Mapping[str, Any]) -> date | None:
    """Give the day for which it is asked, when the product asks for one and it was answered with a day.

    A draft may take another question for it, of which a past request holds an answer that is no day.
    """
    value = answers.get(definition.wished_date) if definition.wished_date else None
    with suppress(ValueError):
        return date.fromisoformat(value) if isinstance(value, str) else None
    return None


def load_content(session: Session, draft: OrderDraft) -> OrderContent:
    """Work out what a draft comes down to now."""
    choices = Choices(
        tree_answers=draft.tree_answers, answers=draft.answers, skipped=draft.skipped, added=draft.added, facts=known_values(draft)
    )
    return work_out(session, definition_of(draft.product_version), choices)


def work_out(session: Session, definition: ProductDefinition, choices: Choices) -> OrderContent:
    """Work out what choices for a product come down to, with the building blocks that are published now."""
    _, outcome, given = _given(definition, choices)
    offered = offered_lines(definition, outcome=outcome, answers=given)
    return content_of(definition, choices, published_blocks(session, [line.block for line in offered]))


def content_of(definition: ProductDefinition, choices: Choices, published: Mapping[str, BlockVersion]) -> OrderContent:
    """Work out what choices for a product come down to; `published` are at least the building blocks that are offered.

    `answers` of the result holds the tree, `outcome`, the known answers and those of the form that are not hidden.
    """
    tree_answers, outcome, given = _given(definition, choices)
    offered = offered_lines(definition, outcome=outcome, answers=given)
    lines = bundle_lines(definition, outcome=outcome, answers=given, skipped=choices.skipped, added=choices.added)
    versions = {line.block: published[line.block] for line in offered if line.block in published}
    blocks = {code: block_definition_of(version) for code, version in versions.items()}
    in_bundle = [blocks[line.block] for line in lines]
    known = answers_from_known(in_bundle, choices.facts)
    questions = _wished_first(definition, form_questions(in_bundle, answers=given, known=choices.facts))
    tree_and_known = {key: value for key, value in given.items() if key not in choices.answers or key in tree_answers} | known
    return OrderContent(
        definition=definition,
        outcome=outcome,
        offered=offered,
        lines=lines,
        versions=versions,
        blocks=blocks,
        questions=questions,
        known=known,
        answers={**tree_and_known, **visible_answers(questions, {**given, **known})},
    )


def _given(definition: ProductDefinition, choices: Choices) -> tuple[dict[str, str], Outcome | None, dict[str, Any]]:
    """Give the answers of the tree that count, its outcome, and these together with the answers of the form."""
    tree_answers, outcome = choose(definition, choices.tree_answers)
    return tree_answers, outcome, {**choices.answers, **tree_answers, **({"outcome": outcome.code} if outcome else {})}


def _wished_first(definition: ProductDefinition, questions: Sequence[Question]) -> tuple[Question, ...]:
    """Ask for the wished day first: all the rest is worked back from it."""
    return tuple(sorted(questions, key=lambda question: question.code != definition.wished_date or question.when is not None))


def choose(definition: ProductDefinition, tree_answers: Mapping[str, Any]) -> tuple[dict[str, str], Outcome | None]:
    """Give the answers of the tree that count, and the outcome when it was walked to its end."""
    if definition.tree is None:
        return {}, None
    end = find_next(definition.tree, tree_answers)
    return known_answers(definition.tree, tree_answers), end if isinstance(end, Outcome) else None


def known_values(draft: OrderDraft) -> dict[str, str]:
    """Give what the portal knows without asking, under the names that questions use (`beneficiary.location`, …)."""
    facts = known_facts(requester=draft.requester, beneficiary=draft.beneficiary, beneficiary_name=draft.beneficiary_name)
    return {name: fact.value for name, fact in facts.items()}


def describe_answers(session: Session, content: OrderContent) -> list[dict[str, Any]]:
    """Write down what was asked and answered, in the words of this moment, as a request keeps it."""
    tree = content.definition.tree
    described = [
        _described(question, kind=QuestionKind.ONE_OF, value=option.code, shown=option.label, privacy=Privacy.NONE)
        for question, option in (walk(tree, content.answers) if tree else ())
    ]
    questions = all_questions([content.blocks[line.block] for line in content.lines])
    answered = [question for question in questions if question.code in content.answers]
    has_location = any(question.kind is QuestionKind.LOCATION for question in answered)
    locations = {one.code: one.name for one in list_locations(session)} if has_location else {}
    return described + [describe_answer(question, content.answers[question.code], locations=locations) for question in answered]


def describe_answer(
    question: Question,
    value: Any,  # noqa: ANN401  as the question says
    *,
    locations: Mapping[str, LocalText],
) -> dict[str, Any]:
    """Write down one answer as a request keeps it, in the words of this moment; `locations` by code."""
    shown = show_answer(question, value, locations=locations)
    return _described(question, kind=question.kind, value=value, shown=shown, privacy=question.privacy)


def _described(
    question: Question | TreeQuestion,
    *,
    kind: QuestionKind,
    value: Any,  # noqa: ANN401  as the kind says
    shown: LocalText,
    privacy: Privacy,
) -> dict[str, Any]:
    return {
        "code": question.code,
        "kind": kind.value,
        "label": question.label.as_data(),
        "value": value,
        "shown": shown.as_data(),
        "privacy": privacy.value,
    }
