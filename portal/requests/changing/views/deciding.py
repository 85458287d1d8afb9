"""Giving other answers on which parts of a running request hang, after seeing what comes, what goes and what it does."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, request, url_for

from portal.core.db import db
from portal.requests.changing.actions.deciding import Decision, decide_otherwise, list_deciding, work_out_deciding
from portal.requests.changing.actions.revising import Stand
from portal.requests.changing.addition_pages import deciding_page
from portal.requests.changing.views.seeing import (
    change_of,
    load_changing_stand,
    project_stand,
    read_questions,
    refused,
    show_change,
    was_asked,
)
from portal.requests.ordering.views.steps import context_of, load_places
from portal.requests.questions.form import QuestionForm, build_question_form
from portal.web.answers import Answer
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
    is_possible = not decision.found.obstacles and bool(list_deciding(stand=stand))
    status = refused(stand, form, answers=decision.found.answers, is_possible=is_possible)
    if status is not None:
        return _show(stand, decision, form, status)
    decide_otherwise(session=db.session(), change=change_of(stand.request), answers=form.answers(), places=load_places())
    flash(_("Your answers are changed. Below you see the plan as it is now."))
    return redirect(url_for("requests.detail", number=number), 303)


def _show(stand: Stand, decision: Decision, form: QuestionForm, status: int = 200) -> Answer:
    project_stand(stand)
    is_first = request.method == "GET" or bool(form.errors) or not was_asked(form)
    about = deciding_page(decision, asks_first=is_first or status == HTTPStatus.CONFLICT)
    is_stale = status == HTTPStatus.CONFLICT and not about.refusal
    return show_change("decisions/new.html", stand, form, about, seen=about.seen, status=status, is_stale=is_stale)
