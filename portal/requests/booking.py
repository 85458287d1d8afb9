"""On which cost centre an order is booked, and which ones may be chosen for it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from portal.people.models import CostCentre, Person
from portal.people.queries import find_cost_centre, list_open_cost_centres
from portal.requests.draft_models import OrderDraft
from portal.requests.order_policy import may_ask_for_another


def booked_centre(session: Session, draft: OrderDraft) -> CostCentre | None:
    """Give the cost centre of an order: the one that was chosen, else that of whom it is for, else that of who asks.

    One that was closed meanwhile does not count.
    """
    own = (draft.beneficiary.cost_centre_id if draft.beneficiary else None, draft.requester.cost_centre_id)
    found = (find_cost_centre(session, centre_id) for centre_id in (draft.cost_centre_id, *own))
    return next((centre for centre in found if centre is not None and centre.is_active), None)


def offered_centres(session: Session, draft: OrderDraft, *, person: Person, booked: CostCentre | None) -> Sequence[CostCentre]:
    """List the cost centres a person may choose: those of the department of who asks, all of them at the service desk."""
    if may_ask_for_another(person):
        return list_open_cost_centres(session, None)
    department_id = draft.requester.department_id
    own = list_open_cost_centres(session, department_id) if department_id is not None else []
    return own if booked is None or booked in own else [booked, *own]
