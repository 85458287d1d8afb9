"""Opening a request again: by who is signed in, or by the link in the mail that it is done."""

from typing import Final

from flask import Blueprint, flash, redirect, request, url_for

from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.journal import Actor
from portal.people.models import Person
from portal.people.session import current_actor, current_person
from portal.requests.actions.reopening import can_reopen, done_tasks, reopen_request, reopen_until
from portal.requests.follow_forms import ReopenForm
from portal.requests.models import Request
from portal.requests.ordering.actions.submission import find_tracking_code
from portal.requests.queries import get_request_for
from portal.requests.views.rating import opened_by_link
from portal.web.answers import Answer, page
from portal.web.application import this_app
from portal.web.words import _

blueprint: Final = Blueprint("reopening", __name__)


@blueprint.get("/requests/<number>/reopening")
def new(number: str) -> Answer:
    """Ask what is not right, and which part has to be done again."""
    return _show(get_request_for(db.session(), by=current_person(), number=number))


@blueprint.post("/requests/<number>/reopening")
def create(number: str) -> Answer:
    """Open the request again."""
    person = current_person()
    shown = get_request_for(db.session(), by=person, number=number, for_change=True)
    return _reopen(shown, person, by=current_actor(), back=url_for("requests.detail", number=number))


@blueprint.get("/rating/<token>/reopening")
def new_by_link(token: str) -> Answer:
    """Ask the same of who has the link."""
    shown, _person = opened_by_link(token)
    return _show(shown)


@blueprint.post("/rating/<token>/reopening")
def create_by_link(token: str) -> Answer:
    """Open the request again for who has the link."""
    shown, person = opened_by_link(token, for_change=True)
    code = find_tracking_code(request=shown, secret=this_app().settings.secret_key)
    back = url_for("track.detail", code=code) if code else url_for("track.find")
    return _reopen(shown, person, by=Actor(person_id=person.id, origin=request.remote_addr), back=back)


def _reopen(shown: Request, person: Person, *, by: Actor, back: str) -> Answer:
    form = ReopenForm().offer(done_tasks(request=shown))
    # What cannot be opened again is refused by the action, with its reason.
    if can_reopen(request=shown, at=utc_now()) and not form.validate():
        return _show(shown, form, 422)
    reopen_request(
        session=db.session(),
        request=shown,
        person=person,
        by=by,
        at=utc_now(),
        zone=this_app().settings.tz,
        reason=form.reason.data or "-",
        tasks=form.chosen(),
    )
    flash(_("Your request is open again. The department was told what is not right."))
    return redirect(back, 303)


def _show(shown: Request, form: ReopenForm | None = None, status: int = 200) -> Answer:
    form = form or ReopenForm(formdata=None).offer(done_tasks(request=shown))
    until = reopen_until(request=shown) if can_reopen(request=shown, at=utc_now()) else None
    template = "reopening/new_by_link.html" if "token" in (request.view_args or {}) else "reopening/new.html"
    return page(template, status, shown=shown, form=form, until=until, url=request.path)
