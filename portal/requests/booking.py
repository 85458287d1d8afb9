"""On which cost centre an order is booked, which ones may be chosen for it, and what the parts of a request come to."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sqlalchemy.orm import Session

from portal.catalog.agreement import Price
from portal.catalog.prices import Bill, bill_of
from portal.people.models import CostCentre, Person
from portal.people.queries import cost_centres_by_id, list_open_cost_centres
from portal.requests.draft_models import OrderDraft
from portal.requests.models import Request, Task
from portal.requests.order_policy import may_ask_for_another
from portal.requests.workflow import TaskState

_NOT_PAID: Final = frozenset({TaskState.REFUSED, TaskState.CANCELLED})


def booked_centre(session: Session, draft: OrderDraft) -> CostCentre | None:
    """Give the cost centre of an order: the one that was chosen, else that of whom it is for, else that of who asks.

    One that was closed meanwhile does not count.
    """
    return centres_per_person(session, draft, [draft.beneficiary])[0]


def centres_per_person(session: Session, draft: OrderDraft, beneficiaries: Sequence[Person | None]) -> list[CostCentre | None]:
    """Give the cost centre on which an order is booked for each of these people: one statement for all."""
    wanted = [_wanted(draft, one) for one in beneficiaries]
    found = cost_centres_by_id(session, {centre_id for several in wanted for centre_id in several if centre_id is not None})
    return [_first_open(several, found) for several in wanted]


def offered_centres(session: Session, draft: OrderDraft, *, person: Person, booked: CostCentre | None) -> Sequence[CostCentre]:
    """List the cost centres a person may choose: those of the department of who asks, all of them at the service desk."""
    if may_ask_for_another(person):
        return list_open_cost_centres(session, None)
    department_id = draft.requester.department_id
    own = list_open_cost_centres(session, department_id) if department_id is not None else []
    return own if booked is None or booked in own else [booked, *own]


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


def _wanted(draft: OrderDraft, beneficiary: Person | None) -> tuple[int | None, ...]:
    return draft.cost_centre_id, beneficiary.cost_centre_id if beneficiary else None, draft.requester.cost_centre_id


def _first_open(wanted: Sequence[int | None], found: Mapping[int, CostCentre]) -> CostCentre | None:
    centres = (found.get(centre_id) for centre_id in wanted if centre_id is not None)
    return next((centre for centre in centres if centre is not None and centre.is_active), None)
