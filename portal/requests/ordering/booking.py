"""On which cost centre an order is booked, and which ones may be chosen for it."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from portal.people.models import CostCentre, Person
from portal.people.queries import cost_centres_by_id, list_open_cost_centres
from portal.requests.ordering.models import OrderDraft
from portal.requests.ordering.policy import may_ask_for_another


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


def _wanted(draft: OrderDraft, beneficiary: Person | None) -> tuple[int | None, ...]:
    return draft.cost_centre_id, beneficiary.cost_centre_id if beneficiary else None, draft.requester.cost_centre_id


def _first_open(wanted: Sequence[int | None], found: Mapping[int, CostCentre]) -> CostCentre | None:
    centres = (found.get(centre_id) for centre_id in wanted if centre_id is not None)
    return next((centre for centre in centres if centre is not None and centre.is_active), None)
