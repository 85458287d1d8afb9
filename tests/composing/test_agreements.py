"""What is agreed is written by the manager: moments, terms, waiting times, approval, where an outcome ends; nothing else is lost."""

from datetime import time
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.catalog.agreement import Anchor, ApprovalMode, ApproverKind, NoReturnMoment
from portal.catalog.exchange.actions import replace_upn_names
from portal.core.journal import SYSTEM
from portal.people.actions import save_team
from portal.people.queries import departments_by_code
from portal.planning.norm import Norm, NormUnit
from tests.composing.conftest import words_of
from tests.composing.test_editors import BLOCK, LAPTOP, LINE, PRODUCT, QUESTION, block_now, drafts, product_now, save
from tests.factories import NOW, words

__all__ = ["drafts"]

TERMS: dict[str, Any] = {"cut_off": "14:30", "notice_amount": "10", "notice_unit": "working_days", "no_return_moment": ""}


def test_moments_of_a_block(drafts: FlaskClient, session: Session) -> None:
    away = TERMS | {"no_return_moment": "before_wished_date", "no_return_length_amount": "2", "no_return_length_unit": "working_hours"}
    status, text = save(drafts, f"{BLOCK}/agreements", **away)
    assert (status, "The draft is saved." in text) == (200, True)
    block = block_now(session)
    assert (block.cut_off, block.notice) == (time(14, 30), Norm(10, NormUnit.WORKING_DAYS))
    assert block.no_return is not None
    assert (block.no_return.moment, block.no_return.length) == (NoReturnMoment.BEFORE_WISHED_DATE, Norm(2, NormUnit.WORKING_HOURS))
    assert "No change any more not there from 2 working hours before the wished date" in text
    assert "Ask before the wished date not there 10 working days" in text
    page = drafts.get(f"{BLOCK}/agreements").text
    assert 'value="14:30"' in page
    # The page of the texts leaves all of it as it is.
    assert save(drafts, f"{BLOCK}/text", edition=2, **LAPTOP)[0] == 200
    assert (block_now(session).cut_off, block_now(session).no_return) == (block.cut_off, block.no_return)
    assert save(drafts, f"{BLOCK}/agreements", edition=3, **(TERMS | {"cut_off": "", "notice_amount": ""}))[0] == 200
    assert (block_now(session).cut_off, block_now(session).notice, block_now(session).no_return) == (None, None, None)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"cut_off": "half three"}, "Write a time, for example 14:30."),
        ({"notice_amount": "0"}, "Use a number of 1 or more."),
        ({"no_return_moment": "before_wished_date"}, "Only for a moment before the wished date. Fill this in."),
        ({"no_return_moment": "ready", "no_return_length_amount": "2", "no_return_length_unit": "working_days"}, "does not belong here"),
    ],
)
def test_what_is_wrong_stands_beside_the_field(drafts: FlaskClient, wrong: dict[str, str], sentence: str) -> None:
    status, text = save(drafts, f"{BLOCK}/agreements", **(TERMS | wrong))
    assert (status, sentence in text) == (422, True), text


def test_a_team_of_its_own_department(drafts: FlaskClient, session: Session) -> None:
    for department, code in (("ict", "laptops"), ("personeel", "records")):
        save_team(session=session, code=code, name=words(code), department=departments_by_code(session)[department])
    assert "ict (en): laptops (en)" in words_of(drafts.get(f"{BLOCK}/text"))
    status, text = save(drafts, f"{BLOCK}/text", **(LAPTOP | {"team": "records"}))
    assert (status, "This team does not belong to the department." in text) == (422, True)
    assert save(drafts, f"{BLOCK}/text", **(LAPTOP | {"team": "laptops"}))[0] == 200
    assert block_now(session).team == "laptops"


def test_questions_of_a_block_are_put_in_order(drafts: FlaskClient, session: Session) -> None:
    for code in ("screen", "size"):
        save(drafts, "/manage/catalog/questions/new", **(QUESTION | {"code": code, "label_en": f"Which {code}?"}))
    save(drafts, f"{BLOCK}/text", **(LAPTOP | {"questions": ["screen", "size"]}))
    assert "1 Which screen? Down 2 Which size? Up" in words_of(drafts.get(f"{BLOCK}/questions"))
    save(drafts, f"{BLOCK}/questions/size/up", edition=2)
    assert [one.code for one in block_now(session).questions] == ["size", "screen"]
    save(drafts, f"{BLOCK}/questions/size/down", edition=3)
    assert [one.code for one in block_now(session).questions] == ["screen", "size"]
    assert save(drafts, f"{BLOCK}/questions/screen/down", edition=3)[0] == 409
    assert drafts.post(f"{BLOCK}/questions/gone/up", data={"edition": 4}).status_code == 404


