"""The wished date at the check: what each line makes of it, what fits instead, and taking another day."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.catalog.actions import publish_block
from portal.catalog.definition import ChoiceTree, Need, Outcome, TreeOption, TreeQuestion
from portal.catalog.memory import block_definition_of
from portal.core.clock import utc_now
from portal.core.journal import SYSTEM
from portal.core.references import new_token
from portal.people.models import Person
from portal.planning.norm import Norm, NormUnit
from tests.factories import NOW, make_block, make_line, make_product, sign_in, words
from tests.requests.ordering.conftest import DETAILS, Browser, load_draft


def in_days(days: int) -> str:
    return (utc_now() + timedelta(days=days)).date().isoformat()


@pytest.fixture
def asked(browser: Browser, session: Session) -> Browser:
    """Begin an order of a product in which a fast outcome, a slow one and a slow extra are offered."""
    for code, days in (("fast", 1), ("slow", 30), ("extra", 40)):
        make_block(session, code, days=days)
    options = tuple(TreeOption(code=code, label=words(code), outcome=code) for code in ("fast", "slow"))
    outcomes = tuple(
        Outcome(code=code, name=words(f"way {code}"), reason=words("so"), lines=(make_line(code),)) for code in ("fast", "slow")
    )
    tree = ChoiceTree(start="way", questions=(TreeQuestion(code="way", label=words("Which way?"), options=options),), outcomes=outcomes)
    lines = [make_line("record"), make_line("extra", need=Need.OPTIONAL)]
    make_product(session, "event", lines, tree=tree, wished_date="begin", audience=frozenset({"manager"}))
    browser.get("/order/event")
    browser.send("/drafts", for_whom="newcomer", newcomer="Fleur Nieuw", form_key=new_token())
    return browser


def go(browser: Browser, way: str, begin: str) -> str:
    browser.send("/choice", answer=way)
    return browser.send("/details", **{**DETAILS, "q__begin": begin}).text


def test_each_line_tells_whether_it_makes_the_day_and_until_when(asked: Browser) -> None:
    page = go(asked, "fast", in_days(20))
    assert page.count("not feasible") == 2  # the whole, and the extra
    assert ">feasible" in page.replace("</svg>", ">")
    assert "to be safe, this was to be asked for by" in page
    assert "ask for it by" in page


def test_leaving_out_the_line_that_does_not_fit_is_one_button(asked: Browser, session: Session) -> None:
    page = go(asked, "fast", in_days(20))
    assert "Without extra (en) the rest is ready in time." in page
    assert "way slow (en) would be" not in page
    action = asked.address.replace("/check", "/lines")
    asked.client.post(action, data={})
    assert load_draft(session).skipped == ["extra"]
    page = asked.get(asked.address).text
    assert "Everything is ready in time for" in page
    assert "What does fit" not in page


def test_another_choice_that_fits_is_named_with_the_way_to_it(asked: Browser) -> None:
    go(asked, "slow", in_days(20))
    asked.client.post(asked.address.replace("/check", "/lines"), data={})
    page = asked.get(asked.address).text
    assert "way fast (en) would be ready in time." in page
    assert "choice?question=way" in page


def test_the_first_day_that_fits_is_taken_with_one_button(asked: Browser, session: Session) -> None:
    go(asked, "slow", in_days(3))
    before = load_draft(session).version
    assert asked.page is not None
    assert asked.page.text.count('name="day"') == 1  # of two fields with one name a browser sends both, and the first counts
    page = asked.send("/wished-day", day=_offered(asked))
    assert load_draft(session).answers["begin"] > in_days(40)
    assert load_draft(session).version == before + 1
    assert "Everything is ready in time for" in page.text


@pytest.mark.parametrize("wrong", ["", "never", "2001-01-01", "9999-12-31"])
def test_a_day_that_cannot_be_is_not_taken(asked: Browser, session: Session, wrong: str) -> None:
    go(asked, "slow", in_days(3))
    before = load_draft(session).answers
    assert asked.client.post(asked.address.replace("/check", "/wished-day"), data={"day": wrong}).status_code == 303
    assert load_draft(session).answers == before


def test_a_day_is_only_taken_by_who_made_the_order(asked: Browser, manager: Person, session: Session) -> None:
    go(asked, "slow", in_days(3))
    address = asked.address.replace("/check", "/wished-day")
    asked.client.post("/sign-out")
    assert asked.client.post(address, data={"day": in_days(80)}).status_code in {302, 303, 401}
    assert load_draft(session).answers["begin"] == in_days(3)
    sign_in(asked.client, manager)
    assert asked.client.post(address, data={"day": in_days(80)}).status_code == 303
    assert load_draft(session).answers["begin"] == in_days(80)


def test_the_minimum_notice_of_a_block_counts(asked: Browser, session: Session) -> None:
    version = make_block(session, "fast")
    noticed = replace(block_definition_of(version), notice=Norm(30, NormUnit.WORKING_DAYS))
    publish_block(session=session, definition=noticed, by=SYSTEM, at=NOW)
    page = go(asked, "fast", in_days(20))
    assert "A part of it must be asked for at least 30 working days before." in page


def test_the_wished_day_is_asked_first(chosen: Browser) -> None:
    page = chosen.get(chosen.address).text
    assert page.index("question begin") < page.index("question hours")


def _offered(browser: Browser) -> str:
    assert browser.page is not None
    return browser.page.text.split('name="day" value="', 1)[1].split('"', 1)[0]
