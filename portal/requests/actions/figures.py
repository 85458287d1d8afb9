"""Counting what the requests for each product came to, so that pages read figures rather than work them out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from portal.catalog.matrix.actions import save_figures, save_pairs
from portal.catalog.matrix.rules import Figures, count_pairs
from portal.catalog.memory import definition_of
from portal.catalog.queries import list_published_products
from portal.requests.feedback.queries import count_by_product
from portal.requests.models import Request
from portal.requests.workflow import RequestState

COUNTS_FOR: Final = timedelta(days=365)
BESIDE_WITHIN: Final = timedelta(days=14)
# All that people ask in a quarter says what goes together; a year of it would be long to read.
BESIDE_COUNTS_FOR: Final = timedelta(days=90)
_BATCH: Final = 5_000


def count_figures(*, session: Session, at: datetime) -> None:
    """Count the requests of the last year per product, those done and on time, how satisfied people are, and what they ask beside it."""
    published = {version.product_id: definition_of(version).block_codes() for version in list_published_products(session)}
    counted = _count_requests(session, at)
    save_figures(session=session, figures={one: counted.get(one, Figures(0, 0, 0)) for one in {*published, *counted}}, at=at)
    save_pairs(session=session, requesters=_count_beside(session, at), blocks=published)


def _count_requests(session: Session, at: datetime) -> Mapping[int, Figures]:
    is_done = Request.state == RequestState.DONE
    is_on_time = and_(is_done, Request.closed_at <= Request.first_latest_at)
    query = (
        select(Request.product_id, func.count(), func.sum(case((is_done, 1), else_=0)), func.sum(case((is_on_time, 1), else_=0)))
        .where(Request.submitted_at > at - COUNTS_FOR)
        .group_by(Request.product_id)
    )
    rated = count_by_product(session, since=at - COUNTS_FOR)
    counted = {product_id: Figures(*numbers) for product_id, *numbers in session.execute(query)}
    nothing = (0, 0)
    return {
        one: replace(figures, rated=rated.get(one, nothing)[0], satisfied=rated.get(one, nothing)[1]) for one, figures in counted.items()
    }


def _count_beside(session: Session, at: datetime) -> Mapping[tuple[int, int], int]:
    query = (
        select(Request.requester_id, Request.product_id, Request.submitted_at)
        .where(Request.submitted_at > at - BESIDE_COUNTS_FOR)
        .order_by(Request.requester_id, Request.submitted_at)
        .execution_options(yield_per=_BATCH)
    )
    rows = ((row.requester_id, row.product_id, row.submitted_at) for row in session.execute(query))
    return count_pairs(rows, within=BESIDE_WITHIN)
