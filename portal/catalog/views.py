"""The catalogue for everybody: situations and products as cards, the matrix, and the page of a product."""

from typing import Final

from flask import Blueprint, request

from portal.catalog import labels
from portal.catalog.definition import Level, Tier
from portal.catalog.pages import by_theme, cards, product_page, situations
from portal.catalog.pages import matrix as place_in_matrix
from portal.catalog.queries import get_published_product, list_published_products
from portal.core.db import db
from portal.people.session import roles_of_visitor
from portal.planning.queries import load_calendars
from portal.web.answers import Answer, page
from portal.web.application import this_app

blueprint: Final = Blueprint("catalog", __name__)


@blueprint.get("/catalog")
def overview() -> Answer:
    """Show everything that can be asked for: the situations first, then all by theme."""
    session = db.session()
    found = cards(session, load_calendars(session, this_app().settings.tz))
    return page("catalog/overview.html", situations=situations(found), themes=by_theme(found), labels=labels, count=len(found))


@blueprint.get("/catalog/matrix")
def matrix() -> Answer:
    """Show every product in its cell of tier and level."""
    cells = place_in_matrix(list_published_products(db.session()))
    return page("catalog/matrix.html", cells=cells, tiers=list(Tier), levels=list(Level), labels=labels)


@blueprint.get("/catalog/<code>")
def product(code: str) -> Answer:
    """Show what a product is, who does it in which order, and how long that takes."""
    session = db.session()
    version = get_published_product(session, code)
    calendars = load_calendars(session, this_app().settings.tz)
    shown = product_page(session, version, outcome=request.args.get("outcome"), calendars=calendars)
    roles = roles_of_visitor()
    may_ask = roles is None or bool(roles & frozenset(version.audience))
    return page("catalog/product.html", shown=shown, may_ask=may_ask, labels=labels)
