"""What prices come to, in the language of the page."""

from collections.abc import Mapping
from typing import Any, Final

from babel.lists import format_list
from flask_babel import get_locale

from portal.catalog.agreement import Payer, Period, Price
from portal.catalog.prices import Amounts, Bill, amounts_of
from portal.web.filters import day, money
from portal.web.words import _, _l, ngettext

PERIODS: Final[Mapping[Period, Any]] = {
    Period.MONTH: _l("per month"),
    Period.YEAR: _l("per year"),
}

PAYERS: Final[Mapping[Payer, Any]] = {
    Payer.COST_CENTRE: _l("the cost centre of who asks"),
    Payer.CENTRAL: _l("the central budget"),
}


def price_words(price: Price | None) -> str:
    """Write a price: "€ 12,50 per month"; says so when there is none."""
    return _("price not known yet") if price is None else amounts_words(amounts_of(price))


def whole_price_words(price: Price) -> str:
    """Write all of a price: what, who pays, and in which days it holds."""
    parts = [price_words(price), str(PAYERS[price.payer])]
    if price.from_on is not None:
        parts.append(_("from %(day)s", day=day(price.from_on)))
    if price.until_on is not None:
        parts.append(_("until and with %(day)s", day=day(price.until_on)))
    return ", ".join(parts)


def amounts_words(amounts: Amounts) -> str:
    """Write what is paid once and what comes back: "€ 450,00 once and € 12,50 per month"."""
    comes_back = [(amounts.monthly, Period.MONTH), (amounts.yearly, Period.YEAR)]
    parts = [f"{money(cents)} {PERIODS[period]}" for cents, period in comes_back if cents]
    if amounts.once:
        parts.insert(0, _("%(amount)s once", amount=money(amounts.once)) if parts else money(amounts.once))
    return str(format_list(parts, locale=get_locale() or "nl")) if parts else _("no cost")


def coming_words(price: Price) -> str:
    """Say what it costs from a day on."""
    if price.from_on is None:
        raise ValueError(price)
    return _("From %(day)s: %(price)s.", day=day(price.from_on), price=price_words(price))


def range_words(least: Bill, most: Bill) -> str:
    """Say what something costs that hangs on what is chosen, whoever pays."""
    fewest, highest = least.own + least.central, most.own + most.central
    if most.is_free:
        return _("Free of charge")
    if most.unknown and not highest.first_year:
        return _("Price not known yet")
    if fewest == highest:
        return amounts_words(highest)
    if not fewest.first_year:
        return _("At most %(most)s, it depends on what you choose", most=amounts_words(highest))
    return _("%(least)s to %(most)s, it depends on what you choose", least=amounts_words(fewest), most=amounts_words(highest))


def payer_words(most: Bill) -> str | None:
    """Say who pays; None when nobody pays anything."""
    if most.own.first_year and most.central.first_year:
        return _("Your cost centre, and a part centrally")
    if most.own.first_year:
        return _("Your cost centre")
    return _("It is paid centrally") if most.central.first_year else None


def unknown_words(count: int) -> str:
    """Say of how many parts no price is known."""
    return ngettext("Of %(num)d part we do not know the price yet.", "Of %(num)d parts we do not know the price yet.", count)
