"""Keeping the figures of products, and saying that a cell of the matrix is empty on purpose."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from portal.catalog.definition import Level, Tier
from portal.catalog.events import CellLeftEmpty, CellOpenedAgain
from portal.catalog.matrix.queries import find_choice
from portal.catalog.matrix.rules import Figures
from portal.catalog.models import MatrixChoice, ProductFigures, ProductPair
from portal.core.errors import NotFoundError
from portal.core.journal import Actor, record
from portal.core.texts import LocalText


def save_figures(*, session: Session, figures: Mapping[int, Figures], at: datetime) -> None:
    """Keep these figures, by the id of the product, in the place of all that were."""
    rows = [
        {
            "product_id": product_id,
            "requests": one.requests,
            "closed": one.closed,
            "closed_on_time": one.closed_on_time,
            "rated": one.rated,
            "satisfied": one.satisfied,
            "as_of": at,
        }
        for product_id, one in figures.items()
    ]
    session.execute(delete(ProductFigures))
    if rows:
        session.execute(insert(ProductFigures), rows)


def save_pairs(*, session: Session, requesters: Mapping[tuple[int, int], int], blocks: Mapping[int, Collection[str]]) -> None:
    """Keep how many people asked for two products (ids, each pair both ways), and how many of their `blocks` they share."""
    shared = {
        (one, other): len(set(blocks[one]).intersection(blocks[other]))
        for one in blocks
        for other in blocks
        if one != other and not set(blocks[one]).isdisjoint(blocks[other])
    }
    rows = [
        {"product_id": one, "beside_id": other, "requesters": requesters.get((one, other), 0), "shared_blocks": shared.get((one, other), 0)}
        for one, other in sorted({*requesters, *shared})
    ]
    session.execute(delete(ProductPair))
    if rows:
        session.execute(insert(ProductPair), rows)


def leave_empty(*, session: Session, tier: Tier, level: Level, reason: LocalText, by: Actor, at: datetime) -> MatrixChoice:
    """Say that a cell of the matrix is empty on purpose, and why; saying the same again changes nothing."""
    choice = find_choice(session, tier, level)
    if choice is not None and choice.reason == reason:
        return choice
    if choice is None:
        choice = MatrixChoice(tier=tier, level=level)
        session.add(choice)
    choice.reason, choice.by_id, choice.at = reason, by.person_id, at
    event = CellLeftEmpty(tier=tier.value, level=level.value, reason=reason.as_data())
    record(session, event, stream=_stream(tier, level), by=by, at=at)
    return choice


def open_again(*, session: Session, tier: Tier, level: Level, by: Actor, at: datetime) -> None:
    """Take back that a cell is empty on purpose.

    :raises NotFoundError: nobody said so.
    """
    choice = find_choice(session, tier, level)
    if choice is None:
        raise NotFoundError
    session.delete(choice)
    record(session, CellOpenedAgain(tier=tier.value, level=level.value), stream=_stream(tier, level), by=by, at=at)


def _stream(tier: Tier, level: Level) -> str:
    return f"matrix:{tier.value}:{level.value}"
