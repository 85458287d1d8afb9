"""Answers as people read them: from the kept value to words in both languages. Pure."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from babel.dates import format_date
from babel.numbers import format_currency

from portal.catalog.definition import Question, QuestionKind
from portal.core.texts import LocalText

YES: Final = LocalText("Ja", "Yes")
NO: Final = LocalText("Nee", "No")
_DAY: Final = "EEEE d MMMM y"


def show_answer(question: Question, value: Any, *, locations: Mapping[str, LocalText]) -> LocalText:  # noqa: ANN401  any kind of answer
    """Give the words for a kept value: labels of options and places (`locations` by code), a written date, yes or no."""
    match question.kind:
        case QuestionKind.YES_NO:
            words = YES if value is True else NO
        case QuestionKind.DATE:
            day = date.fromisoformat(str(value))
            words = LocalText(format_date(day, _DAY, locale="nl"), format_date(day, _DAY, locale="en"))
        case QuestionKind.TIME:
            words = LocalText(f"{str(value).replace(':', '.')} uur", str(value))
        case QuestionKind.ONE_OF:
            words = _label(question, str(value))
        case QuestionKind.SEVERAL_OF:
            labels = [_label(question, str(code)) for code in value]
            words = LocalText(", ".join(label.nl for label in labels), ", ".join(label.en for label in labels))
        case QuestionKind.LOCATION:
            words = locations.get(str(value)) or LocalText(str(value), str(value))
        case QuestionKind.MONEY:
            euros = Decimal(int(value)) / 100
            words = LocalText(format_currency(euros, "EUR", locale="nl"), format_currency(euros, "EUR", locale="en"))
        case QuestionKind.FILE | QuestionKind.PERSON if isinstance(value, Mapping):
            words = LocalText(str(value["name"]), str(value["name"]))
        case _:
            words = LocalText(str(value), str(value))
    return words


def _label(question: Question, code: str) -> LocalText:
    return next((option.label for option in question.options if option.code == code), LocalText(code, code))
