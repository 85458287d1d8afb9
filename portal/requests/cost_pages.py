"""What a request costs and who pays it, as its pages show it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from portal.catalog.agreement import Price
from portal.catalog.price_labels import amounts_words, unknown_words
from portal.catalog.prices import Amounts, Bill
from portal.people.models import CostCentre
from portal.requests.costs import bill_of_request
from portal.requests.models import Request
from portal.web.language import local
from portal.web.words import _


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRow:
    """What one payer pays."""

    payer: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """The total per payer; `unknown` says that a price is missing."""

    rows: Sequence[CostRow]
    unknown: str | None


def costs_of(bill: Bill, centre: CostCentre | None) -> Costs:
    """Write what is paid, by the cost centre and centrally."""
    return costs_together([(bill, centre)])


def costs_together(bills: Sequence[tuple[Bill, CostCentre | None]]) -> Costs:
    """Write what several requests come to: by each cost centre, and centrally."""
    total = sum((bill for bill, _centre in bills), Bill())
    per_centre = [(centre, sum((bill.own for bill, one in bills if one is centre), Amounts())) for centre in _centres(bills)]
    rows = [CostRow(payer=centre_words(centre), amount=amounts_words(own)) for centre, own in per_centre if own.first_year]
    if total.central.first_year:
        rows.append(CostRow(payer=_("Paid centrally"), amount=amounts_words(total.central)))
    return Costs(rows=rows, unknown=unknown_words(total.unknown) if total.unknown else None)


def costs_of_request(request: Request, *, left_out: Collection[int] = (), added: Sequence[Price | None] = ()) -> Costs:
    """Write what a request costs as it was on the day it was asked for.

    Or would cost without the tasks `left_out` (ids), and with parts at the prices `added`.
    """
    return costs_of(bill_of_request(request, left_out=left_out, added=added), request.cost_centre)


def centre_words(centre: CostCentre | None) -> str:
    """Name a cost centre."""
    if centre is None:
        return _("Cost centre not known")
    return _("Cost centre %(code)s, %(name)s", code=centre.code, name=local(centre.name))


def _centres(bills: Sequence[tuple[Bill, CostCentre | None]]) -> list[CostCentre | None]:
    return list(dict.fromkeys(centre for _bill, centre in bills))
