"""The choice tree: one question per page, back without loss, and a way to another product."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.requests.ordering.models import OrderDraft
from tests.requests.ordering.conftest import Browser, load_draft


def test_one_question_per_page_in_the_order_of_the_tree(begun: Browser) -> None:
    assert "tree employment" in begun.get(begun.address).text
    answer = begun.send("/choice", answer="new")
    assert "tree term" in answer.text
    assert "tree employment" not in answer.text
    begun.send("/choice", answer="long")
    assert begun.step == "details"


def test_no_answer_and_a_strange_answer_are_refused(begun: Browser) -> None:
    for data in ({}, {"answer": "nonsense"}):
        answer = begun.send("/choice", **data)
        assert answer.status_code == 422
        assert "Choose the answer that fits best." in answer.text


def test_back_shows_the_answer_and_keeps_the_others(chosen: Browser, session: Session) -> None:
    draft = load_draft(session)
    answer = chosen.get(f"/order/newcomer/{draft.token}/choice?question=employment")
    checked = [one for one in re.findall("<input[^>]*>", answer.text) if " checked " in one]
    assert ['value="new"' in one for one in checked] == [True]
    chosen.send("/choice", answer="new")
    assert load_draft(session).tree_answers == {"employment": "new", "term": "long"}


def test_another_answer_drops_only_what_is_off_the_path(filled: Browser, session: Session) -> None:
    draft = load_draft(session)
    filled.get(f"/order/newcomer/{draft.token}/choice?question=employment")
    filled.send("/choice", answer="existing")
    assert load_draft(session).tree_answers == {"employment": "existing"}
    assert load_draft(session).answers["hours"] == 32


def test_another_outcome_asks_what_it_needs_and_keeps_the_rest(filled: Browser, session: Session) -> None:
    draft = load_draft(session)
    filled.get(f"/order/newcomer/{draft.token}/choice?question=term")
    answer = filled.send("/choice", answer="short")
    assert filled.step == "details"
    assert "question plane" in answer.text
    assert 'value="32"' in answer.text


def test_a_question_that_is_not_in_the_tree_is_not_found(begun: Browser) -> None:
    token = begun.address.split("/")[3]
    assert begun.client.post(f"/order/newcomer/{token}/choice", data={"question": "term", "answer": "long"}).status_code == 422
    assert "tree employment" in begun.get(f"/order/newcomer/{token}/choice?question=nonsense").text


def test_an_outcome_may_lead_to_another_product(begun: Browser, session: Session) -> None:
    answer = begun.send("/choice", answer="existing")
    assert begun.step == "elsewhere"
    assert "you only need a desk" in answer.text
    begun.send("/drafts")
    assert begun.address.startswith("/order/other/")
    assert begun.step == "check"
    assert set(session.scalars(select(OrderDraft.beneficiary_name))) == {"Fleur Nieuw"}


def test_an_outcome_may_be_an_article_that_answers_the_question(begun: Browser, session: Session) -> None:
    answer = begun.send("/choice", answer="self")
    assert begun.step == "article"
    for words in ("you can do it yourself", "<p>first this</p>", "<p>then that (en)</p>", "mailto:servicedesk@loket.example?subject=read"):
        assert words in answer.text
    token = load_draft(session).token
    for step in ("details", "check"):
        begun.get(f"/order/newcomer/{token}/{step}")
        assert begun.step == "article"
    begun.send("/deletion")
    assert session.scalars(select(OrderDraft)).all() == []


def test_steps_cannot_be_skipped(begun: Browser) -> None:
    token = begun.address.split("/")[3]
    for step in ("details", "check", "elsewhere", "article"):
        begun.get(f"/order/newcomer/{token}/{step}")
        assert begun.step == "choice"
