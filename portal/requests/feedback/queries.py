"""Reading what people thought of requests, and finding a request by its link for that."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from portal.catalog.models import Product
from portal.core.errors import NotFoundError
from portal.core.paging import PAGE_SIZE, Page, decode_moment_key, encode_key
from portal.core.references import hash_code
from portal.requests.feedback.models import Rating, RatingLink
from portal.requests.feedback.rules import Score
from portal.requests.models import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    """Why somebody was or was not satisfied; it does not say who."""

    id: int
    product: str
    score: Score
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """How many people rated the requests for a product, and how many of them are satisfied."""

    product: str
    rated: int
    satisfied: int


def find_rating(session: Session, request_id: int) -> Rating | None:
    """Find what was said about a request."""
    return session.scalars(select(Rating).where(Rating.request_id == request_id)).one_or_none()


def find_link(session: Session, *, request_id: int, person_id: int) -> RatingLink | None:
    """Find the link of a person for a request."""
    return session.scalars(select(RatingLink).where(RatingLink.request_id == request_id, RatingLink.person_id == person_id)).one_or_none()


def get_link(session: Session, *, token: str, at: datetime) -> RatingLink:
    """Load the link of a token that still opens something.

    :raises NotFoundError: there is none, or its time is over.
    """
    link = session.scalars(select(RatingLink).where(RatingLink.token_hash == hash_code(token))).one_or_none()
    if link is None or link.expires_at < at:
        raise NotFoundError
    return link


def list_satisfaction(session: Session, *, since: datetime, owners: Collection[int] | None) -> Sequence[Satisfaction]:
    """Count the ratings per product since a moment; with `owners` (ids) only of requests that these departments answer for."""
    satisfied = func.sum(case((Rating.score == Score.HAPPY, 1), else_=0))
    query = select(Product.code, func.count(), satisfied).join(Product, Product.id == Rating.product_id).where(Rating.rated_at >= since)
    if owners is not None:
        query = query.join(Rating.request).where(Request.owner_id.in_(owners))
    rows = session.execute(query.group_by(Product.code).order_by(func.count().desc(), Product.code))
    return [Satisfaction(*row) for row in rows]


def count_by_product(session: Session, *, since: datetime) -> Mapping[int, tuple[int, int]]:
    """Count per product (id) the ratings of requests that were submitted since a moment, and those that are satisfied."""
    satisfied = func.sum(case((Rating.score == Score.HAPPY, 1), else_=0))
    query = select(Rating.product_id, func.count(), satisfied).join(Rating.request).where(Request.submitted_at > since)
    return {product: (rated, happy) for product, rated, happy in session.execute(query.group_by(Rating.product_id))}


def page_of_reasons(session: Session, *, owners: Collection[int] | None, product: str | None, after: str | None) -> Page[ReasonRow]:
    """Give a page of reasons, the newest first; with `owners` (ids) and `product` (code) only theirs."""
    query = select(Rating.id, Product.code.label("product"), Rating.score, Rating.reason, Rating.changed_at.label("at"))
    query = query.join(Product, Product.id == Rating.product_id).where(Rating.reason != "")
    if owners is not None:
        query = query.join(Rating.request).where(Request.owner_id.in_(owners))
    if product:
        query = query.where(Product.code == product)
    key = decode_moment_key(after)
    if key:
        query = query.where((Rating.changed_at < key[0]) | ((Rating.changed_at == key[0]) & (Rating.id < key[1])))
    found = session.execute(query.order_by(Rating.changed_at.desc(), Rating.id.desc()).limit(PAGE_SIZE + 1))
    rows = [ReasonRow(**row._mapping) for row in found]  # noqa: SLF001  as SQLAlchemy documents it
    last = rows[PAGE_SIZE - 1] if len(rows) > PAGE_SIZE else None
    return Page(rows=rows[:PAGE_SIZE], next_key=encode_key([last.at.isoformat(), last.id]) if last else None, is_first=key is None)
