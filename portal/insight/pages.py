"""What the page with figures about dates shows: a picture per month, and a line per product and per department."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from portal.catalog.queries import names_of_products
from portal.core.texts import LocalText
from portal.insight.models import DateFigure
from portal.insight.queries import list_date_figures
from portal.insight.rules import Outcome, last_months, summed

HEIGHT: Final = 120
_FULL: Final = 100.0
_GAP: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthBar:
    """One month of the picture: its place and width (0 to 100), heights in pixels, and the figures themselves."""

    month: date
    at: float
    width: float
    by_latest: float
    by_expected: float
    outcome: Outcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One product or department; without an outcome there was too little to show."""

    code: str
    name: LocalText
    outcome: Outcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DateFiguresPage:
    """What the page shows; `of` is the product or department that was chosen, None for everything."""

    of: LocalText | None
    of_department: bool
    total: Outcome | None
    bars: Sequence[MonthBar]
    products: Sequence[Line]
    departments: Sequence[Line]
    height: int = HEIGHT

    @property
    def aims(self) -> Mapping[str, float]:
        """Give the heights of the lines at 80 % and 50 %."""
        return {"latest": HEIGHT * 0.2, "expected": HEIGHT * 0.5}


def date_figures_page(session: Session, chosen: Mapping[str, str], *, today: date) -> DateFiguresPage:
    """Gather the figures of the last twelve months; `chosen` may name a `product` or a `department` by its code."""
    months = last_months(today)
    figures = list_date_figures(session, since=months[0])
    names = names_of_products(session, [one.product.code for one in figures if one.product])
    products = _lines([one for one in figures if one.product], lambda one: _product_of(one, names))
    departments = _lines([one for one in figures if one.department], _department_of)
    mine, of = _chosen(figures, chosen, names)
    return DateFiguresPage(
        of=of,
        of_department="department" in chosen and of is not None,
        total=summed(mine),
        bars=[_bar(month, place, [one for one in mine if one.month == month]) for place, month in enumerate(months)],
        products=products,
        departments=departments,
    )


def _chosen(
    figures: Sequence[DateFigure], chosen: Mapping[str, str], names: Mapping[str, LocalText]
) -> tuple[Sequence[DateFigure], LocalText | None]:
    """Give the figures that were asked for, and of what they are: by default all requests together."""
    if code := chosen.get("product"):
        mine = [one for one in figures if one.product and one.product.code == code]
        return mine, names.get(code) if mine else None
    if code := chosen.get("department"):
        mine = [one for one in figures if one.department and one.department.code == code]
        return mine, mine[0].department.name if mine and mine[0].department else None
    return [one for one in figures if one.product], None


def _lines(figures: Sequence[DateFigure], of: Callable[[DateFigure], tuple[str, LocalText]]) -> Sequence[Line]:
    """Add up the months of each, the most cases first and what may not be shown last."""
    grouped: dict[tuple[str, LocalText], list[DateFigure]] = {}
    for one in figures:
        grouped.setdefault(of(one), []).append(one)
    lines = [Line(code=code, name=name, outcome=summed(rows)) for (code, name), rows in grouped.items()]
    return sorted(lines, key=lambda line: (-(line.outcome.cases if line.outcome else 0), line.code))


def _product_of(figure: DateFigure, names: Mapping[str, LocalText]) -> tuple[str, LocalText]:
    code = figure.product.code if figure.product else ""
    return code, names.get(code, LocalText(code, code))


def _department_of(figure: DateFigure) -> tuple[str, LocalText]:
    return (figure.department.code, figure.department.name) if figure.department else ("", LocalText("", ""))


def _bar(month: date, place: int, figures: Sequence[DateFigure]) -> MonthBar:
    outcome, step = summed(figures), _FULL / len(last_months(month))
    return MonthBar(
        month=month,
        at=(place + _GAP / 2) * step,
        width=(1 - _GAP) * step,
        by_latest=HEIGHT * outcome.by_latest if outcome else 0,
        by_expected=HEIGHT * outcome.by_expected if outcome else 0,
        outcome=outcome,
    )
