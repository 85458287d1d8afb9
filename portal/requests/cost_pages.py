"""What a request costs and who pays it, as its pages show it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from portal.catalog.agreement import Price
from portal.catalog.price_labels import amounts_words, price_words, unknown_words
from portal.catalog.prices import Bill, bill_of
from portal.people.models import CostCentre
from portal.requests.models import Request, Task
from portal.requests.order_content import OrderContent
from portal.requests.preview import PlanPreview
from portal.requests.workflow import TaskState
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
    rows = []
    if bill.own.first_year:
        rows.append(CostRow(payer=centre_words(centre), amount=amounts_words(bill.own)))
    if bill.central.first_year:
        rows.append(CostRow(payer=_("Paid centrally"), amount=amounts_words(bill.central)))
    return Costs(rows=rows, unknown=unknown_words(bill.unknown) if bill.unknown else None)


def line_cost(content: OrderContent, plan: PlanPreview, block: str) -> str | None:
    """Write what one line costs on the day of the plan; None when it is free."""
    return price_words(plan.prices[block]) if content.blocks[block].prices else None


def costs_of_request(request: Request) -> Costs:
    """Write what a request costs as it was on the day it was sent in; what was refused or cancelled is not paid."""
    return costs_without(request, ())


def costs_without(request: Request, left_out: Collection[int]) -> Costs:
    """Write what a request costs when these tasks (ids) leave the plan too."""
    kept = [task for task in request.tasks if task.state not in {TaskState.REFUSED, TaskState.CANCELLED} and task.id not in left_out]
    return costs_of(bill_of(_prices(kept)), request.cost_centre)


def centre_words(centre: CostCentre | None) -> str:
    """Name a cost centre."""
    if centre is None:
        return _("Cost centre not known")
    return _("Cost centre %(code)s, %(name)s", code=centre.code, name=local(centre.name))


def _prices(tasks: Iterable[Task]) -> Iterable[Price | None]:
    for task in tasks:
        if task.payer is None:
            yield None
        else:
            yield Price(once_cents=task.once_cents, recurring_cents=task.recurring_cents, period=task.period, payer=task.payer)
