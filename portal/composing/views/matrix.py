"""Saying of an empty cell of the matrix that it is so on purpose, and why."""

from flask import flash, redirect, url_for

from portal.catalog.definition import Level, Tier
from portal.catalog.labels import LEVELS, TIERS
from portal.catalog.matrix.actions import leave_empty, open_again
from portal.catalog.matrix.pages import matrix_page
from portal.catalog.matrix.queries import find_choice
from portal.catalog.queries import list_published_products
from portal.composing.editor_forms import CellForm, flat_text
from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.core.texts import LocalText
from portal.people.session import current_actor
from portal.web.answers import Answer, page
from portal.web.words import _


def matrix() -> Answer:
    """List the cells of the matrix with what stands in them, or why nothing does."""
    shown = matrix_page(db.session(), list_published_products(db.session()))
    return page("compose/matrix.html", shown=shown, tiers=TIERS, levels=LEVELS)


def cell(tier: str, level: str) -> Answer:
    """Ask why a cell is empty."""
    place = _read(tier, level)
    choice = find_choice(db.session(), *place)
    return _show(CellForm(data=flat_text("reason", choice.reason.as_data()) if choice else {}), *place)


def save_cell(tier: str, level: str) -> Answer:
    """Keep that a cell is empty on purpose."""
    place, form = _read(tier, level), CellForm()
    if not form.validate():
        return _show(form, *place, status=422)
    reason = LocalText(**form.text("reason"))
    leave_empty(session=db.session(), tier=place[0], level=place[1], reason=reason, by=current_actor(), at=utc_now())
    flash(_("The matrix now says that this cell is empty on purpose."))
    return redirect(url_for("compose.matrix"), 303)


def open_cell(tier: str, level: str) -> Answer:
    """Take back that a cell is empty on purpose."""
    place = _read(tier, level)
    open_again(session=db.session(), tier=place[0], level=place[1], by=current_actor(), at=utc_now())
    flash(_("The matrix no longer says that this cell is empty on purpose."))
    return redirect(url_for("compose.matrix"), 303)


def _show(form: CellForm, tier: Tier, level: Level, *, status: int = 200) -> Answer:
    choice = find_choice(db.session(), tier, level)
    return page("compose/cell.html", status, form=form, tier=tier, level=level, choice=choice, tiers=TIERS, levels=LEVELS, trouble=None)


def _read(tier: str, level: str) -> tuple[Tier, Level]:
    """Read a cell from the address.

    :raises NotFoundError: there is no such cell.
    """
    if tier not in set(Tier) or level not in set(Level):
        raise NotFoundError
    return Tier(tier), Level(level)
