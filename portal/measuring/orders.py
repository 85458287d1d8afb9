"""Orders that are filled in and only wait to be submitted, in bulk; each becomes a request of six tasks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, Final, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from portal.catalog.definition import Need
from portal.catalog.memory import definition_of
from portal.catalog.models import ProductVersion
from portal.catalog.queries import list_published_products
from portal.core.bulk import insert_rows, reserve_ids
from portal.core.references import new_token
from portal.people.models import Person, RoleAssignment
from portal.people.queries import list_locations
from portal.people.roles import Role
from portal.requests.ordering.content import OrderContent
from portal.requests.ordering.models import OrderDraft
from portal.seeding.load.templates import Answering, settled_order, ways

TASKS: Final = 6
_DRAFTS: Final = cast(Table, OrderDraft.__table__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompositeOrder:
    """What was chosen and filled in, so that submitting makes `tasks` tasks."""

    code: str
    product_id: int
    version_id: int
    tree_answers: Mapping[str, Any]
    answers: Mapping[str, Any]
    skipped: Sequence[str]
    tasks: int


def find_composite(session: Session, *, at: datetime) -> CompositeOrder:
    """Find a product that anybody may ask, filled in so that it has six tasks, or the fewest above that.

    Optional lines above the six are switched off.

    :raises LookupError: there is none.
    """
    answering = Answering(Random(1), list_locations(session), at.date())  # noqa: S311  the same order in every run
    orders = []
    for version in list_published_products(session):
        for tree_answers in ways(definition_of(version).tree):
            draft, content = settled_order(session, version, tree_answers, answering)
            if Role.EMPLOYEE in version.audience and len(content.lines) >= TASKS:
                orders.append(_composite(version, tree_answers, draft, content))
    if not orders:
        raise LookupError
    return min(orders, key=lambda order: order.tasks)


def list_orderers(session: Session, amount: int) -> Sequence[Person]:
    """List so many made-up employees, to order with."""
    is_employee = select(RoleAssignment.person_id).where(RoleAssignment.role == Role.EMPLOYEE)
    query = select(Person).where(Person.username.startswith("medewerker-"), Person.id.in_(is_employee)).order_by(Person.id).limit(amount)
    return session.scalars(query).all()


def write_drafts(session: Session, order: CompositeOrder, *, person: Person, amount: int, at: datetime) -> Sequence[str]:
    """Store so many drafts of the order; gives their tokens."""
    ids = reserve_ids(session, _DRAFTS, amount)
    tokens = [new_token() for _ in ids]
    same = {
        "person_id": person.id,
        "product_id": order.product_id,
        "product_version_id": order.version_id,
        "requester_id": person.id,
        "beneficiary_id": person.id,
        "beneficiary_name": person.name,
        "tree_answers": dict(order.tree_answers),
        "answers": dict(order.answers),
        "skipped": list(order.skipped),
        "added": [],
        "has_details": True,
        "changed_at": at,
        "request_id": None,
        "version": 1,
    }
    insert_rows(session, _DRAFTS, ({"id": key, "token": token, **same} for key, token in zip(ids, tokens, strict=True)))
    return tokens


def _composite(version: ProductVersion, tree_answers: Mapping[str, Any], draft: OrderDraft, content: OrderContent) -> CompositeOrder:
    """Switch off what is optional above the six tasks."""
    optional = [line.block for line in content.lines if line.need is not Need.REQUIRED]
    skipped = optional[: len(content.lines) - TASKS]
    return CompositeOrder(
        code=version.product.code,
        product_id=version.product_id,
        version_id=version.id,
        tree_answers=tree_answers,
        answers=draft.answers,
        skipped=skipped,
        tasks=len(content.lines) - len(skipped),
    )
