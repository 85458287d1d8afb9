"""Saying how a request went: by the link in the mail, on the page of the request, or with the tracking code. A GET keeps nothing."""

from typing import Final

from flask import Blueprint, redirect, request, url_for

from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.core.journal import Actor
from portal.people.models import Person
from portal.people.queries import get_person
from portal.people.session import current_actor, current_person, find_current_person
from portal.requests.actions.reopening import can_reopen
from portal.requests.feedback.actions import rate_request
from portal.requests.feedback.forms import RatingForm
from portal.requests.feedback.pages import chosen_face, rating_panel
from portal.requests.feedback.policy import rater_by_code
from portal.requests.feedback.queries import get_link
from portal.requests.feedback.rules import Door
from portal.requests.models import Request
from portal.requests.queries import get_request_for, get_request_for_change, number_of_request
from portal.requests.views.track import tracked_or_none
from portal.web.answers import Answer, page
from portal.web.forms import repeatable

blueprint: Final = Blueprint("rating", __name__)


@blueprint.get("/rating/<token>")
def detail(token: str) -> Answer:
    """Show the three faces, with the one that was pressed in the mail chosen already; only the button below keeps it."""
    try:
        shown, person = opened_by_link(token)
    except NotFoundError:
        return page("rating/detail.html", 404, shown=None, panel=None, reopen_url=None)
    face = chosen_face(request.args.get("score"))
    form = RatingForm(formdata=None, data={"score": face.value}) if face else None
    return _show(shown, person, url=url_for("rating.rate_by_link", token=token), form=form)


@blueprint.post("/rating/<token>")
@repeatable
def rate_by_link(token: str) -> Answer:
    """Keep what somebody with the link from the mail says."""
    shown, person = opened_by_link(token, for_change=True)
    by = Actor(person_id=person.id, origin=request.remote_addr)
    here = url_for("rating.rate_by_link", token=token)
    return _rate(shown, person, by=by, door=Door.MAIL, url=here, back=url_for("rating.detail", token=token))


@blueprint.post("/requests/<number>/rating")
@repeatable
def rate_signed_in(number: str) -> Answer:
    """Keep what a customer says on the page of the request."""
    person = current_person()
    shown = get_request_for(db.session(), by=person, number=number, for_change=True)
    back = url_for("requests.detail", number=number, _anchor="rating")
    return _rate(shown, person, by=current_actor(), door=Door.PAGE, url=url_for("rating.rate_signed_in", number=number), back=back)


@blueprint.post("/track/<code>/rating")
@repeatable
def rate_by_code(code: str) -> Answer:
    """Keep what somebody with the tracking code says."""
    tracked = tracked_or_none(code)
    if tracked is None:
        raise NotFoundError
    shown = get_request_for_change(db.session(), tracked.id)
    back = url_for("track.detail", code=code, _anchor="rating")
    url = url_for("rating.rate_by_code", code=code)
    return _rate(shown, rater_by_code(find_current_person(), shown), by=current_actor(), door=Door.CODE, url=url, back=back)


def opened_by_link(token: str, *, for_change: bool = False) -> tuple[Request, Person]:
    """Load what a link opens: the request, and the customer to whom it was sent."""
    session = db.session()
    link = get_link(session, token=token, at=utc_now())
    person = get_person(session, link.person_id)
    return get_request_for(session, by=person, number=number_of_request(session, link.request_id), for_change=for_change), person


def _rate(shown: Request, person: Person | None, *, by: Actor, door: Door, url: str, back: str) -> Answer:
    form = RatingForm()
    if not form.validate():
        return _show(shown, person, url=url, form=form, status=422)
    rate_request(session=db.session(), request=shown, person=person, by=by, at=utc_now(), score=form.chosen, door=door, reason=form.words)
    return redirect(back, 303)


def _show(shown: Request, person: Person | None, *, url: str, form: RatingForm | None = None, status: int = 200) -> Answer:
    panel = rating_panel(db.session(), shown, person=person, url=url, at=utc_now(), form=form)
    token = (request.view_args or {}).get("token")
    may_reopen = token is not None and can_reopen(request=shown, at=utc_now())
    reopen_url = url_for("reopening.new_by_link", token=token) if may_reopen else None
    return page("rating/detail.html", status, shown=shown, panel=panel, reopen_url=reopen_url)
