"""The details: each asked once, nothing that is known, hidden answers dropped, and clear sentences for what is wrong."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.requests.ordering.conftest import DETAILS, Browser, load_draft


def test_what_is_known_is_shown_and_not_asked(chosen: Browser) -> None:
    answer = chosen.get(chosen.address)
    assert "We already know" in answer.text
    assert "you filled this in at the first step" in answer.text
    assert 'name="q-name"' not in answer.text


def test_an_answer_brings_a_question_which_is_then_shown(chosen: Browser, session: Session) -> None:
    assert 'name="q-plate"' not in chosen.get(chosen.address).text
    answer = chosen.send("/details", **{**DETAILS, "q__parking": "yes"})
    assert chosen.step == "details"
    assert "Your answers lead to one more question." in answer.text
    assert 'name="q-plate"' in answer.text
    answer = chosen.send("/details", **{**DETAILS, "q__parking": "yes"})
    assert answer.status_code == 422
    chosen.send("/details", **{**DETAILS, "q__parking": "yes", "q__plate": "12-AB-3"})
    assert chosen.step == "check"
    assert load_draft(session).answers["plate"] == "12-AB-3"


def test_a_hidden_answer_is_dropped(chosen: Browser, session: Session) -> None:
    chosen.send("/details", **{**DETAILS, "q__plate": "12-AB-3"})
    assert load_draft(session).answers == {"begin": "2027-12-01", "hours": 32, "parking": False}


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("q__begin", "", "Fill this in."),
        ("q__begin", "31-02-2027", "This day does not exist. Write it like 03-12-2026."),
        ("q__begin", "soon", "This day does not exist."),
        ("q__begin", "9999-12-31", "Check the year: this day is very far away."),
        ("q__begin", (date.today() - timedelta(days=2)).isoformat(), "This day has passed."),  # noqa: DTZ011  two days is far enough
        ("q__hours", "many", "Fill in a whole number, such as 12."),
        ("q__hours", "0", "Fill in 1 or more."),
        ("q__hours", "41", "Fill in 40 or less."),
        ("q__hours", "9" * 10_000, "This text is too long"),
        ("q__parking", "perhaps", "This choice is no longer there."),
        ("q__remark", "x" * 10_000, "This text is too long: 10000 characters. Shorten it to 4000."),
    ],
)
def test_what_is_wrong_is_told_beside_the_field_and_kept(chosen: Browser, session: Session, field: str, value: str, sentence: str) -> None:
    before = load_draft(session).version
    answer = chosen.send("/details", **{"q__begin": "2027-12-01", "q__hours": "32", "q__parking": "no", field: value})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'<a href="#{field.replace("__", "-")}">' in answer.text
    if value and field != "q__parking":
        assert value in answer.text
    session.expire_all()
    draft = load_draft(session)
    assert (draft.version, draft.answers) == (before, {})


def test_a_day_may_be_written_as_people_do(chosen: Browser, session: Session) -> None:
    chosen.send("/details", **{**DETAILS, "q__begin": "1-12-2027"})
    assert load_draft(session).answers["begin"] == "2027-12-01"


def test_two_windows_show_a_conflict_and_lose_nothing(chosen: Browser, session: Session) -> None:
    draft = load_draft(session)
    address = chosen.address
    other = Browser(chosen.client)
    other.get(address)
    other.send("/details", **DETAILS)
    answer = chosen.send("/details", **{**DETAILS, "q__hours": "16"}, version="1")
    assert answer.status_code == 409
    assert "This order was changed in another window." in answer.text
    assert 'value="16"' in answer.text
    session.expire_all()
    assert draft.answers["hours"] == 32
    chosen.send("/details", **{**DETAILS, "q__hours": "16"})
    session.expire_all()
    assert draft.answers["hours"] == 16
