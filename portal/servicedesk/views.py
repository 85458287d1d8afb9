"""The desk: all open requests with the ones at risk first, found by number or name."""

from typing import Final

from flask import Blueprint, request

from portal.core.clock import utc_now
from portal.core.db import db
from portal.servicedesk.pages import desk_lines
from portal.servicedesk.queries import count_requests, page_of_requests_at_risk
from portal.web.answers import Answer, page

blueprint: Final = Blueprint("servicedesk", __name__)

LONGEST_QUESTION: Final = 100


@blueprint.get("/desk")
def desk() -> Answer:
    """Show the open requests by latest date, or those with this number or name."""
    text = request.args.get("q", "").strip()[:LONGEST_QUESTION]
    found = page_of_requests_at_risk(db.session(), text=text, after=request.args.get("after"))
    lines = desk_lines(found.rows, now=utc_now())
    return page("servicedesk/desk.html", text=text, lines=lines, found=found, total=count_requests(db.session(), text=text))