def test_terms_of_a_product(drafts: FlaskClient, session: Session) -> None:
    names = {"https://upn.example/move": "verhuizing doorgeven", "https://upn.example/x": "aanbouw"}
    replace_upn_names(session=session, names=names, by=SYSTEM, at=NOW)
    fields: dict[str, Any] = {
        "response_amount": "4",
        "response_unit": "working_hours",
        "legal_days": "42",
        "extensions": "0",
        "reopen_days": "7",
        "related": [],
        "upn": "Verhuizing",
    }
    status, text = save(drafts, f"{PRODUCT}/agreements", **fields)
    assert (status, "Which name do you mean? (not required) verhuizing doorgeven" in text) == (422, True), text
    status, text = save(drafts, f"{PRODUCT}/agreements", **(fields | {"upn": "Verhuizing doorgeven"}))
    assert status == 200
    product = product_now(session)
    assert (product.upn, product.response) == ("https://upn.example/move", Norm(4, NormUnit.WORKING_HOURS))
    assert (product.legal_days, product.extensions, product.reopen_days) == (42, 0, 7)
    assert "First answer not there 4 working hours" in text
    page = drafts.get(f"{PRODUCT}/agreements").text
    assert 'value="verhuizing doorgeven"' in page
    status, text = save(drafts, f"{PRODUCT}/agreements", edition=2, **(fields | {"upn": "", "related": ["newcomer"], "legal_days": ""}))
    assert (product_now(session).legal_days, product_now(session).upn) == (None, None)
    assert "A product is not related to itself." in text


def test_a_uniform_name_is_looked_for_and_chosen(drafts: FlaskClient, session: Session) -> None:
    names = {"https://upn.example/move": "verhuizing doorgeven", "https://upn.example/x": "verhuizing intrekken"}
    names["https://upn.example/b"] = "slopen"
    replace_upn_names(session=session, names=names, by=SYSTEM, at=NOW)
    address, fields = f"{PRODUCT}/agreements", {"extensions": "0", "reopen_days": "7", "response_unit": "working_hours", "related": []}
    status, text = save(drafts, address, **fields, upn="verhuizing", search="upn")
    assert (status, "verhuizing doorgeven verhuizing intrekken" in text) == (422, True), text
    status, _text = save(drafts, address, **fields, upn="verhuizing", upn_choice="slopen")
    assert status == 422, "it was not among what was offered"
    status, _text = save(drafts, address, **fields, upn="verhuizing", upn_choice="verhuizing intrekken")
    assert (status, product_now(session).upn) == (200, "https://upn.example/x")
    typing = {"HX-Request": "true", "HX-Target": "div#upn-names"}
    found = drafts.get(f"{PRODUCT}/upn-names?upn=intrekken", headers=typing).text
    assert ("verhuizing intrekken" in found, "verhuizing doorgeven" in found) == (True, False)
    assert "No name in the list looks like this." in drafts.get(f"{PRODUCT}/upn-names?upn=bouwen", headers=typing).text
    assert drafts.get(f"{PRODUCT}/upn-names?upn=bouwen").status_code == 404
    replace_upn_names(session=session, names={"https://upn.example/move": "verhuizing doorgeven"}, by=SYSTEM, at=NOW)
    session.commit()
    status, _text = save(drafts, address, edition=2, **fields, upn="https://upn.example/x")
    assert (status, product_now(session).upn) == (200, "https://upn.example/x")


def test_a_line_begins_at_a_moment_of_its_own(drafts: FlaskClient, session: Session) -> None:
    fields = LINE | {"block": "laptop", "starts_anchor": "submit", "starts_length_amount": "5", "starts_length_unit": "working_days"}
    save(drafts, f"{PRODUCT}/lines/always/2", **fields, needs=["account"])
    starts = product_now(session).lines[2].starts
    assert starts is not None
    assert (starts.anchor, starts.length) == (Anchor.SUBMIT, Norm(5, NormUnit.WORKING_DAYS))
    assert "begins 5 working days after the request was submitted at the earliest" in words_of(drafts.get(f"{PRODUCT}/lines"))
    status, text = save(drafts, f"{PRODUCT}/lines/always/2", edition=2, **(fields | {"starts_length_amount": ""}))
    assert (status, "How long after or before that? (not required) Fill this in." in text) == (422, True)
    back = fields | {"starts_anchor": "wished_date"}
    assert save(drafts, f"{PRODUCT}/lines/always/2", edition=2, **back, needs=["account"])[0] == 200
    assert "This counts back from the wished date." in words_of(drafts.get(f"{PRODUCT}/lines"))


