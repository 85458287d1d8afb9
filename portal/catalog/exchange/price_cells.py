"""Prices in one cell of a list: `45000`, or `0+1250/month until 2026-12-31; 0+1350/month from 2027-01-01`. Amounts in euro cents."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from portal.catalog.agreement import Payer, Period
from portal.catalog.exchange.sheets import Cell
from portal.catalog.reader import fault

_DAY: Final = r"\d{4}-\d{2}-\d{2}"
_PRICE: Final = re.compile(
    rf"(?P<once>\d+)(\+(?P<recurring>\d+)/(?P<period>{'|'.join(Period)}))?(?P<central> {Payer.CENTRAL})?"
    rf"( from (?P<from_on>{_DAY}))?( until (?P<until_on>{_DAY}))?",
    re.ASCII,
)


def write_price_cell(prices: Sequence[Mapping[str, Any]]) -> Cell:
    """Write stored prices in one cell; a single amount without dates is a number."""
    written = "; ".join(_written(price) for price in prices)
    return int(written) if written.isdigit() else written


def read_price_cell(cell: Cell) -> list[dict[str, Any]]:
    """Read a cell as stored prices; an empty cell is no price, so free.

    :raises InvalidInputError: it is not written so (`not_a_price`).
    """
    parts = [" ".join(part.split()) for part in str(cell).split(";")]
    return [_read(part) for part in parts if part]


def _written(price: Mapping[str, Any]) -> str:
    recurring = f"+{price['recurring_cents']}/{price['period']}" if "period" in price else ""
    central = f" {Payer.CENTRAL}" if price.get("payer") == Payer.CENTRAL else ""
    dates = "".join(f" {word} {price[name]}" for name, word in (("from_on", "from"), ("until_on", "until")) if name in price)
    return f"{price.get('once_cents', 0)}{recurring}{central}{dates}"


def _read(part: str) -> dict[str, Any]:
    found = _PRICE.fullmatch(part)
    if found is None:
        raise fault("prices", "not_a_price")
    values: dict[str, Any] = {
        name: value for name, value in found.groupdict().items() if value and name in {"period", "from_on", "until_on"}
    }
    values |= {"once_cents": int(found["once"]), **({"recurring_cents": int(found["recurring"])} if found["recurring"] else {})}
    return values | ({"payer": Payer.CENTRAL.value} if found["central"] else {})
