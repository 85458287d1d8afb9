"""Which price holds on a day, what is wrong with prices, and what they come to."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.catalog.agreement import Payer, Period, Price
from portal.catalog.codec import block_as_data, block_from_data
from portal.catalog.definition import BlockDefinition
from portal.catalog.exchange.price_cells import read_price_cell, write_price_cell
from portal.catalog.prices import FREE, Amounts, bill_of, coming_prices, find_price_faults, find_price_gaps, price_on
from portal.core.errors import InvalidInputError
from tests.catalog import strategies

OLD = Price(recurring_cents=2250, period=Period.MONTH, until_on=date(2026, 12, 31))
NEW = Price(recurring_cents=2450, period=Period.MONTH, from_on=date(2027, 1, 1))
LAST, FIRST = date(2026, 12, 31), date(2027, 1, 1)


def test_a_price_holds_until_and_with_its_last_day() -> None:
    assert (price_on([OLD, NEW], LAST), price_on([OLD, NEW], FIRST)) == (OLD, NEW)
    assert coming_prices([NEW, OLD], LAST) == [NEW]
    assert not coming_prices([OLD, NEW], FIRST)


def test_without_prices_it_is_free_and_in_a_gap_no_price_is_known() -> None:
    assert price_on([], LAST) is FREE
    assert price_on([OLD], FIRST) is None
    assert find_price_gaps([OLD], LAST) == [(FIRST, None)]
    later = Price(once_cents=1, from_on=date(2027, 2, 1))
    assert find_price_gaps([OLD, later], LAST) == [(FIRST, date(2027, 1, 31))]
    assert not find_price_gaps([OLD, NEW], LAST)
    assert not find_price_gaps([], LAST)


@pytest.mark.parametrize(
    ("prices", "faults"),
    [
        ((OLD, NEW), []),
        ((OLD, Price(from_on=LAST)), [("prices[1].from_on", "overlap")]),
        ((Price(), Price()), [("prices[1].from_on", "overlap")]),
        ((Price(from_on=FIRST, until_on=LAST),), [("prices[0].until_on", "reversed")]),
        ((Price(from_on=LAST, until_on=LAST),), []),
    ],
)
def test_two_prices_never_hold_on_one_day(prices: tuple[Price, ...], faults: list[tuple[str, str]]) -> None:
    assert list(find_price_faults(prices)) == faults


def test_a_bill_adds_up_per_payer_and_rhythm() -> None:
    central = Price(once_cents=100, recurring_cents=50, period=Period.YEAR, payer=Payer.CENTRAL)
    bill = bill_of([OLD, Price(once_cents=45000), central, None, NEW])
    assert bill.own == Amounts(once=45000, monthly=4700)
    assert bill.own.first_year == 45000 + 12 * 4700
    assert bill.central == Amounts(once=100, yearly=50)
    assert (bill.unknown, bill.is_free, bill_of([]).is_free) == (1, False, True)


@settings(max_examples=60, deadline=None)
@given(st.lists(strategies.prices, max_size=4), st.dates(date(2019, 12, 1), date(2031, 2, 1)))
def test_without_faults_one_price_at_most_holds_and_gaps_are_the_days_without(prices: list[Price], day: date) -> None:
    holding = [price for price in prices if (price.from_on or day) <= day <= (price.until_on or day)]
    if not list(find_price_faults(prices)):
        assert len(holding) <= 1
        assert price_on(prices, day) == (holding[0] if holding else None if prices else FREE)
        gaps = find_price_gaps(prices, day)
        assert any(first <= day and (last is None or day <= last) for first, last in gaps) is (price_on(prices, day) is None)
        assert all(price_on(prices, first) is None for first, _ in gaps)
        assert all(price_on(prices, last + timedelta(days=1)) is not None for _, last in gaps if last)
    elif len(holding) > 1:
        assert price_on(prices, day) == holding[0]


@settings(max_examples=60, deadline=None)
@given(strategies.block_definitions)
def test_a_cell_of_a_list_holds_all_of_the_prices(block: BlockDefinition) -> None:
    data = block_as_data(block)
    read = read_price_cell(write_price_cell(data.get("prices", [])))
    assert block_from_data({**data, "prices": read}).prices == block.prices


@pytest.mark.parametrize("cell", ["12,50", "-1", "10/month", "10+5/week", "10 from tomorrow", "10 until 2026-01-01 from 2025-01-01"])
def test_a_cell_that_is_no_price_is_refused(cell: str) -> None:
    with pytest.raises(InvalidInputError, match="not_a_price"):
        read_price_cell(cell)


@settings(max_examples=20, deadline=None)
@given(strategies.block_definitions, st.integers(0, 10_000))
def test_the_one_amount_of_before_reads_as_a_price(block: BlockDefinition, cents: int) -> None:
    data = {name: value for name, value in block_as_data(block).items() if name != "prices"}
    assert block_from_data({**data, "cost_cents": cents}).prices == ((Price(once_cents=cents),) if cents else ())
