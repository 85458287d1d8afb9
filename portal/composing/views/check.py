"""The check of the catalogue: what is wrong with all that is published, or with all that is coming."""

from typing import Final

from flask import Blueprint, request

from portal.catalog.exchange.queries import load_catalogue
from portal.catalog.inspection.queries import load_organisation
from portal.catalog.inspection.rules import inspect_catalogue
from portal.composing.check_pages import check_page
from portal.core.clock import utc_now
from portal.core.db import db
from portal.web.answers import Answer, page
from portal.web.application import this_app

blueprint: Final = Blueprint("check", __name__)


@blueprint.get("/manage/catalog/check")
def overview() -> Answer:
    """Show the findings by product, building block and question; `level=fault` leaves out advice, `drafts=yes` looks at what is coming."""
    session, with_drafts = db.session(), request.args.get("drafts") == "yes"
    catalogue = load_catalogue(session, with_drafts=with_drafts)
    findings = inspect_catalogue(catalogue, load_organisation(session, this_app().settings.tz, at=utc_now()))
    with_advice = request.args.get("level") != "fault"
    shown = check_page(catalogue, findings, with_advice=with_advice)
    return page("check/overview.html", shown=shown, with_advice=with_advice, with_drafts=with_drafts)
