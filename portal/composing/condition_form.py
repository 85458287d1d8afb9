"""A condition as rows of three fields: a question, a comparison and a value, joined by "all" or "one". Deeper ones stay as they are."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from wtforms import RadioField, SelectField, StringField

from portal.catalog.definition import Condition, QuestionKind
from portal.composing.editor_forms import WritingForm
from portal.composing.forms import choices_of
from portal.composing.labels import condition_words, value_words
from portal.composing.subjects import Subject, by_code
from portal.core.errors import InvalidInputError
from portal.core.money import read_cents, write_euros
from portal.core.texts import LocalText
from portal.web.language import local
from portal.web.words import _, _l

ALWAYS: Final = ""
KEEP: Final = "as it is"
MOST_ROWS: Final = 8
_FEWEST_ROWS: Final = 2
_YES: Final = frozenset({"yes", "ja", "true"})
_NO: Final = frozenset({"no", "nee", "false"})
_NOT: Final = "not_"

_COMPARISONS: Final = [
    ("is", _l("is")),
    ("not_is", _l("is not")),
    ("in", _l("is one of (with commas between)")),
    ("not_in", _l("is none of (with commas between)")),
    ("has", _l("contains")),
    ("not_has", _l("does not contain")),
    ("at_least", _l("is at least")),
    ("not_at_least", _l("is less than, or not filled in")),
    ("at_most", _l("is at most")),
    ("not_at_most", _l("is more than, or not filled in")),
    ("answered", _l("is filled in")),
    ("not_answered", _l("is not filled in")),
]
_JOINS: Final = [("all", _l("All of these must be true")), ("any", _l("One of these is enough"))]


class ConditionForm(WritingForm):
    """A form with a condition; the fields of its rows are added below."""

    when_join = RadioField(_l("When there is more than one"), choices=choices_of(_JOINS), default="all")

    def offer_subjects(self, subjects: Sequence[Subject], before: Condition | None) -> None:
        """Offer what the condition can look at."""
        self.subjects = by_code(subjects)
        names = {subject.code: local(subject.label) for subject in subjects}
        kept = (
            [(KEEP, _("As it is now: %(condition)s", condition=condition_words(before, self.subjects)))] if _rows_of(before) is None else []
        )
        for number in range(MOST_ROWS):
            nothing = _("Always, without a condition") if number == 0 else _("Nothing more")
            self[_named("question", number)].choices = choices_of([(ALWAYS, nothing), *(kept if number == 0 else []), *names.items()])

    def condition_rows(self) -> Sequence[tuple[Any, Any, Any]]:
        """Give the fields of the rows to show: those that are filled in and an empty one, two at least."""
        filled = [number for number in range(MOST_ROWS) if self[_named("question", number)].data]
        shown = min(max((filled[-1] + 2) if filled else 0, _FEWEST_ROWS), MOST_ROWS)
        return [tuple(self[_named(name, number)] for name in ("question", "comparison", "value")) for number in range(shown)]

    def condition(self, before: Condition | None) -> Condition | None:
        """Give the condition as it was filled in.

        :raises InvalidInputError: a value does not fit its question.
        """
        if self[_named("question", 0)].data == KEEP:
            return before
        filled = [number for number in range(MOST_ROWS) if self[_named("question", number)].data]
        parts = [self._part(number) for number in filled]
        if len(parts) > 1:
            return {"any" if self.when_join.data == "any" else "all": parts}
        return parts[0] if parts else None

    def _part(self, number: int) -> Condition:
        code, comparison = self[_named("question", number)].data, self[_named("comparison", number)].data or "is"
        if code not in self.subjects:
            raise InvalidInputError({_named("question", number): "unknown_question"})
        if comparison not in dict(_COMPARISONS):
            raise InvalidInputError({_named("comparison", number): "unknown_value"})
        name = comparison.removeprefix(_NOT)
        if name == "answered":
            return {"question": code, "answered": name == comparison}
        try:
            plain = {"question": code, name: _value(name, self.subjects[code], (self[_named("value", number)].data or "").strip())}
        except _UnfitError as unfit:
            raise InvalidInputError({_named("value", number): str(unfit)}) from unfit
        return plain if name == comparison else {"not": plain}


def _named(name: str, number: int) -> str:
    """Name a field of a row: `when_value`, `when_value_2` and so on."""
    return f"when_{name}_{number + 1}" if number else f"when_{name}"


def _row_fields(number: int) -> dict[str, Any]:
    return {
        _named("question", number): SelectField(_l("And this question") if number else _l("Only when this question"), choices=[]),
        _named("comparison", number): SelectField(_l("Comparison"), choices=choices_of(_COMPARISONS)),
        _named("value", number): StringField(
            _l("Value"), description="" if number else _l("Type the answer as people read it, for example yes, or 10.")
        ),
    }


for _number_of_row in range(MOST_ROWS):
    for _name_of_field, _field in _row_fields(_number_of_row).items():
        setattr(ConditionForm, _name_of_field, _field)


def fields_of_condition(condition: Condition | None, subjects: Sequence[Subject]) -> dict[str, Any]:
    """Give what stands in the fields for a condition."""
    rows = _rows_of(condition)
    if rows is None:
        return {"when_question": KEEP, "when_comparison": "is", "when_value": "", "when_join": "all"}
    fields: dict[str, Any] = {"when_question": ALWAYS, "when_join": "any" if condition and "any" in condition else "all"}
    for number, row in enumerate(rows):
        fields |= {_named(name, number): value for name, value in _fields_of_row(row, subjects).items()}
    return fields


def _fields_of_row(row: Condition, subjects: Sequence[Subject]) -> dict[str, str]:
    plain = row.get("not", row)
    name, expected = next((name, expected) for name, expected in plain.items() if name != "question")
    if name == "answered":
        return {"question": plain["question"], "comparison": "answered" if expected is ("not" not in row) else "not_answered", "value": ""}
    subject = next((one for one in subjects if one.code == plain["question"]), None)
    options: Mapping[str, LocalText] = subject.options if subject else {}
    is_money = subject is not None and subject.kind is QuestionKind.MONEY
    values = expected if isinstance(expected, list) else [expected]
    typed = ", ".join(
        write_euros(one) if is_money else local(options[one]) if name != "in" and one in options else value_words(one) for one in values
    )
    return {"question": plain["question"], "comparison": (_NOT if "not" in row else "") + name, "value": typed}


def _rows_of(condition: Condition | None) -> Sequence[Condition] | None:
    """Give the comparisons that a condition joins, each possibly turned round; None when it is deeper than that, or too long."""
    match condition:
        case None:
            return []
        case {"all": parts} | {"any": parts}:
            return parts if len(parts) <= MOST_ROWS and all(_is_row(part) for part in parts) else None
    return [condition] if _is_row(condition) else None


def _is_row(condition: Condition) -> bool:
    """Tell whether a condition is one comparison, possibly turned round."""
    match condition:
        case {"question": _} | {"not": {"question": _}}:
            return True
    return False


class _UnfitError(Exception):
    """A value does not fit its question; says why with a code."""


def _value(comparison: str, subject: Subject, typed: str) -> Any:  # noqa: ANN401  what a condition compares with
    if comparison == "in" and typed.strip(", "):
        return [_single(subject, part.strip()) for part in typed.split(",") if part.strip()]
    return _number(subject, typed) if comparison in {"at_least", "at_most"} else _single(subject, typed)


def _single(subject: Subject, typed: str) -> bool | int | str:
    """Read one value: yes or no, a number, or an answer by its words or its code."""
    wanted = typed.casefold()
    if not typed:
        raise _UnfitError("required")
    if subject.kind is QuestionKind.YES_NO:
        if wanted not in _YES | _NO:
            raise _UnfitError("not_yes_or_no")
        return wanted in _YES
    if subject.kind is QuestionKind.MONEY or (subject.kind is QuestionKind.NUMBER and typed.lstrip("-").isdecimal()):
        return _number(subject, typed)
    found = [one for one, label in subject.options.items() if wanted in {one, label.nl.casefold(), label.en.casefold()}]
    if subject.options and not found:
        raise _UnfitError("unknown_option")
    return found[0] if found else typed


def _number(subject: Subject, typed: str) -> int:
    """Read a whole number; of a question about money cents, which people write as euros."""
    is_money = subject.kind is QuestionKind.MONEY
    number = read_cents(typed) if is_money else int(typed) if typed.lstrip("-").isdecimal() else None
    if number is None:
        raise _UnfitError("not_an_amount" if is_money else "not_a_number")
    return number
