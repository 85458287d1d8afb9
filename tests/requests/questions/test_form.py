"""The form that is built from questions: whatever is sent, only what is shown is kept, and what is kept shows again."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal.catalog.bundle import form_questions
from portal.catalog.conditions import holds, is_answered
from portal.catalog.definition import BlockDefinition, Need, Option, Privacy, Question, QuestionKind
from portal.planning.norm import Norm, NormUnit
from portal.requests.questions.fields import FieldContext
from portal.requests.questions.form import QuestionForm, build_question_form
from portal.web.application import Application
from tests.factories import words

TODAY = date(2026, 11, 23)
CONTEXT = FieldContext(places={"town_hall": words("town hall")}, today=TODAY)
OPTIONS = (Option(code="a", label=words("a")), Option(code="b", label=words("b")))
KINDS = tuple(QuestionKind)


def make_question(code: str, kind: QuestionKind, need: Need = Need.OPTIONAL, when: dict[str, Any] | None = None) -> Question:
    return Question(code=code, kind=kind, label=words(code), need=need, privacy=Privacy.NONE, options=OPTIONS, when=when)


QUESTIONS = (
    make_question("switch", QuestionKind.YES_NO),
    *(make_question(f"{kind.value}_on", kind, when={"question": "switch", "is": True}) for kind in KINDS),
    *(make_question(f"{kind.value}_off", kind, when={"not": {"question": "switch", "is": True}}) for kind in KINDS),
    make_question("deep", QuestionKind.TEXT, when={"question": "text_on", "answered": True}),
)
BLOCK = BlockDefinition(
    code="block",
    name=words("block"),
    description=words("block"),
    department="ict",
    norm=Norm(1, NormUnit.WORKING_DAYS),
    task=words("task"),
    checklist=(),
    questions=QUESTIONS,
)

values = st.sampled_from(["", " ", "yes", "no", "a", "b", "town_hall", "2027-01-31", "2027-02-31", "14:30", "12", "x@y.nl", "06 12345678"])
sent = st.dictionaries(st.sampled_from([f"q-{one.code}" for one in QUESTIONS]), st.lists(values | st.text(max_size=20), max_size=2))


@pytest.fixture(autouse=True)
def _in_request(app: Application) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def settle(posted: MultiDict[str, str]) -> tuple[QuestionForm, dict[str, Any]]:
    """Do what the page does: show and hide until nothing changes."""
    answers: dict[str, Any] = {}
    for _round in range(8):
        questions = form_questions([BLOCK], answers=answers, known={})
        form = build_question_form(questions, context=CONTEXT, answers={}, posted=posted)
        if form.answers() == answers:
            break
        answers = form.answers()
    return form, answers


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent)
def test_hidden_answers_are_dropped_whatever_is_sent(data: dict[str, list[str]]) -> None:
    _form, answers = settle(MultiDict(data))
    by_code = {question.code: question for question in QUESTIONS}
    for code, value in answers.items():
        assert holds(by_code[code].when, answers)
        assert is_answered(value)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent)
def test_what_is_kept_and_valid_is_shown_again_and_kept_the_same(data: dict[str, list[str]]) -> None:
    form, answers = settle(MultiDict(data))
    form.validate()
    wrong = {field.name for field in form if field.errors}
    valid = {code: value for code, value in answers.items() if f"q-{code}" not in wrong}
    again = build_question_form(form.questions, context=CONTEXT, answers=valid, posted=None)
    assert again.answers() == valid
    for entry in again.entries():
        assert entry.field()


@pytest.mark.parametrize("kind", KINDS)
def test_a_required_question_of_each_kind_asks_for_an_answer(kind: QuestionKind) -> None:
    form = build_question_form([make_question("one", kind, Need.REQUIRED)], context=CONTEXT, answers={}, posted=MultiDict({"shown": "one"}))
    assert not form.validate()
    assert form.error_list()[0][0] == "q-one"


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_nobody_saw_may_be_empty(kind: QuestionKind) -> None:
    question = make_question("one", kind, Need.REQUIRED)
    form = build_question_form([question], context=CONTEXT, answers={}, posted=MultiDict(), shown=())
    form.validate()
    assert not [error for error in form.error_list() if error[0] == "q-one"]