def test_a_waiting_time_stays_when_its_line_changes(drafts: FlaskClient, session: Session) -> None:
    address = f"{PRODUCT}/waiting-times"
    assert "“laptop (en)” begins this long after “account (en)” is done" in words_of(drafts.get(address))
    fields = {"after_0_unit": "working_days", "after_1_amount": "2", "after_1_unit": "working_days"}
    assert "Comes after: 2 working days after account (en)" in save(drafts, address, **fields)[1]
    assert [one.offset for one in product_now(session).dependencies] == [None, Norm(2, NormUnit.WORKING_DAYS)]
    save(drafts, f"{PRODUCT}/lines/always/2", edition=2, **(LINE | {"block": "laptop"}), needs=["account", "record"])
    kept = {(one.block, one.after): one.offset for one in product_now(session).dependencies}
    assert kept == {
        ("account", "record"): None,
        ("laptop", "account"): Norm(2, NormUnit.WORKING_DAYS),
        ("laptop", "record"): None,
    }
    status, text = save(drafts, address, edition=3, **(fields | {"after_1_amount": "0"}))
    assert (status, "Use a number of 1 or more." in text) == (422, True)


@pytest.mark.parametrize("address", [PRODUCT, BLOCK])
def test_who_approves(drafts: FlaskClient, session: Session, address: str) -> None:
    def rule() -> Any:
        return (product_now(session) if address == PRODUCT else block_now(session)).approval

    assert "Nobody has to approve" in words_of(drafts.get(f"{address}/approval"))
    assert drafts.post(f"{address}/approval", data={"edition": 1, "mode": "one_of"}).status_code == 404
    status, text = save(drafts, f"{address}/approval/approvers", kind="role", role="")
    assert (status, "Which role? Fill this in." in text) == (422, True), text
    save(drafts, f"{address}/approval/approvers", kind="manager", role="coordinator")
    save(drafts, f"{address}/approval/approvers", edition=2, kind="role", role="coordinator")
    status, text = save(drafts, f"{address}/approval/approvers", edition=3, kind="manager")
    assert (status, "This approver is there already." in text) == (422, True)
    assert [(one.kind, one.role) for one in rule().approvers] == [(ApproverKind.MANAGER, None), (ApproverKind.ROLE, "coordinator")]
    text = save(drafts, f"{address}/approval/approvers/1/up", edition=3)[1]
    assert "1 somebody with the role “Coordinator” Down Take out 2 the manager of the requester Up Take out" in text
    status, text = save(drafts, f"{address}/approval", edition=4, mode="in_order", above_cents="a lot")
    assert (status, "Write an amount, for example 12,50." in text) == (422, True)
    save(drafts, f"{address}/approval", edition=4, mode="in_order", above_cents="250")
    assert (rule().mode, rule().above_cents, rule().when) == (ApprovalMode.IN_ORDER, 25000, None)
    assert "Approval, Whose approval is enough" in words_of(drafts.get(address)).replace(":", ",")
    assert save(drafts, f"{address}/approval/approvers/0/removal", edition=4)[0] == 409
    for edition in (5, 6):
        save(drafts, f"{address}/approval/approvers/0/removal", edition=edition)
    assert rule() is None
    assert drafts.post(f"{address}/approval/approvers/0/up", data={"edition": 7}).status_code == 404


def test_an_answer_can_name_who_approves(drafts: FlaskClient, session: Session) -> None:
    boss = QUESTION | {"code": "boss", "kind": "person", "options": "", "label_en": "Who decides?"}
    price = QUESTION | {"code": "price", "kind": "money", "options": "", "label_en": "How much?"}
    for question in (boss, price):
        save(drafts, "/manage/catalog/questions/new", **question)
    save(drafts, f"{BLOCK}/text", **(LAPTOP | {"questions": ["boss", "price"]}))
    text = save(drafts, f"{BLOCK}/approval/approvers", edition=2, kind="from_answer", question="boss")[1]
    assert "1 the person who is the answer to “Who decides?”" in text
    terms = {"mode": "all_of", "when_question": "price", "when_comparison": "at_least", "when_value": "1.000"}
    assert save(drafts, f"{BLOCK}/approval", edition=3, **terms)[0] == 200
    rule = block_now(session).approval
    assert rule is not None
    assert rule.when == {"question": "price", "at_least": 100_000}
    # Without the question nobody could say who approves.
    save(drafts, f"{BLOCK}/text", edition=4, **(LAPTOP | {"questions": ["price"]}))
    assert "No question here asks for the colleague who must approve." in words_of(drafts.get(BLOCK))


