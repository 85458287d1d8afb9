"""The desk: all open requests with the ones at risk first, found by number or name."""

from typing import Final

from flask import Blueprint, request

from portal.core.clock import utc_now
from portal.core.db import db
from portal.requests.approval_pages import waiting_rows
from portal.requests.approvals.queries import list_stuck
from portal.servicedesk.pages import desk_lines
from portal.servicedesk.queries import count_requests, page_of_requests_at_risk
from portal.servicedesk.rules import Only
from portal.web.answers import Answer, page

blueprint: Final = Blueprint("servicedesk", __name__)

LONGEST_QUESTION: Final = 100


@blueprint.get("/desk")
def desk() -> Answer:
    """Show the open requests by latest date, those with this number or name, or only those that wait for a sign."""
    session, now, text = db.session(), utc_now(), request.args.get("q", "").strip()[:LONGEST_QUESTION]
    only = next((one for one in Only if one == request.args.get("show")), None)
    found = page_of_requests_at_risk(session, text=text, after=request.args.get("after"), now=now, only=only)
    return page(
        "servicedesk/desk.html",
        text=text,
        lines=desk_lines(found.rows, now=now),
        found=found,
        counts=count_requests(session, text=text, only=only, now=now),
        show=only,
        stuck=waiting_rows(list_stuck(session)),
    )
