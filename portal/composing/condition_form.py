"""A condition as three fields: a question, a comparison and a value. One made of several stays as it is unless another is chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from wtforms import SelectField, StringField

from portal.catalog.checks import OUTCOME
from portal.catalog.definition import Condition, ProductDefinition, Question, QuestionKind
from portal.composing.editor_forms import WritingForm
from portal.composing.forms import choices_of
from portal.composing.labels import condition_words, value_words
from portal.core.errors import InvalidInputError
from portal.core.texts import LocalText
from portal.web.language import local
from portal.web.words import _, _l

ALWAYS: Final = ""
KEEP: Final = "as it is"
_YES: Final = frozenset({"yes", "ja", "true"})
_NO: Final = frozenset({"no", "nee", "false"})

_COMPARISONS: Final = [
    ("is", _l("is")),
    ("is_not", _l("is not")),
    ("in", _l("is one of (with commas between)")),
    ("has", _l("contains")),
    ("at_least", _l("is at least")),
    ("at_most", _l("is at most")),
    ("answered", _l("is filled in")),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Something a condition can look at."""

    code: str
    label: LocalText
    options: Mapping[str, LocalText]
    kind: QuestionKind | None = None


def subjects_of(product: ProductDefinition | None, questions: Sequence[Question]) -> Sequence[Subject]:
    """List what a condition can look at: the outcome and the questions of the tree, and the questions of the form."""
    tree = product.tree if product else None
    found = [
        Subject(code=one.code, label=one.label, options={option.code: option.label for option in one.options})
        for one in (tree.questions if tree else ())
    ]
    if tree:
        outcomes = {outcome.code: outcome.name for outcome in tree.outcomes}
        found.append(
            Subject(code=OUTCOME, label=LocalText(nl="De uitkomst van de keuzeboom", en="The outcome of the choice tree"), options=outcomes)
        )
    asked = [
        Subject(code=one.code, label=one.label, options={option.code: option.label for option in one.options}, kind=one.kind)
        for one in questions
    ]
    return [*found, *asked]


class ConditionForm(WritingForm):
    """A form with a condition."""

    when_question = SelectField(_l("Only when this question"), choices=[])
    when_comparison = SelectField(_l("Comparison"), choices=choices_of(_COMPARISONS))
    when_value = StringField(_l("Value"), description=_l("Type the answer as people read it, for example yes, or 10."))

    def offer_subjects(self, subjects: Sequence[Subject], before: Condition | None) -> None:
        """Offer what the condition can look at."""
        self.subjects = {subject.code: subject for subject in subjects}
        names = {subject.code: local(subject.label) for subject in subjects}
        kept = [(KEEP, _("As it is now: %(condition)s", condition=condition_words(before, names)))] if _is_composed(before) else []
        self.when_question.choices = choices_of([(ALWAYS, _("Always, without a condition")), *kept, *names.items()])

    def condition(self, before: Condition | None) -> Condition | None:
        """Give the condition as it was filled in.

        :raises InvalidInputError: the value does not fit the question.
        """
        code = self.when_question.data or ALWAYS
        if code == KEEP:
            return before
        if code == ALWAYS:
            return None
        if code not in self.subjects:
            raise InvalidInputError({"when_question": "unknown_question"})
        comparison, typed = self.when_comparison.data, (self.when_value.data or "").strip()
        if comparison == "is_not":
            return {"not": {"question": code, "is": self._value("is", code, typed)}}
        return {"question": code, comparison: self._value(comparison, code, typed)}

    def _value(self, comparison: str, code: str, typed: str) -> Any:  # noqa: ANN401  what a condition compares with
        if comparison == "answered":
            return typed.casefold() not in _NO
        if comparison == "in":
            return [self._single(code, part.strip()) for part in typed.split(",") if part.strip()]
        if comparison in {"at_least", "at_most"}:
            if not typed.lstrip("-").isdecimal():
                raise InvalidInputError({"when_value": "not_a_number"})
            return int(typed)
        return self._single(code, typed)

    def _single(self, code: str, typed: str) -> bool | int | str:
        """Read one value: yes or no, a number, or an answer by its words or its code."""
        subject = self.subjects[code]
        if not typed:
            raise InvalidInputError({"when_value": "required"})
        if subject.kind is QuestionKind.YES_NO:
            if typed.casefold() not in _YES | _NO:
                raise InvalidInputError({"when_value": "not_yes_or_no"})
            return typed.casefold() in _YES
        if subject.kind is QuestionKind.NUMBER and typed.lstrip("-").isdecimal():
            return int(typed)
        if not subject.options:
            return typed
        wanted = typed.casefold()
        found = [one for one, label in subject.options.items() if wanted in {one, label.nl.casefold(), label.en.casefold()}]
        if not found:
            raise InvalidInputError({"when_value": "unknown_option"})
        return found[0]


def fields_of_condition(condition: Condition | None, subjects: Sequence[Subject]) -> dict[str, Any]:
    """Give what stands in the fields for a condition."""
    if condition is None or _is_composed(condition):
        return {"when_question": ALWAYS if condition is None else KEEP, "when_comparison": "is", "when_value": ""}
    is_not = "not" in condition
    plain = condition["not"] if is_not else condition
    name, expected = next((name, expected) for name, expected in plain.items() if name != "question")
    options = next((subject.options for subject in subjects if subject.code == plain["question"]), {})
    values = expected if isinstance(expected, list) else [expected]
    typed = ", ".join(local(options[one]) if name != "in" and one in options else value_words(one) for one in values)
    return {"when_question": plain["question"], "when_comparison": "is_not" if is_not else name, "when_value": typed}


def _is_composed(condition: Condition | None) -> bool:
    """Tell whether a condition is more than one comparison."""
    match condition:
        case None | {"question": _}:
            return False
        case {"not": {"question": _, "is": _}}:
            return False
    return True
