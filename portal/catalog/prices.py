"""Which price holds on a day, what is wrong with a list of prices, and what several prices come to. Amounts in euro cents."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from portal.catalog.agreement import Payer, Period, Price

FREE: Final = Price()
MONTHS: Final = 12

_FIRST: Final = date.min
_LAST: Final = date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What is paid once, each month and each year."""

    once: int = 0
    monthly: int = 0
    yearly: int = 0

    @property
    def first_year(self) -> int:
        """Give what it comes to in the first year."""
        return self.once + MONTHS * self.monthly + self.yearly

    def __add__(self, other: "Amounts") -> "Amounts":
        """Add what is paid in the same rhythm."""
        return Amounts(once=self.once + other.once, monthly=self.monthly + other.monthly, yearly=self.yearly + other.yearly)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What prices come to: for the cost centre, from the central budget, and of how many no price is known."""

    own: Amounts = field(default_factory=Amounts)
    central: Amounts = field(default_factory=Amounts)
    unknown: int = 0

    @property
    def is_free(self) -> bool:
        """Tell whether nobody pays anything."""
        return not (self.own.first_year or self.central.first_year or self.unknown)

    def __add__(self, other: "Bill") -> "Bill":
        """Add what else is paid."""
        return Bill(own=self.own + other.own, central=self.central + other.central, unknown=self.unknown + other.unknown)


def price_on(prices: Sequence[Price], day: date) -> Price | None:
    """Give the price that holds on a day; None when there are prices, but none for that day. Without any it is free."""
    if not prices:
        return FREE
    return next((price for price in prices if _begin(price) <= day <= _end(price)), None)


def coming_prices(prices: Sequence[Price], day: date) -> Sequence[Price]:
    """Give the prices that begin after a day, in order."""
    return sorted((price for price in prices if _begin(price) > day), key=_begin)


def find_price_faults(prices: Sequence[Price]) -> Iterator[tuple[str, str]]:
    """Find prices that end before they begin, and prices that hold on a day of one before them."""
    for index, price in enumerate(prices):
        if _end(price) < _begin(price):
            yield f"prices[{index}].until_on", "reversed"
        elif any(_begin(price) <= _end(other) and _begin(other) <= _end(price) for other in prices[:index] if _begin(other) <= _end(other)):
            yield f"prices[{index}].from_on", "overlap"


def find_price_gaps(prices: Sequence[Price], day: date) -> Sequence[tuple[date, date | None]]:
    """Give the spans from a day on for which no price is known, first and last day; without last day it has no end."""
    if not prices:
        return []
    gaps: list[tuple[date, date | None]] = []
    for price in sorted(prices, key=_begin):
        if _begin(price) > day:
            gaps.append((day, _begin(price) - timedelta(days=1)))
        if _end(price) == _LAST:
            return gaps
        day = max(day, _end(price) + timedelta(days=1))
    return [*gaps, (day, None)]


def amounts_of(price: Price) -> Amounts:
    """Put a price in the rhythms in which it is paid."""
    monthly = price.recurring_cents if price.period is Period.MONTH else 0
    yearly = price.recurring_cents if price.period is Period.YEAR else 0
    return Amounts(once=price.once_cents, monthly=monthly, yearly=yearly)


def bill_of(prices: Iterable[Price | None]) -> Bill:
    """Add prices up by who pays them."""
    own, central, unknown = Amounts(), Amounts(), 0
    for price in prices:
        if price is None:
            unknown += 1
        elif price.payer is Payer.CENTRAL:
            central += amounts_of(price)
        else:
            own += amounts_of(price)
    return Bill(own=own, central=central, unknown=unknown)


def _begin(price: Price) -> date:
    return price.from_on or _FIRST


def _end(price: Price) -> date:
    return price.until_on or _LAST
