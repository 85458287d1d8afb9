"""Reading orders that were not submitted yet, and requests that one may repeat."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from portal.catalog.models import ProductVersion
from portal.core.errors import NotFoundError
from portal.core.paging import PAGE_SIZE
from portal.people.models import Person
from portal.requests.models import Request
from portal.requests.ordering.models import OrderDraft
from portal.requests.queries import OPEN_REQUESTS

MOST_SIMILAR: Final = 50  # looked at before an order is sent; with more of one product nobody reads further


def list_drafts(session: Session, *, by: Person) -> Sequence[OrderDraft]:
    """List the orders a person began and did not submit, last changed first."""
    query = select(OrderDraft).where(OrderDraft.person_id == by.id, OrderDraft.request_id.is_(None))
    query = query.order_by(OrderDraft.changed_at.desc()).limit(PAGE_SIZE)
    return session.scalars(query.options(*_with_draft())).all()


def get_draft_for(session: Session, *, by: Person, token: str, for_change: bool = False) -> OrderDraft:
    """Load a draft of one's own with product, requester and beneficiary; `for_change` locks it.

    :raises NotFoundError: there is no such draft, or it is somebody else's.
    """
    query = select(OrderDraft).where(OrderDraft.token == token, OrderDraft.person_id == by.id).options(*_with_draft())
    if for_change:
        query = query.with_for_update(of=OrderDraft)
    draft = session.scalars(query).one_or_none()
    if draft is None:
        raise NotFoundError
    return draft


def list_same_person(
    session: Session, draft: OrderDraft, people: Sequence[tuple[int | None, str]], *, since: datetime
) -> Sequence[Request]:
    """List the newest requests for the same product and one of these people (id, name), open or submitted since a moment."""
    ids = {person_id for person_id, _name in people if person_id is not None}
    # Somebody who is not in the portal is known by name, with who asks for them; a database knows capitals of a few languages only.
    names = {name.casefold() for person_id, name in people if person_id is None}
    by_name = (Request.requester_id == draft.requester_id) & Request.beneficiary_id.is_(None)
    is_same = or_(Request.beneficiary_id.in_(ids), by_name) if names else Request.beneficiary_id.in_(ids)
    found = session.scalars(_same_product(draft.product_id, since).where(is_same)).all()
    return [one for one in found if one.beneficiary_id is not None or one.beneficiary_name.casefold() in names]


def list_same_product(session: Session, product_id: int, *, since: datetime) -> Sequence[Request]:
    """List the newest requests for a product, open or submitted since a moment."""
    return session.scalars(_same_product(product_id, since)).all()


def _same_product(product_id: int, since: datetime) -> Select[Request]:
    is_current = Request.state.in_(OPEN_REQUESTS) | (Request.submitted_at >= since)
    return select(Request).where(Request.product_id == product_id, is_current).order_by(Request.id.desc()).limit(MOST_SIMILAR)


def _with_draft() -> tuple[ORMOption, ...]:
    persons = (OrderDraft.requester, OrderDraft.beneficiary)
    places = (Person.department, Person.location)
    return (
        joinedload(OrderDraft.product),
        joinedload(OrderDraft.product_version).defer(ProductVersion.definition),
        *(joinedload(person).joinedload(place) for person in persons for place in places),
    )
