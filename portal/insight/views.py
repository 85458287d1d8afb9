"""The places where figures are shown."""

from typing import Final

from flask import Blueprint, request

from portal.core.clock import utc_now
from portal.core.db import db
from portal.insight.pages import date_figures_page
from portal.people.session import current_person
from portal.requests.feedback.pages import satisfaction_page
from portal.web.answers import Answer, page
from portal.web.application import this_app

blueprint: Final = Blueprint("insight", __name__)


@blueprint.get("/insight/dates")
def dates() -> Answer:
    """Show what became of the dates that were given, of everything or of one product or department."""
    today = utc_now().astimezone(this_app().settings.tz).date()
    return page("insight/dates.html", shown=date_figures_page(db.session(), request.args, today=today))


@blueprint.get("/insight/satisfaction")
def satisfaction() -> Answer:
    """Show how satisfied people are and why, of everything or of one product, without names."""
    chosen, after = request.args.get("product"), request.args.get("after")
    shown = satisfaction_page(db.session(), current_person(), product=chosen, after=after, at=utc_now())
    return page("insight/satisfaction.html", shown=shown)
