"""Writing the prices of a building block: one row for each, as people type them."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.catalog.agreement import Payer, Period, Price
from portal.catalog.definition import CatalogueKind
from portal.catalog.memory import block_definition_of
from portal.catalog.queries import list_versions
from tests.composing.conftest import words_of

BLOCK = "/manage/catalog/blocks/laptop"
PRICES = f"{BLOCK}/prices"


@pytest.fixture
def drafts(author: FlaskClient) -> FlaskClient:
    """Give the browser of a manager who began a draft of a block."""
    assert author.post(f"{BLOCK}/draft").status_code == 303
    return author


def row(number: int, once: str = "", recurring: str = "", period: str = "", **more: str) -> dict[str, str]:
    given = {"once": once, "recurring": recurring, "period": period, "payer": "cost_centre", "from_on": "", "until_on": "", **more}
    return {f"{name}_{number}": value for name, value in given.items()}


def save(client: FlaskClient, *rows: dict[str, str], edition: int = 1) -> tuple[int, str]:
    data: dict[str, Any] = {"edition": edition, **{name: value for one in rows for name, value in one.items()}}
    answer = client.post(PRICES, data=data, follow_redirects=True)
    return answer.status_code, words_of(answer)


def prices_now(session: Session) -> tuple[Price, ...]:
    session.expire_all()
    version = list_versions(session, CatalogueKind.BLOCKS, "laptop")[0]
    return block_definition_of(version).prices  # type: ignore[arg-type]  # a version of a block


def test_prices_are_added_changed_and_taken_out(drafts: FlaskClient, session: Session) -> None:
    page = drafts.get(PRICES).text
    assert 'name="once_0"' in page
    assert 'value="10,00"' in page
    assert ('name="once_1"' in page, 'name="once_2"' in page) == (True, False)
    monthly = row(1, recurring="22,50", period="month", from_on="2031-01-01", payer="central")
    status, text = save(drafts, row(0, once="1.250", until_on="2030-12-31"), monthly, row(2))
    assert (status, "The draft is saved." in text) == (200, True)
    first = Price(once_cents=125000, until_on=date(2030, 12, 31))
    second = Price(recurring_cents=2250, period=Period.MONTH, payer=Payer.CENTRAL, from_on=date(2031, 1, 1))
    assert prices_now(session) == (first, second)
    differences = words_of(drafts.get(BLOCK))
    assert "€ 22.50 per month, the central budget, from Wednesday 1 January 2031" in differences
    assert save(drafts, row(0), monthly, edition=2)[0] == 200
    assert prices_now(session) == (second,)
    assert "until and with Tuesday 31 December 2030 there is no price." in words_of(drafts.get(PRICES))
    assert save(drafts, row(0), row(1), edition=3)[0] == 200
    assert not prices_now(session)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([row(0, once="much")], "Write an amount, for example 12,50."),
        ([row(0, recurring="10")], "Choose each month or each year, or leave that amount empty."),
        ([row(0, once="10", from_on="31-31-2026")], "First day"),
        ([row(0, once="10", until_on="2026-02-30")], "Last day"),
        ([row(0, once="1000001")], "Write an amount"),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_nothing_is_lost(
    drafts: FlaskClient, session: Session, rows: list[dict[str, str]], sentence: str
) -> None:
    status, text = save(drafts, *rows)
    assert (status, sentence in text) == (422, True), text
    assert prices_now(session) == (Price(once_cents=1000),)


def test_prices_of_one_day_are_not_sent_for_review(drafts: FlaskClient) -> None:
    assert save(drafts, row(0, once="10"), row(1, once="20", from_on="2030-01-01"))[0] == 200
    shown = words_of(drafts.get(PRICES))
    assert ("Another price holds on this day already." in shown, "there is no price" in shown) == (True, False)
    answer = drafts.post(f"{BLOCK}/2/review", data={"edition": 2}, follow_redirects=True)
    assert "Another price holds on this day already." in words_of(answer)


def test_prices_of_two_people_never_overwrite_each_other_unseen(drafts: FlaskClient, reviewer: FlaskClient, session: Session) -> None:
    assert save(drafts, row(0, once="11"))[0] == 200
    status, text = save(reviewer, row(0, once="12"))
    assert (status, "Somebody changed this draft while you were working on it." in text) == (409, True)
    assert prices_now(session) == (Price(once_cents=1100),)
