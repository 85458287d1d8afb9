"""Amounts of money: always whole euro cents, read as people write them."""

from decimal import Decimal, InvalidOperation
from typing import Final

MOST_CENTS: Final = 100_000_000


def read_cents(written: str | None) -> int | None:
    """Read an amount in euros as people write it ("12,50", "€ 1.250") as cents; None when it is none, or above a million."""
    text = (written or "").replace("€", "").replace(" ", "").strip()
    whole, comma, rest = text.rpartition(",")
    text = f"{whole.replace('.', '')}.{rest}" if comma else _without_thousands(text)
    try:
        cents = Decimal(text) * 100
    except InvalidOperation:
        return None
    return int(cents) if cents.is_finite() and 0 <= cents <= MOST_CENTS and cents == int(cents) else None


def write_euros(cents: int) -> str:
    """Write cents as an amount that `read_cents` reads again: "12,50"."""
    return f"{cents // 100},{cents % 100:02d}"


def _without_thousands(text: str) -> str:
    """Read "1.250" as people mean it: points that part groups of three digits are no decimal points."""
    first, *groups = text.split(".")
    is_grouped = bool(groups) and first.isdigit() and all(len(group) == 3 and group.isdigit() for group in groups)  # noqa: PLR2004  a thousand
    return text.replace(".", "") if is_grouped else text
