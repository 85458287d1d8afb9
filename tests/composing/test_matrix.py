"""Saying on the screens that a cell of the matrix is empty on purpose."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.catalog.definition import Level, Tier
from portal.catalog.matrix.queries import choices_by_cell
from tests.composing.conftest import words_of

CELL = "/manage/catalog/matrix/plus/strategic"
REASON = {"reason_nl": "Hoort bij basis.", "reason_en": "Part of basic."}


def test_a_manager_says_why_a_cell_is_empty_and_takes_it_back(author: FlaskClient, session: Session) -> None:
    assert "Say that this is on purpose" in words_of(author.get("/manage/catalog/matrix"))
    assert author.post(CELL, data=REASON).headers["Location"] == "/manage/catalog/matrix"
    choice = choices_by_cell(session)[Tier.PLUS, Level.STRATEGIC]
    assert (choice.reason.nl, choice.by_id is not None) == ("Hoort bij basis.", True)
    assert "Part of basic." in words_of(author.get("/manage/catalog/matrix"))
    assert "Part of basic." in author.get(CELL).text
    assert "Part of basic." in author.get("/catalog/matrix").text
    author.post(f"{CELL}/removal")
    assert "Part of basic." not in author.get("/catalog/matrix").text


def test_a_reason_is_needed_in_both_languages(author: FlaskClient, session: Session) -> None:
    answer = author.post(CELL, data={"reason_nl": "Hoort bij basis."})
    assert answer.status_code == 422
    assert "Hoort bij basis." in answer.text
    assert author.post(CELL, data={**REASON, "reason_nl": "x" * 401}).status_code == 422
    assert not choices_by_cell(session)


def test_a_cell_that_is_not_there_is_not_found(author: FlaskClient) -> None:
    for address in ("/manage/catalog/matrix/plus/high", "/manage/catalog/matrix/none/strategic"):
        assert author.get(address).status_code == 404
    assert author.post(f"{CELL}/removal").status_code == 404
