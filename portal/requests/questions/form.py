"""The form of an order, built by one function from the questions in the catalogue. Its values are those a request keeps."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField
from wtforms.form import BaseForm as WTForm

from portal.catalog.conditions import is_answered
from portal.catalog.definition import Question, QuestionKind
from portal.core.money import read_cents, write_euros
from portal.requests.questions.checks import IsWholeNumber
from portal.requests.questions.fields import NO, YES, FieldContext, field_for
from portal.requests.questions.person import PersonField
from portal.web.forms import RepeatableForm
from portal.web.language import local

PREFIX: Final = "q-"
_WIDTHS: Final = {QuestionKind.NUMBER: "short", QuestionKind.MONEY: "short", QuestionKind.PHONE: "medium"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One question with its field."""

    field: Field
    question: Question

    @property
    def why(self) -> str | None:
        """Give why we ask it."""
        return local(self.question.why) if self.question.why else None

    @property
    def width(self) -> str | None:
        """Give how wide the box is, where that tells what to fill in."""
        return _WIDTHS.get(self.question.kind)

    @property
    def is_file(self) -> bool:
        """Tell whether it is answered with a file."""
        return self.question.kind is QuestionKind.FILE

    @property
    def need(self) -> str:
        """Tell whether it must be filled in: a value of `Need`."""
        return self.question.need.value


class QuestionForm(RepeatableForm):
    """The questions of an order; `version` is that of the draft, `shown` the questions that stood on the page."""

    version = HiddenField()
    shown = HiddenField()
    questions: Sequence[Question] = ()

    def entries(self) -> Sequence[Entry]:
        """Give what the page shows per question."""
        return [Entry(self[field_name(question.code)], question) for question in self.questions]

    def answers(self) -> dict[str, Any]:
        """Give what was filled in, by question code; what is empty or unreadable is left out."""
        values = {question.code: _as_answer(question, self[field_name(question.code)].data) for question in self.questions}
        return {code: value for code, value in values.items() if is_answered(value)}

    def hide_help(self) -> None:
        """Leave the help out where the same questions stand with it above."""
        for question in self.questions:
            self[field_name(question.code)].description = ""

    @property
    def takes_files(self) -> bool:
        """Tell whether one of the questions is answered with a file."""
        return any(question.kind is QuestionKind.FILE for question in self.questions)

    @property
    def takes_persons(self) -> bool:
        """Tell whether one of the questions is answered with a colleague."""
        return any(question.kind is QuestionKind.PERSON for question in self.questions)

    def shown_codes(self) -> frozenset[str]:
        """Give the questions that stood on the page when it was sent."""
        return frozenset((self.shown.data or "").split())

    def prepare_page(self, *, version: int) -> None:
        """Fill in what the page must send back, now that it shows these questions of this version of the draft."""
        self.version.data = str(version)
        self.shown.data = " ".join(question.code for question in self.questions)


def build_question_form(
    questions: Sequence[Question],
    *,
    context: FieldContext,
    answers: Mapping[str, Any],
    posted: Any = None,  # noqa: ANN401  werkzeug's form data
    shown: Collection[str] | None = None,
    prefix: str = "",
) -> QuestionForm:
    """Build the form for these questions, filled with `answers`, or with what was `posted`.

    `shown` are the questions that stood on the page; others may still be empty, for nobody saw them. With a `prefix` for
    each, several of these forms can stand on a page.
    """
    fields = {
        field_name(question.code): field_for(question, context, may_be_empty=shown is not None and question.code not in shown)
        for question in questions
    }
    form_class = type("QuestionsOfOrder", (QuestionForm,), {**fields, "questions": tuple(questions)})
    data = {field_name(question.code): _as_data(question, answers.get(question.code)) for question in questions}
    form: QuestionForm = form_class(formdata=posted, data=data, prefix=prefix)
    return form


def read_person(name: str, sent: MultiDict[str, str], context: FieldContext) -> Field:
    """Read the field of one question that is answered with a colleague, while somebody types in it."""
    field: Any = PersonField("", find=context.find_persons)
    form = WTForm({name: field})
    form.process(sent)
    return form[name]


def field_name(code: str) -> str:
    """Give the name of the field of a question, which is also its place on the page."""
    return PREFIX + code


def _as_answer(question: Question, data: Any) -> Any:  # noqa: ANN401  any kind of answer
    """Turn what a field read into what is kept."""
    match data:
        case date():
            return data.isoformat()
        case time():
            return data.strftime("%H:%M")
        case str() if question.kind is QuestionKind.YES_NO:
            return {YES: True, NO: False}.get(data)
        case str() if question.kind is QuestionKind.NUMBER:
            return IsWholeNumber.read(data)
        case str() if question.kind is QuestionKind.MONEY:
            return read_cents(data)
        case _:
            return data


def _as_data(question: Question, answer: Any) -> Any:  # noqa: ANN401  any kind of answer
    """Turn what is kept into what a field shows."""
    if answer is None:
        return [] if question.kind is QuestionKind.SEVERAL_OF else None
    return _SHOWN.get(question.kind, str)(answer)


_SHOWN: Final[Mapping[QuestionKind, Callable[[Any], Any]]] = {
    QuestionKind.YES_NO: lambda answer: YES if answer else NO,
    QuestionKind.DATE: date.fromisoformat,
    QuestionKind.TIME: time.fromisoformat,
    QuestionKind.MONEY: write_euros,
    QuestionKind.SEVERAL_OF: list,
    QuestionKind.FILE: lambda answer: answer,
    QuestionKind.PERSON: lambda answer: answer,
}
