"""What the matrix of agreements and kinds of questions shows: per cell the products, what was asked and what was on time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.catalog.definition import Level, Tier
from portal.catalog.matrix.queries import choices_by_cell, counted_at, figures_by_product
from portal.catalog.matrix.rules import Figures, total
from portal.catalog.models import ProductVersion
from portal.core.texts import LocalText
from portal.web.language import local

_NONE = Figures(0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell; `reason` says why it is empty, when that is on purpose."""

    products: Sequence[ProductVersion]
    figures: Figures
    reason: LocalText | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """All cells by tier and level, and when the figures were counted."""

    cells: Mapping[tuple[Tier, Level], Cell]
    as_of: datetime | None


def matrix_page(session: Session, versions: Sequence[ProductVersion]) -> Matrix:
    """Place products in their cells, by name in the language of the page, with what is known of each cell."""
    figures, choices = figures_by_product(session), choices_by_cell(session)
    ordered = sorted(versions, key=lambda version: local(version.name).casefold())

    def cell(tier: Tier, level: Level) -> Cell:
        own = [version for version in ordered if (version.tier, version.level) == (tier, level)]
        choice = choices.get((tier, level))
        counted = total(figures.get(version.product_id, _NONE) for version in own)
        return Cell(products=own, figures=counted, reason=choice.reason if choice else None)

    return Matrix(cells={(tier, level): cell(tier, level) for tier in Tier for level in Level}, as_of=counted_at(session))
