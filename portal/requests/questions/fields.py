"""One kind of field for each kind of question in the catalogue."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from wtforms import StringField, TextAreaField
from wtforms.fields import choices as choice_fields
from wtforms.fields.choices import RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.catalog.definition import Need, Question, QuestionKind
from portal.core.texts import LocalText
from portal.requests.attachments.forms import UploadField
from portal.requests.questions.checks import AtMost, IsAmount, IsEmail, IsKnownOption, IsPhone, IsPossibleDay, IsWholeNumber, tidy
from portal.requests.questions.person import FindPersons, PersonField, find_nobody
from portal.web.forms import Required
from portal.web.language import local
from portal.web.moment_fields import ClockField, DayField
from portal.web.words import _

MOST_RADIOS: Final = 8
MOST_TEXT: Final = 200
MOST_LONG_TEXT: Final = 4000
MOST_SHORT: Final = 40
YES: Final = "yes"
NO: Final = "no"
_AUTOCOMPLETE: Final = {"requester.name": "name", "requester.email": "email", "requester.phone": "tel"}

UnboundField = Any  # WTForms gives a placeholder until the form is made
Options = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldContext:
    """What fields need besides the question: the places to choose from, by code, the day it is, and how to find a colleague."""

    places: Mapping[str, LocalText]
    today: date
    find_persons: FindPersons = find_nobody


def field_for(question: Question, context: FieldContext, *, may_be_empty: bool) -> UnboundField:
    """Make the field of a question; `may_be_empty` lets a required one pass."""
    checks: list[Any] = [Required()] if question.need is Need.REQUIRED and not may_be_empty else []
    return _MAKERS.get(question.kind, _line)(question, context, checks)


def as_choices(options: Iterable[tuple[str, str]]) -> list[Any]:
    """Make the choices of a field from values and their words."""
    make = choice_fields.SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
    return [make(value=value, label=words) for value, words in options]


def _line(question: Question, _context: FieldContext, checks: list[Any]) -> UnboundField:
    return _box(question, [*checks, AtMost(MOST_TEXT)])


def _long_text(question: Question, _context: FieldContext, checks: list[Any]) -> UnboundField:
    about = _about(question)
    return TextAreaField(local(question.label), [*checks, AtMost(MOST_LONG_TEXT)], filters=[tidy], render_kw={"rows": "5"}, **about)


def _number(question: Question, _context: FieldContext, checks: list[Any]) -> UnboundField:
    is_number = IsWholeNumber(at_least=question.at_least, at_most=question.at_most)
    return _box(question, [*checks, AtMost(MOST_SHORT), is_number], inputmode="numeric")


def _money(question: Question, _context: FieldContext, checks: list[Any]) -> UnboundField:
    is_amount = IsAmount(at_least=question.at_least, at_most=question.at_most)
    return _box(question, [*checks, AtMost(MOST_SHORT), is_amount], inputmode="decimal")


def _email(question: Question, _context: FieldContext, checks: list[Any]) -> UnboundField:
    return _box(question, [*checks, AtMost(MOST_TEXT), IsEmail()], inputmode="email")


def _phone(question: Question, _context: FieldContext, checks: list[Any]) -> UnboundField:
    return _box(question, [*checks, AtMost(MOST_SHORT), IsPhone()], inputmode="tel")


def _day(question: Question, context: FieldContext, checks: list[Any]) -> UnboundField:
    is_possible = IsPossibleDay(context.today, not_in_past=question.not_in_past)
    return DayField(local(question.label), [*checks, is_possible], **_about(question))


def _time(question: Question, _context: FieldContext, checks: list[Any]) -> UnboundField:
    return ClockField(local(question.label), checks, **_about(question))


def _yes_no(question: Question, _context: FieldContext, checks: list[Any]) -> UnboundField:
    return _radios(question, [(YES, _("Yes")), (NO, _("No"))], checks)


def _one_of(question: Question, _context: FieldContext, checks: list[Any]) -> UnboundField:
    options = [(one.code, local(one.label)) for one in question.options]
    return (_radios if len(options) <= MOST_RADIOS else _list)(question, options, checks)


def _several_of(question: Question, _context: FieldContext, checks: list[Any]) -> UnboundField:
    return SelectMultipleField(
        local(question.label),
        [*checks, IsKnownOption()],
        choices=as_choices([(one.code, local(one.label)) for one in question.options]),
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        **_about(question),
    )


def _location(question: Question, context: FieldContext, checks: list[Any]) -> UnboundField:
    return _list(question, [(code, local(name)) for code, name in context.places.items()], checks)


def _file(question: Question, _context: FieldContext, checks: list[Any]) -> UnboundField:
    return UploadField(local(question.label), checks, **_about(question))


def _person(question: Question, context: FieldContext, checks: list[Any]) -> UnboundField:
    return PersonField(local(question.label), checks, find=context.find_persons, render_kw={"autocomplete": "off"}, **_about(question))


def _box(question: Question, checks: list[Any], **attributes: str) -> UnboundField:
    all_attributes = {"autocomplete": _AUTOCOMPLETE.get(question.known or "", "off"), **attributes}
    return StringField(local(question.label), checks, filters=[tidy], render_kw=all_attributes, **_about(question))


def _radios(question: Question, options: Options, checks: list[Any]) -> UnboundField:
    unknown = [] if question.need is Need.REQUIRED else [("", _("I do not know yet"))]
    choices = as_choices([*options, *unknown])
    return RadioField(local(question.label), [*checks, IsKnownOption()], choices=choices, validate_choice=False, **_about(question))


def _list(question: Question, options: Options, checks: list[Any]) -> UnboundField:
    first = _("Choose from the list") if question.need is Need.REQUIRED else _("I do not know yet")
    choices = as_choices([("", first), *options])
    return SelectField(local(question.label), [*checks, IsKnownOption()], choices=choices, validate_choice=False, **_about(question))


def _about(question: Question) -> dict[str, Any]:
    return {"description": local(question.help) if question.help else ""}


_MAKERS: Final[Mapping[QuestionKind, Callable[[Question, FieldContext, list[Any]], UnboundField]]] = {
    QuestionKind.LONG_TEXT: _long_text,
    QuestionKind.NUMBER: _number,
    QuestionKind.MONEY: _money,
    QuestionKind.DATE: _day,
    QuestionKind.TIME: _time,
    QuestionKind.YES_NO: _yes_no,
    QuestionKind.ONE_OF: _one_of,
    QuestionKind.SEVERAL_OF: _several_of,
    QuestionKind.LOCATION: _location,
    QuestionKind.PERSON: _person,
    QuestionKind.EMAIL: _email,
    QuestionKind.PHONE: _phone,
    QuestionKind.FILE: _file,
}
