"""The desk: all open requests with the ones at risk first, found by number or name."""

from typing import Final

from flask import Blueprint, request

from portal.core.clock import utc_now
from portal.core.db import db
from portal.requests.approval_pages import waiting_rows
from portal.requests.approvals.queries import list_stuck
from portal.servicedesk.pages import desk_lines
from portal.servicedesk.queries import count_requests, page_of_requests_at_risk
from portal.web.answers import Answer, page

blueprint: Final = Blueprint("servicedesk", __name__)

LONGEST_QUESTION: Final = 100
UNANSWERED: Final = "unanswered"


@blueprint.get("/desk")
def desk() -> Answer:
    """Show the open requests by latest date, or those with this number or name."""
    session, now, text = db.session(), utc_now(), request.args.get("q", "").strip()[:LONGEST_QUESTION]
    unanswered_at = now if request.args.get("show") == UNANSWERED else None
    found = page_of_requests_at_risk(session, text=text, after=request.args.get("after"), unanswered_at=unanswered_at)
    total, unanswered = count_requests(session, text=text, unanswered_at=unanswered_at, now=now)
    return page(
        "servicedesk/desk.html",
        text=text,
        lines=desk_lines(found.rows, now=now),
        found=found,
        total=total,
        show=UNANSWERED if unanswered_at else None,
        unanswered=unanswered,
        stuck=waiting_rows(list_stuck(session)),
    )
