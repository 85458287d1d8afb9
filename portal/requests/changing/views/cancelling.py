"""Cancelling a whole request, after seeing what stops, what goes on and why, and what it costs still."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, url_for

from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import ConflictError
from portal.people.session import current_actor, current_person
from portal.planning.queries import load_calendars
from portal.requests.changing.actions.cancelling import cancel_request, work_out_stopping
from portal.requests.changing.pages import stopping_page
from portal.requests.changing.views.seeing import load_changing
from portal.requests.follow_forms import CancelForm
from portal.requests.models import Request
from portal.requests.policy import may_stop_begun
from portal.requests.projection import project_dates
from portal.web.answers import Answer, page
from portal.web.application import this_app
from portal.web.words import _, ngettext

blueprint: Final = Blueprint("cancellation", __name__)


@blueprint.get("/requests/<number>/cancellation")
def new(number: str) -> Answer:
    """Show what cancelling the whole does."""
    return _show(load_changing(number))


@blueprint.post("/requests/<number>/cancellation")
def create(number: str) -> Answer:
    """Cancel as it was shown all that can still stop."""
    shown, form = load_changing(number, for_change=True), CancelForm()
    if shown.closed_at is None and not form.validate():
        return _show(shown, HTTPStatus.UNPROCESSABLE_ENTITY, form)
    try:
        _cancel(shown, form)
    except ConflictError:
        return _show(shown, HTTPStatus.CONFLICT, form)
    left = sum(task.finished_at is None for task in shown.tasks)
    told = ngettext("%(num)d part of your request goes on.", "%(num)d parts of your request go on.", left)
    flash(_("Your request is cancelled.") + (f" {told}" if left else ""))
    return redirect(url_for("requests.detail", number=number), 303)


def _cancel(shown: Request, form: CancelForm) -> None:
    cancel_request(
        session=db.session(),
        request=shown,
        person=current_person(),
        by=current_actor(),
        at=utc_now(),
        zone=this_app().settings.tz,
        reason=form.reason.data or "-",  # only a request that closed meanwhile comes here without one: it is told that first
        version=form.shown_version(),
        with_begun=form.with_begun.data,
    )


def _show(shown: Request, status: int = 200, sent: CancelForm | None = None) -> Answer:
    zone, at, session, person = this_app().settings.tz, utc_now(), db.session(), current_person()
    found = work_out_stopping(session=session, request=shown, at=at, zone=zone)
    project_dates(shown, calendars=load_calendars(session, zone), at=at, zone=zone)
    form = sent if sent and status == HTTPStatus.UNPROCESSABLE_ENTITY else CancelForm(formdata=None, data=sent.data if sent else None)
    form.version.data = str(shown.version)
    about = stopping_page(shown, found, may_stop_all=may_stop_begun(person, shown), zone=zone)
    return page("cancellation/new.html", status, shown=shown, about=about, form=form, is_stale=status == HTTPStatus.CONFLICT)