def test_an_outcome_ends_in_blocks_an_article_or_another_product(drafts: FlaskClient, session: Session) -> None:
    tree = f"{PRODUCT}/tree"
    save(drafts, f"{tree}/questions/new", code="place", label_nl="Waar?", label_en="Where?")
    outcome = {"name_nl": "Thuis", "name_en": "At home", "reason_nl": "Omdat.", "reason_en": "Because."}
    status, text = save(drafts, f"{tree}/outcomes/new", edition=2, code="home", **outcome, ends_in="article", article_nl="Lees dit.")
    assert (status, "Article in English Fill this in." in text.replace("(not required) ", "")) == (422, True), text
    status, text = save(drafts, f"{tree}/outcomes/new", edition=2, code="home", **outcome, ends_in="go_to")
    assert (status, "Which product? Fill this in." in text.replace("(not required) ", "")) == (422, True)
    read = {"ends_in": "article", "article_nl": "Lees dit.", "article_en": "Read this."}
    save(drafts, f"{tree}/outcomes/new", edition=2, code="home", **outcome, **read)
    ended = product_now(session).tree.outcomes[0]  # type: ignore[union-attr]
    assert ended.article is not None
    assert (ended.article.en, ended.is_bundle) == ("Read this.", False)
    assert "At home" not in words_of(drafts.get(f"{PRODUCT}/lines"))
    save(drafts, f"{tree}/outcomes/home", edition=3, **outcome, **(read | {"ends_in": "bundle"}))
    assert product_now(session).tree.outcomes[0].is_bundle  # type: ignore[union-attr]


def test_answers_are_put_in_order(drafts: FlaskClient, session: Session) -> None:
    tree = f"{PRODUCT}/tree"
    save(drafts, f"{tree}/questions/new", code="place", label_nl="Waar?", label_en="Where?")
    save(drafts, f"{tree}/outcomes/new", edition=2, code="home", name_nl="T", name_en="T", reason_nl="O", reason_en="B", ends_in="bundle")
    for edition, code in ((3, "a"), (4, "b")):
        answer = {"code": code, "label_nl": code, "label_en": code, "leads_to": "outcome home"}
        save(drafts, f"{tree}/questions/place/answers/new", edition=edition, **answer)
    save(drafts, f"{tree}/questions/place/answers/b/up", edition=5)
    assert [one.code for one in product_now(session).tree.questions[0].options] == ["b", "a"]  # type: ignore[union-attr]
    save(drafts, f"{tree}/questions/place/answers/b/down", edition=6)
    assert [one.code for one in product_now(session).tree.questions[0].options] == ["a", "b"]  # type: ignore[union-attr]


def test_a_product_begins_from_nothing(author: FlaskClient, session: Session) -> None:
    fields: dict[str, Any] = {
        **{f"{name}_{language}": f"{name} {language}" for name in ("name", "summary", "description") for language in ("nl", "en")},
        "code": "chair",
        "kind": "single",
        "tier": "basic",
        "level": "operational",
        "theme": "workplace",
        "owner": "ict",
        "icon": "desk",
        "audience": ["employee"],
    }
    assert author.get("/manage/catalog/new-product").status_code == 200
    status, text = save(author, "/manage/catalog/new-product", **(fields | {"code": "newcomer"}))
    assert (status, "This code is used already." in text) == (422, True)
    status, text = save(author, "/manage/catalog/new-product", **(fields | {"summary_en": ""}))
    assert (status, "In one sentence, in English Fill this in." in text) == (422, True)
    status, text = save(author, "/manage/catalog/new-product", **fields)
    assert (status, "Now put building blocks in it." in text, "No building blocks yet." in text) == (200, True, True), text
    save(author, "/manage/catalog/products/chair/lines/always/new", **(LINE | {"block": "laptop"}))
    assert [line.block for line in product_now(session, "chair").lines] == ["laptop"]
    assert "Send for review" in words_of(author.get("/manage/catalog/products/chair"))
