"""Changing a request that runs: what can still be changed, cancelling a line after seeing what it does, and other answers."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import ConflictError, NotFoundError
from portal.planning.queries import load_calendars
from portal.requests.changing.actions.answering import change_answers, load_changeable
from portal.requests.changing.actions.deciding import list_deciding
from portal.requests.changing.actions.leaving import cancel_line, load_windows, work_out_cancelling
from portal.requests.changing.actions.revising import load_stand
from portal.requests.changing.pages import cancelling_page, change_lines
from portal.requests.changing.views.seeing import change_of, load_changing
from portal.requests.follow_forms import CancelLineForm
from portal.requests.labels import state_sentence
from portal.requests.models import Request, Task
from portal.requests.ordering.views.steps import context_of, load_places
from portal.requests.projection import project_dates
from portal.requests.questions.form import QuestionForm, build_question_form
from portal.web.answers import Answer, page
from portal.web.application import this_app
from portal.web.forms import repeatable
from portal.web.words import _

blueprint: Final = Blueprint("change", __name__)


@blueprint.get("/requests/<number>/change")
def overview(number: str) -> Answer:
    """Show each line with until when it can be changed."""
    return _show_lines(load_changing(number))


@blueprint.get("/requests/<number>/change/<int:task_id>")
def line(number: str, task_id: int) -> Answer:
    """Show what cancelling a line does to the dates, the costs and the other lines."""
    return _show_line(load_changing(number), task_id)


@blueprint.post("/requests/<number>/change/<int:task_id>/cancellation")
def cancel(number: str, task_id: int) -> Answer:
    """Cancel a line as it was shown, with the lines that need it."""
    shown, form = load_changing(number, for_change=True), CancelLineForm()
    try:
        cancel_line(session=db.session(), change=change_of(shown, version=form.shown_version()), task_id=task_id)
    except ConflictError:
        return _show_line(shown, task_id, HTTPStatus.CONFLICT)
    flash(_("This part is cancelled. Below you see the plan without it."))
    return _back_to(number)


@blueprint.get("/requests/<number>/change/<int:task_id>/answers")
def answers(number: str, task_id: int) -> Answer:
    """Show the answers about a line that can still change."""
    shown = load_changing(number)
    task, form = _task_and_form(shown, task_id, {one["code"]: one["value"] for one in shown.answers})
    return _show_answers(shown, task, form)


@blueprint.post("/requests/<number>/change/<int:task_id>/answers")
@repeatable
def save_answers(number: str, task_id: int) -> Answer:
    """Keep other answers about a line; the department hears them."""
    shown = load_changing(number, for_change=True)
    task, form = _task_and_form(shown, task_id, {}, posted=request.form)
    if form.version.data != str(shown.version):
        return _show_answers(shown, task, form, HTTPStatus.CONFLICT)
    if "search" in request.form or not form.validate():
        return _show_answers(shown, task, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    change_answers(session=db.session(), change=change_of(shown), task=task, answers=form.answers(), places=load_places())
    flash(_("Your answers are changed. The department sees them."))
    return _back_to(number)


def _show_lines(shown: Request) -> Answer:
    windows = load_windows(session=db.session(), request=shown, at=utc_now(), zone=this_app().settings.tz)
    changeable = load_changeable(session=db.session(), request=shown, at=utc_now(), zone=this_app().settings.tz)
    lines = change_lines(shown, windows, changeable)
    return page("change/overview.html", shown=shown, sentence=state_sentence(shown), lines=lines, decides=_decides(shown))


def _decides(shown: Request) -> bool:
    """Tell whether there are answers on which parts hang, and that can still change."""
    if shown.closed_at:
        return False
    return bool(list_deciding(stand=load_stand(session=db.session(), request=shown, at=utc_now(), zone=this_app().settings.tz)))


def _task_and_form(shown: Request, task_id: int, given: Mapping[str, Any], posted: Any = None) -> tuple[Task, QuestionForm]:  # noqa: ANN401  form data
    """Give a line with the form for what can change about it.

    :raises NotFoundError: the request has no such line, or nothing about it can change.
    """
    questions = load_changeable(session=db.session(), request=shown, at=utc_now(), zone=this_app().settings.tz).get(task_id)
    if not questions:
        raise NotFoundError
    form = build_question_form(questions, context=context_of(load_places()), answers=given, posted=posted)
    return next(task for task in shown.tasks if task.id == task_id), form


def _show_answers(shown: Request, task: Task, form: QuestionForm, status: int = 200) -> Answer:
    form.prepare_page(version=shown.version)
    is_stale = status == HTTPStatus.CONFLICT
    return page("change/answers.html", status, shown=shown, task=task, form=form, decides=_decides(shown), is_stale=is_stale)


def _show_line(shown: Request, task_id: int, status: int = 200) -> Answer:
    zone, at, session = this_app().settings.tz, utc_now(), db.session()
    found = work_out_cancelling(session=session, request=shown, task_id=task_id, at=at, zone=zone)
    project_dates(shown, calendars=load_calendars(session, zone), at=at, zone=zone)
    form = CancelLineForm(formdata=None, data={"version": str(shown.version)})
    about = cancelling_page(shown, found, zone=zone)
    return page("change/line.html", status, shown=shown, task_id=task_id, about=about, form=form, is_stale=status == HTTPStatus.CONFLICT)


def _back_to(number: str) -> Response:
    return redirect(url_for("requests.detail", number=number), 303)
