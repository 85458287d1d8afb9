"""What the parts of a request come to."""

from collections.abc import Collection, Sequence
from typing import Final

from portal.catalog.agreement import Price
from portal.catalog.prices import Bill, bill_of
from portal.requests.models import Request, Task
from portal.requests.workflow import TaskState

_NOT_PAID: Final = frozenset({TaskState.REFUSED, TaskState.CANCELLED})


def bill_of_request(request: Request, *, left_out: Collection[int] = (), added: Sequence[Price | None] = ()) -> Bill:
    """Add up what a request costs; what was refused or cancelled is not paid.

    It can be worked out as if tasks (ids) were `left_out` too, and parts with these prices were `added`.
    """
    kept = [task for task in request.tasks if task.state not in _NOT_PAID and task.id not in left_out]
    return bill_of([*(_price_of(task) for task in kept), *added])


def _price_of(task: Task) -> Price | None:
    """Give what a task costs as it was on the day it was asked for; None when no price was known."""
    if task.payer is None:
        return None
    return Price(once_cents=task.once_cents, recurring_cents=task.recurring_cents, period=task.period, payer=task.payer)
