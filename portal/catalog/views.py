"""The catalogue for everybody: what may be asked for in several orders, the matrix, and the page of a product."""

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, request

from portal.catalog import browse_pages, labels
from portal.catalog.around_pages import around
from portal.catalog.definition import Level, Tier
from portal.catalog.matrix.pages import matrix_page
from portal.catalog.models import ProductVersion
from portal.catalog.pages import by_theme, cards, product_page, situations
from portal.catalog.queries import get_visible_product, list_published_products
from portal.core.clock import utc_now
from portal.core.db import db
from portal.people.audience import CITIZEN
from portal.people.queries import list_departments, names_of_tokens
from portal.people.session import tokens_of_visitor
from portal.planning.queries import load_calendars
from portal.web.answers import Answer, page
from portal.web.application import this_app

blueprint: Final = Blueprint("catalog", __name__)


@blueprint.get("/catalog")
def overview() -> Answer:
    """Show what may be asked for: the situations first, then all by theme; `theme` and `department` keep a part of it."""
    session, theme = db.session(), request.args.get("theme", "")
    every = cards(session, _askable(), load_calendars(session, this_app().settings.tz))
    departments = list_departments(session)
    department = next((one for one in departments if one.code == request.args.get("department")), None)
    found = browse_pages.filtered(every, theme=theme, department=department)
    choices = browse_pages.theme_choices(every), browse_pages.department_choices(every, departments)
    groups = {"situations": situations(found), "themes": by_theme(found)}
    return page(
        "catalog/overview.html", **groups, choices=choices, theme=theme, department=department, found=found, labels=labels, every=every
    )


@blueprint.get("/catalog/departments")
def departments() -> Answer:
    """Show what each department is responsible for, and on what it works."""
    groups = browse_pages.department_groups(db.session(), _askable(), list_departments(db.session()))
    return page("catalog/departments.html", groups=groups)


@blueprint.get("/catalog/a-z")
def letters() -> Answer:
    """Show products and building blocks from A to Z."""
    return page("catalog/letters.html", letters=browse_pages.letters(db.session(), _askable()))


@blueprint.get("/catalog/matrix")
def matrix() -> Answer:
    """Show every product in its cell of tier and level, with what is known of the cell."""
    shown = matrix_page(db.session(), _askable())
    return page("catalog/matrix.html", shown=shown, tiers=list(Tier), levels=list(Level), labels=labels)


@blueprint.get("/catalog/<code>")
def product(code: str) -> Answer:
    """Show what a product is, who does it in which order, and how long that takes."""
    session, tokens = db.session(), tokens_of_visitor()
    version = get_visible_product(session, code, tokens)
    zone = this_app().settings.tz
    calendars, on = load_calendars(session, zone), utc_now().astimezone(zone).date()
    shown = product_page(session, version, outcome=request.args.get("outcome"), calendars=calendars, tokens=tokens, on=on)
    beside = around(session, version, departments=shown.departments, calendars=calendars, on=on, tokens=tokens)
    audience = [CITIZEN] if CITIZEN in version.audience else version.audience
    who = labels.audience_words(audience, names_of_tokens(session, audience))
    return page("catalog/product.html", shown=shown, around=beside, audience=who, desk_mail=this_app().settings.desk_mail, labels=labels)


def _askable() -> Sequence[ProductVersion]:
    return list_published_products(db.session(), tokens_of_visitor())
