"""A condition in three fields: what is typed is what is kept, and what is shown can be sent again."""

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from portal.catalog.definition import Condition, Need, Option, Privacy, Question, QuestionKind
from portal.composing.condition_form import KEEP, ConditionForm, fields_of_condition
from portal.composing.difference_pages import rows_of_differences
from portal.composing.labels import condition_words
from portal.composing.subjects import by_code, subjects_of
from portal.core.errors import InvalidInputError
from portal.web.application import Application
from tests.factories import words


def question(code: str, kind: QuestionKind, *options: str) -> Question:
    offered = tuple(Option(code=one, label=words(f"Say {one}")) for one in options)
    return Question(code=code, kind=kind, label=words(code), need=Need.REQUIRED, privacy=Privacy.NONE, options=offered)


SUBJECTS = subjects_of(
    None,
    [
        question("parks", QuestionKind.YES_NO),
        question("count", QuestionKind.NUMBER),
        question("color", QuestionKind.ONE_OF, "red", "blue"),
        question("extras", QuestionKind.SEVERAL_OF, "tea", "coffee"),
        question("note", QuestionKind.TEXT),
        question("price", QuestionKind.MONEY),
    ],
)
BOTH: Condition = {"all": [{"question": "parks", "is": True}, {"question": "count", "at_least": 2}]}


DEEP: Condition = {"all": [BOTH, {"question": "note", "answered": True}]}


def send(app: Application, fields: dict[str, Any], before: Condition | None = None) -> Condition | None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        form = ConditionForm(formdata=MultiDict(fields))
        form.offer_subjects(SUBJECTS, before)
        return form.condition(before)


@pytest.mark.parametrize(
    "condition",
    [
        None,
        {"question": "parks", "is": True},
        {"not": {"question": "parks", "is": True}},
        {"question": "count", "at_least": 3},
        {"question": "count", "is": 3},
        {"question": "color", "is": "blue"},
        {"question": "color", "in": ["red", "blue"]},
        {"question": "extras", "has": "tea"},
        {"question": "note", "is": "VIP"},
        {"question": "note", "answered": False},
        {"question": "note", "answered": True},
        {"question": "price", "at_least": 1250},
        {"not": {"question": "color", "in": ["red", "blue"]}},
        {"not": {"question": "count", "at_most": 2}},
        BOTH,
        {"any": [{"not": {"question": "extras", "has": "tea"}}, {"question": "note", "answered": True}]},
        DEEP,
    ],
)
def test_what_is_shown_can_be_sent_again(app: Application, condition: Condition | None) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        fields = fields_of_condition(condition, SUBJECTS)
    assert send(app, fields, condition) == condition
    assert (fields["when_question"] == KEEP) is (condition is DEEP)


def test_rows_that_are_emptied_are_gone_and_there_is_always_room_for_one_more(app: Application) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        fields = fields_of_condition(BOTH, SUBJECTS)
        form = ConditionForm(formdata=MultiDict(fields))
        assert len(form.condition_rows()) == 3
    assert send(app, fields | {"when_question": ""}, BOTH) == BOTH["all"][1]
    assert send(app, fields | {"when_question": "", "when_question_2": ""}, BOTH) is None
    assert send(app, fields | {"when_join": "any"}, BOTH) == {"any": BOTH["all"]}


def test_a_mistake_in_a_later_row_stands_beside_that_row(app: Application) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        fields = fields_of_condition(BOTH, SUBJECTS)
    with pytest.raises(InvalidInputError) as failure:
        send(app, fields | {"when_value_2": "many"}, BOTH)
    assert failure.value.errors == {"when_value_2": "not_a_number"}


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        (("gone", "is", "x"), {"when_question": "unknown_question"}),
        (("parks", "is", "maybe"), {"when_value": "not_yes_or_no"}),
        (("count", "at_most", "many"), {"when_value": "not_a_number"}),
        (("color", "is", "green"), {"when_value": "unknown_option"}),
        (("color", "is", ""), {"when_value": "required"}),
        (("color", "in", " , "), {"when_value": "unknown_option"}),
        (("price", "at_least", "a lot"), {"when_value": "not_an_amount"}),
        (("note", "sounds_like", "x"), {"when_comparison": "unknown_value"}),
    ],
)
def test_what_does_not_fit_is_told_beside_the_field(app: Application, fields: tuple[str, str, str], errors: dict[str, str]) -> None:
    with pytest.raises(InvalidInputError) as failure:
        send(app, dict(zip(("when_question", "when_comparison", "when_value"), fields, strict=True)))
    assert failure.value.errors == errors


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (None, "always"),
        (BOTH, "“parks (en)” is yes and “count (en)” is at least 2"),
        (
            {"any": [{"question": "color", "in": ["red", "blue"]}, {"not": {"question": "extras", "has": "tea"}}]},
            "“color (en)” is one of Say red (en), Say blue (en) or not: “extras (en)” contains Say tea (en)",
        ),
        ({"question": "count", "at_most": 2}, "“count (en)” is at most 2"),
        ({"question": "note", "answered": True}, "“note (en)” is filled in: yes"),
        ({"question": "gone", "is": "code"}, "“gone” is code"),
        ({"question": "price", "at_least": 125_000}, "“price (en)” is at least €\u00a01,250.00"),
        ({"question": "price", "in": [50, 100]}, "“price (en)” is one of €\u00a00.50, €\u00a01.00"),
        ({"question": "price", "answered": False}, "“price (en)” is filled in: no"),
    ],
)
def test_a_condition_is_a_sentence(app: Application, condition: Condition | None, sentence: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert condition_words(condition, by_code(SUBJECTS)) == sentence


@pytest.mark.parametrize(
    ("language", "before", "after", "limit"),
    [("nl", "€\u00a01.000,00", "€\u00a02.500,50", "€\u00a010,00"), ("en", "€\u00a01,000.00", "€\u00a02,500.50", "€\u00a010.00")],
)
def test_differences_write_amounts_as_the_reader_does(app: Application, language: str, before: str, after: str, limit: str) -> None:
    line = {"block": "desk", "when": {"question": "price", "at_least": 100_000}}
    other = {**line, "when": {"question": "price", "at_least": 250_050}}
    stored = {"code": "price", "kind": "money", "at_least": 1000, "at_most": None}
    with app.test_request_context(headers={"Accept-Language": language}):
        (row,) = rows_of_differences({"lines": [line]}, {"lines": [other]}, [question("price", QuestionKind.MONEY)])
        assert (row.before or "").endswith(before)
        assert (row.after or "").endswith(after)
        assert [one.after for one in rows_of_differences({**stored, "at_least": None}, stored, [])] == [limit]
