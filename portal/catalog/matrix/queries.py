"""Reading the figures of products, what is asked beside what, and the empty cells of the matrix that are so on purpose."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, defer

from portal.catalog.definition import Level, Tier
from portal.catalog.matrix.rules import FEWEST_CASES, Figures
from portal.catalog.models import MatrixChoice, Product, ProductFigures, ProductPair, ProductVersion
from portal.catalog.workflow import VersionState

MOST_BESIDE: Final = 40


def figures_by_product(session: Session) -> Mapping[int, Figures]:
    """Give the figures of every product that has them, by the id of the product."""
    return {one.product_id: _figures(one) for one in session.scalars(select(ProductFigures))}


def find_figures(session: Session, product_id: int) -> Figures | None:
    """Find the figures of one product."""
    found = session.get(ProductFigures, product_id)
    return _figures(found) if found else None


def counted_at(session: Session) -> datetime | None:
    """Tell when the figures were counted last."""
    return session.scalar(select(func.max(ProductFigures.as_of)))


def filled_cells(session: Session) -> frozenset[tuple[Tier, Level]]:
    """Give the cells in which a product is published, for whomever."""
    query = select(ProductVersion.tier, ProductVersion.level).where(ProductVersion.state == VersionState.PUBLISHED).distinct()
    return frozenset((row.tier, row.level) for row in session.execute(query))


def choices_by_cell(session: Session) -> Mapping[tuple[Tier, Level], MatrixChoice]:
    """Give the cells that are empty on purpose."""
    return {(choice.tier, choice.level): choice for choice in session.scalars(select(MatrixChoice))}


def find_choice(session: Session, tier: Tier, level: Level) -> MatrixChoice | None:
    """Find why a cell is empty on purpose."""
    return session.get(MatrixChoice, (tier, level))


def list_beside(session: Session, product_id: int) -> Sequence[tuple[ProductPair, ProductVersion]]:
    """List what goes with a product, as it is published: what enough people asked beside it first, then by shared building blocks."""
    asked = ProductPair.requesters >= FEWEST_CASES
    query = (
        select(ProductPair, ProductVersion)
        .join(ProductVersion, ProductVersion.product_id == ProductPair.beside_id)
        .join(ProductVersion.product)
        .where(ProductPair.product_id == product_id, ProductVersion.state == VersionState.PUBLISHED)
        .where(asked | (ProductPair.shared_blocks > 0))
        .options(contains_eager(ProductVersion.product), defer(ProductVersion.definition))
        .order_by(ProductPair.requesters.desc(), ProductPair.shared_blocks.desc(), Product.code)
        .limit(MOST_BESIDE)
    )
    return [(pair, version) for pair, version in session.execute(query)]


def _figures(row: ProductFigures) -> Figures:
    return Figures(row.requests, row.closed, row.closed_on_time, row.rated, row.satisfied)
