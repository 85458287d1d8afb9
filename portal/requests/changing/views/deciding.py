"""Giving other answers on which parts of a running request hang, after seeing what comes, what goes and what it does."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, request, url_for

from portal.core.db import db
from portal.people.session import current_person
from portal.requests.changing.actions.deciding import Decision, decide_otherwise, list_deciding, work_out_deciding
from portal.requests.changing.actions.revising import Stand
from portal.requests.changing.addition_pages import deciding_page
from portal.requests.changing.views.adding import read_questions
from portal.requests.changing.views.changing import actor_for, load_changing_stand
from portal.requests.follow_forms import SeenForm
from portal.requests.ordering.views.steps import context_of, load_places
from portal.requests.projection import project_dates
from portal.requests.questions.form import QuestionForm, build_question_form
from portal.web.answers import Answer, page
from portal.web.words import _

blueprint: Final = Blueprint("decisions", __name__)


@blueprint.get("/requests/<number>/decisions")
def new(number: str) -> Answer:
    """Show the answers on which parts hang, as they are."""
    stand = load_changing_stand(number)
    form = build_question_form(list_deciding(stand=stand), context=context_of(load_places()), answers=stand.answers)
    return _show(stand, work_out_deciding(stand=stand, answers=stand.answers), form)


@blueprint.post("/requests/<number>/decisions")
def create(number: str) -> Answer:
    """Give the other answers when what they do was seen; else show that first."""
    stand = load_changing_stand(number, for_change=True)
    form = read_questions(lambda answers: work_out_deciding(stand=stand, answers=answers).found.questions)
    decision = work_out_deciding(stand=stand, answers=form.answers())
    status = _refused(stand, decision, form)
    if status is not None:
        return _show(stand, decision, form, status)
    _decide(stand, form)
    flash(_("Your answers are changed. Below you see the plan as it is now."))
    return redirect(url_for("requests.detail", number=number), 303)


def _refused(stand: Stand, decision: Decision, form: QuestionForm) -> int | None:
    """Tell with which status the page is shown again; None when the answers can be changed, as what that does was seen."""
    is_stale = form.version.data != str(stand.request.version) or stand.request.closed_at is not None
    if is_stale or decision.found.obstacles or not list_deciding(stand=stand):
        return HTTPStatus.CONFLICT
    is_right = form.validate() and _was_asked(form) and "search" not in request.form
    return None if is_right and SeenForm().was_for(decision.found.answers) else HTTPStatus.UNPROCESSABLE_ENTITY


def _was_asked(form: QuestionForm) -> bool:
    return {one.code for one in form.questions} <= form.shown_codes()


def _decide(stand: Stand, form: QuestionForm) -> None:
    decide_otherwise(
        session=db.session(),
        request=stand.request,
        answers=form.answers(),
        places=load_places(),
        person=current_person(),
        by=actor_for(stand.request),
        at=stand.at,
        zone=stand.zone,
        version=stand.request.version,
    )


def _show(stand: Stand, decision: Decision, form: QuestionForm, status: int = 200) -> Answer:
    shown = stand.request
    project_dates(shown, calendars=stand.calendars, at=stand.at, zone=stand.zone)
    is_first = request.method == "GET" or bool(form.errors) or not _was_asked(form)
    about = deciding_page(decision, asks_first=is_first or status == HTTPStatus.CONFLICT)
    form.prepare_page(version=shown.version)
    own = SeenForm(formdata=None, data={"seen": about.seen})
    is_stale = status == HTTPStatus.CONFLICT and not about.refusal
    return page("decisions/new.html", status, shown=shown, about=about, form=form, own=own, is_stale=is_stale)
