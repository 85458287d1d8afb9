"""Answers in words, in both languages."""

from portal.catalog.definition import QuestionKind
from portal.core.texts import LocalText
from portal.requests.ordering.answers import show_answer
from tests.requests.ordering.conftest import make_question


def test_a_time_is_written_as_everywhere_else() -> None:
    assert show_answer(make_question("start", QuestionKind.TIME), "09:30", locations={}) == LocalText("09.30 uur", "09:30")
