"""The pages on which a catalogue manager leads a version through its life."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.catalog.actions import save_question
from portal.catalog.definition import CatalogueKind, Need, Privacy, Question, QuestionKind
from portal.catalog.drafting import change_draft
from portal.catalog.memory import definition_of
from portal.catalog.models import ProductVersion
from portal.catalog.queries import get_published_product, get_version
from portal.core.journal import SYSTEM
from portal.people.roles import Role
from tests.composing.conftest import words_of
from tests.factories import NOW, make_block, make_line, make_person, make_product, sign_in, words

PAGE = "/manage/catalog/products/newcomer"


def begin(client: FlaskClient) -> None:
    assert client.post(f"{PAGE}/draft").headers["Location"] == PAGE


def begin_changed(client: FlaskClient, page: str = PAGE) -> None:
    """Begin a draft and put its first line lower, which makes its second edition."""
    begin(client)
    assert client.post(f"{page}/lines/always/0/down", data={"edition": 1}).status_code == 303


def step(client: FlaskClient, name: str, number: int = 2, edition: int = 1, **fields: str) -> tuple[int, str]:
    answer = client.post(f"{PAGE}/{number}/{name}", data={"edition": edition, **fields}, follow_redirects=True)
    return answer.status_code, words_of(answer)


def test_the_overview_shows_what_is_out_and_what_is_on_its_way(author: FlaskClient) -> None:
    assert "product newcomer (en) version 1, Mon 23 Nov nothing" in words_of(author.get("/manage/catalog"))
    begin(author)
    text = words_of(author.get("/manage/catalog"))
    assert "product newcomer (en) version 1, Mon 23 Nov draft" in text
    assert re.search(r"Building blocks \( ?3\)", text)


def test_a_second_person_publishes(author: FlaskClient, reviewer: FlaskClient, session: Session) -> None:
    begin_changed(author)
    assert "Sent for review." in step(author, "review", edition=2)[1]
    assert "another catalogue manager looks at it" in words_of(author.get(PAGE))
    assert step(author, "publication", edition=2)[0] == 403
    status, text = step(reviewer, "publication", edition=2)
    assert (status, "Published. Everybody sees it from now on." in text) == (200, True)
    assert get_published_product(session, "newcomer").number == 2
    for line in (
        "Ada Author began version 2 from version 1.",
        "Ada Author sent version 2 for review.",
        "Rik Reviewer published version 2.",
    ):
        assert line in text
    assert re.search(r"Version 2 published .* Ada Author Rik Reviewer Compare with version 1", text)


def test_it_comes_out_on_a_day(author: FlaskClient, reviewer: FlaskClient) -> None:
    begin_changed(author)
    step(author, "review", edition=2)
    status, text = step(reviewer, "publication", edition=2, publish_on="2020-01-01")
    assert (status, "Choose a day in the future." in text) == (422, True)
    status, text = step(reviewer, "publication", edition=2, publish_on="2126-12-01")
    assert "It comes out on Sunday 1 December 2126." in text
    assert "Rik Reviewer approved version 2." in text


def test_it_comes_back_with_a_reason(author: FlaskClient, reviewer: FlaskClient) -> None:
    begin_changed(author)
    step(author, "review", edition=2)
    assert "Write what has to change." in step(reviewer, "return", edition=2)[1]
    assert step(reviewer, "return", edition=2, reason="Too long.")[0] == 200
    text = words_of(author.get(PAGE))
    assert "Sent back from review Too long." in text
    assert "Rik Reviewer sent version 2 back: Too long." in text


def test_a_draft_without_a_difference_cannot_be_sent_for_review(author: FlaskClient) -> None:
    begin(author)
    told = "This draft is still the same as the published version. Change something before you send it for review."
    text = words_of(author.get(PAGE))
    assert (told in text, "Send for review" in text) == (True, False)
    status, text = step(author, "review")
    assert (status, told in text) == (422, True)
    author.post(f"{PAGE}/lines/always/0/down", data={"edition": 1})
    text = words_of(author.get(PAGE))
    assert (told in text, "Send for review" in text) == (False, True)
    assert "Sent for review." in step(author, "review", edition=2)[1]


def test_what_is_wrong_is_told_and_keeps_it_from_review(author: FlaskClient, session: Session) -> None:
    begin(author)
    draft = get_version(session, CatalogueKind.PRODUCTS, "newcomer", 2)
    assert isinstance(draft, ProductVersion)
    definition = definition_of(draft)
    lines = (*definition.lines, make_line("gone"))
    changed = type(definition)(**{name: getattr(definition, name) for name in definition.__slots__} | {"lines": lines})
    change_draft(session=session, version=draft, definition=changed, edition=1, by=SYSTEM, at=NOW)
    text = words_of(author.get(PAGE))
    assert "Building blocks, gone: Building block : This building block is not published." in text
    assert "Send for review" not in text
    assert step(author, "review", edition=2)[0] == 422
    assert "Building blocks, gone: Required or not not there required" in text


def test_what_was_seen_is_what_is_agreed_with(author: FlaskClient, reviewer: FlaskClient) -> None:
    begin_changed(author)
    status, text = step(author, "review", edition=7)
    assert (status, "Somebody changed this while you were looking at it." in text) == (409, True)
    step(author, "review", edition=2)
    step(reviewer, "return", edition=2, reason="No.")
    step(author, "review", edition=3)
    assert step(reviewer, "publication", edition=2)[0] == 409


def test_two_people_begin_one_draft(author: FlaskClient, reviewer: FlaskClient) -> None:
    begin(author)
    answer = reviewer.post(f"{PAGE}/draft")
    assert answer.status_code == 409
    assert "You can work in it together." in words_of(answer)


def test_an_older_version_comes_back_through_review_and_a_draft_is_put_aside(
    author: FlaskClient, reviewer: FlaskClient, session: Session
) -> None:
    make_product(session, "newcomer", [make_line("record")])
    assert "Bring back version 1" in words_of(author.get(PAGE))
    text = step(author, "restoration", number=1)[1]
    assert "Ada Author brought back version 1 as version 3." in text
    assert "Bring back version 1" not in text
    assert get_published_product(session, "newcomer").number == 2
    assert step(author, "publication", number=3)[0] == 403
    assert "Published." in step(reviewer, "publication", number=3)[1]
    begin(author)
    assert "The draft is put aside." in step(author, "withdrawal", number=4)[1]
    assert get_published_product(session, "newcomer").number == 3


def test_two_versions_are_compared_field_by_field(author: FlaskClient, session: Session) -> None:
    travels = Question(code="travels", kind=QuestionKind.YES_NO, label=words("Travels?"), need=Need.REQUIRED, privacy=Privacy.NONE)
    save_question(session=session, question=travels)
    make_block(session, "record", questions=[travels])
    make_product(session, "newcomer", [make_line("record"), make_line("laptop", when={"question": "travels", "is": True})])
    text = words_of(author.get(f"{PAGE}/differences?before=1&after=2"))
    assert "Building blocks, laptop: Only when not there “Travels? (en)” is yes" in text
    assert "Building blocks, account: Reason because of account / because of account (en) not there" in text
    assert "Nothing differs." in words_of(author.get(f"{PAGE}/differences?before=1&after=1"))
    assert author.get(f"{PAGE}/differences?before=1&after=9").status_code == 404


def test_a_block_has_the_same_pages(author: FlaskClient, reviewer: FlaskClient, session: Session) -> None:
    page = "/manage/catalog/blocks/laptop"
    make_block(session, "laptop", days=5)
    assert "Norm 1 working day 5 working days" in words_of(author.get(f"{page}/differences?before=1&after=2"))
    author.post(f"{page}/draft")
    author.post(f"{page}/prices", data={"edition": 1, "once_0": "12", "payer_0": "cost_centre"})
    author.post(f"{page}/3/review", data={"edition": 2})
    answer = reviewer.post(f"{page}/3/publication", data={"edition": 2}, follow_redirects=True)
    assert "Rik Reviewer published version 3." in words_of(answer)


@pytest.mark.parametrize("address", ["/manage/catalog/products/gone", "/manage/catalog/things/newcomer"])
def test_what_is_not_there_is_not_found(author: FlaskClient, address: str) -> None:
    assert author.get(address).status_code == 404
    assert author.post(f"{address}/draft").status_code == 404


@pytest.mark.usefixtures("product")
def test_only_catalogue_managers_come_here(client: FlaskClient, session: Session) -> None:
    assert client.get(PAGE).status_code == 303
    sign_in(client, make_person(session, Role.ADMINISTRATOR))
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}/draft").status_code == 403
    assert "/manage/catalog" not in client.get("/").text


def test_pages_take_as_many_statements_for_many_as_for_one(author: FlaskClient, session: Session, statements: list[str]) -> None:
    counts = set()
    for number in range(2, 8):
        make_block(session, f"block{number}")
        make_product(session, f"product{number}", [make_line(f"block{number}")])
        make_product(session, "newcomer", [make_line("record"), make_line("laptop")][: 1 + number % 2])
        session.expunge_all()
        statements.clear()
        author.get("/manage/catalog")
        author.get(PAGE)
        counts.add(len(statements))
    assert len(counts) == 1
