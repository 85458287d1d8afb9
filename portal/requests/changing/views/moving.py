"""Asking for a running request on another day, after seeing what that does."""

from datetime import date
from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, request, url_for

from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.people.session import current_person
from portal.requests.changing.actions.moving import find_wish_question, list_fixed, move_wished_date
from portal.requests.changing.actions.revising import Stand
from portal.requests.changing.addition_pages import moving_page
from portal.requests.changing.views.changing import actor_for, load_changing_stand
from portal.requests.follow_forms import SeenForm, seen_of
from portal.requests.ordering.views.steps import context_of
from portal.requests.projection import project_dates
from portal.requests.questions.form import QuestionForm, build_question_form
from portal.web.answers import Answer, page
from portal.web.words import _

blueprint: Final = Blueprint("wish", __name__)


@blueprint.get("/requests/<number>/wished-date")
def new(number: str) -> Answer:
    """Ask for which day it is wished now, or say why that is fixed."""
    stand = load_changing_stand(number)
    return _show(stand, _form(stand))


@blueprint.post("/requests/<number>/wished-date")
def create(number: str) -> Answer:
    """Ask for it on the other day when what that does was seen; else show that first."""
    stand = load_changing_stand(number, for_change=True)
    form = _form(stand)
    status = _refused(stand, form)
    if status is not None:
        return _show(stand, form, status)
    _move(stand, form)
    flash(_("You asked for it on another day. Below you see the plan for that day."))
    return redirect(url_for("requests.detail", number=number), 303)


def _form(stand: Stand) -> QuestionForm:
    """Make the form for the wished day.

    :raises NotFoundError: nobody wished a day.
    """
    if stand.request.wished_on is None:
        raise NotFoundError
    question = find_wish_question(stand=stand)
    posted = request.form if request.method == "POST" else None
    return build_question_form([question] if question else [], context=context_of({}), answers=stand.answers, posted=posted)


def _day(form: QuestionForm) -> date | None:
    return next((date.fromisoformat(one) for one in form.answers().values()), None)


def _refused(stand: Stand, form: QuestionForm) -> int | None:
    """Tell with which status the page is shown again; None when the day can be moved, as what that does was seen."""
    if (
        form.version.data != str(stand.request.version)
        or stand.request.closed_at is not None
        or not form.questions
        or list_fixed(stand=stand)
    ):
        return HTTPStatus.CONFLICT
    if not form.validate() or _day(form) is None:
        return HTTPStatus.UNPROCESSABLE_ENTITY
    return None if SeenForm().was_for(form.answers()) else HTTPStatus.UNPROCESSABLE_ENTITY


def _move(stand: Stand, form: QuestionForm) -> None:
    move_wished_date(
        session=db.session(),
        request=stand.request,
        wished_on=_day(form) or stand.at.date(),
        person=current_person(),
        by=actor_for(stand.request),
        at=stand.at,
        zone=stand.zone,
        version=stand.request.version,
    )


def _show(stand: Stand, form: QuestionForm, status: int = 200) -> Answer:
    shown = stand.request
    project_dates(shown, calendars=stand.calendars, at=stand.at, zone=stand.zone)
    wished_on = None if form.errors or status == HTTPStatus.CONFLICT else _day(form)
    about = moving_page(stand, wished_on if wished_on != shown.wished_on else None)
    form.prepare_page(version=shown.version)
    own = SeenForm(formdata=None, data={"seen": seen_of(form.answers()) if about.effect else ""})
    return page("wish/new.html", status, shown=shown, about=about, form=form, own=own, is_stale=status == HTTPStatus.CONFLICT)
