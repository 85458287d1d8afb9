"""What the matrix of agreements and kinds of questions shows: per cell the products, what was asked and what was on time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.catalog.definition import Level, Tier
from portal.catalog.matrix.queries import choices_by_cell, counted_at, figures_by_product, filled_cells
from portal.catalog.matrix.rules import Figures, total
from portal.catalog.models import ProductVersion
from portal.core.texts import LocalText
from portal.web.language import local

_NONE = Figures(0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell; `reason` says why it is empty, when that is on purpose. What is `for_others` holds nothing for this reader."""

    products: Sequence[ProductVersion]
    figures: Figures
    reason: LocalText | None
    for_others: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """All cells by tier and level, and when the figures were counted."""

    cells: Mapping[tuple[Tier, Level], Cell]
    as_of: datetime | None


def matrix_page(session: Session, versions: Sequence[ProductVersion]) -> Matrix:
    """Place products in their cells, by name in the language of the page, with what is known of each cell."""
    figures, choices, filled = figures_by_product(session), choices_by_cell(session), filled_cells(session)
    ordered = sorted(versions, key=lambda version: local(version.name).casefold())

    def cell(tier: Tier, level: Level) -> Cell:
        own = [version for version in ordered if (version.tier, version.level) == (tier, level)]
        choice = choices.get((tier, level))
        counted = total(figures.get(version.product_id, _NONE) for version in own)
        for_others = not own and (tier, level) in filled
        return Cell(products=own, figures=counted, reason=choice.reason if choice and not for_others else None, for_others=for_others)

    return Matrix(cells={(tier, level): cell(tier, level) for tier in Tier for level in Level}, as_of=counted_at(session))
