"""Following a request by its code: for anyone, without names, internal notes or JavaScript."""

from datetime import datetime, timedelta
from typing import Final

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _

from portal.core.clock import utc_now
from portal.core.db import db, let_go, separate_transaction
from portal.core.errors import NotFoundError
from portal.core.references import normal_code
from portal.core.throttle import Limit, check_limit, count_attempt
from portal.people.session import find_current_person
from portal.planning.queries import load_calendars
from portal.requests.approval_pages import approval_lines
from portal.requests.feedback.pages import rating_panel
from portal.requests.feedback.policy import rater_by_code
from portal.requests.follow_forms import TrackForm
from portal.requests.labels import state_sentence
from portal.requests.models import Request
from portal.requests.pages import history_lines, plan_lines, plan_picture
from portal.requests.projection import project_dates
from portal.requests.promises.pages import shown_promises
from portal.requests.promises.queries import list_promises
from portal.requests.queries import find_open_question, get_tracked_request, list_history
from portal.requests.why_pages import load_why, words_about_dates
from portal.web.answers import Answer, page
from portal.web.application import this_app

blueprint: Final = Blueprint("track", __name__)

MISSES: Final = Limit("track", attempts=60, window=timedelta(minutes=10))


@blueprint.get("/track")
def find() -> Answer:
    """Ask for the code, or go to the page of the code that was typed."""
    code = request.args.get("code", "").strip()
    if code:
        return redirect(url_for("track.detail", code=normal_code(code) or _for_address(code)), 303)
    return page("track/find.html", form=TrackForm(request.args))


@blueprint.get("/track/<code>")
def detail(code: str) -> Answer:
    """Show the request of a code; a code that does not exist counts as a miss of this address."""
    shown = tracked_or_none(code)
    return page("track/find.html", 404, form=_unknown(code)) if shown is None else _show(shown, utc_now(), code=code)


@blueprint.get("/track/<code>/why")
def why(code: str) -> Answer:
    """Show why the request of a code has its date, without names; a code that does not exist counts as a miss."""
    shown, now = tracked_or_none(code), utc_now()
    if shown is None:
        return page("track/find.html", 404, form=_unknown(code))
    about = load_why(db.session(), shown, now=now, zone=this_app().settings.tz)
    return page("track/why.html", shown=shown, code=code, sentence=state_sentence(shown), about=about)


def tracked_or_none(code: str) -> Request | None:
    """Find the request of a code; None, and a miss of this address, when there is none."""
    now, address = utc_now(), request.remote_addr or ""
    check_limit(db.session(), MISSES, subject=address, at=now)
    try:
        return get_tracked_request(db.session(), code=code)
    except NotFoundError:
        let_go()
        with separate_transaction() as misses:
            count_attempt(misses, MISSES, subject=address, at=now)
    return None


def _for_address(code: str) -> str:
    """Give what was typed without the signs that mean something in an address."""
    return "".join(sign for sign in code if sign.isalnum() or sign in " -") or "-"


def _unknown(code: str) -> TrackForm:
    form = TrackForm(data={"code": code})
    form.add_errors({"code": _("We do not know this code. Check it character by character, or ask the service desk.")})
    return form


def _show(shown: Request, now: datetime, *, code: str) -> Answer:
    """Render what anybody with the code may know."""
    zone = this_app().settings.tz
    question, calendars = find_open_question(shown), load_calendars(db.session(), zone)
    projection = project_dates(shown, calendars=calendars, at=now, zone=zone)
    entries = list_history(db.session(), shown, public_only=True)
    rater = rater_by_code(find_current_person(), shown)
    return page(
        "track/detail.html",
        shown=shown,
        sentence=state_sentence(shown),
        projection=projection,
        waits_for_you=question is not None,
        lines=[*approval_lines(shown), *plan_lines(shown)],
        picture=plan_picture(shown, now=now, zone=zone),
        **words_about_dates(shown, calendars=calendars, entries=entries, now=now, zone=zone, why_url=url_for("track.why", code=code)),
        history=history_lines(entries),
        question=question,
        promises=shown_promises(list_promises(db.session(), shown), with_text=False),
        panel=rating_panel(db.session(), shown, person=rater, url=url_for("rating.rate_by_code", code=code), at=now),
        may_promise=False,
    )
