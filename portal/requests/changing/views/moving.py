"""Asking for a running request on another day, after seeing what that does."""

from datetime import date
from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, request, url_for

from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.requests.changing.actions.moving import find_wish_question, list_fixed, move_wished_date
from portal.requests.changing.actions.revising import Stand
from portal.requests.changing.addition_pages import moving_page
from portal.requests.changing.views.seeing import change_of, load_changing_stand, project_stand, refused, show_change
from portal.requests.follow_forms import seen_of
from portal.requests.ordering.views.steps import context_of
from portal.requests.questions.form import QuestionForm, build_question_form
from portal.web.answers import Answer
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
    wished_on, is_possible = _day(form), bool(form.questions) and not list_fixed(stand=stand)
    status = refused(stand, form, answers=form.answers(), is_possible=is_possible)
    if status is not None or wished_on is None:
        return _show(stand, form, status or HTTPStatus.UNPROCESSABLE_ENTITY)
    move_wished_date(session=db.session(), change=change_of(stand.request), wished_on=wished_on)
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


def _show(stand: Stand, form: QuestionForm, status: int = 200) -> Answer:
    project_stand(stand)
    wished_on = None if form.errors or status == HTTPStatus.CONFLICT else _day(form)
    about = moving_page(stand, wished_on if wished_on != stand.request.wished_on else None)
    seen, is_stale = seen_of(form.answers()) if about.effect else "", status == HTTPStatus.CONFLICT
    return show_change("wish/new.html", stand, form, about, seen=seen, status=status, is_stale=is_stale)
