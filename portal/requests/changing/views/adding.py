"""Adding a part to a request that runs: what can be added, its questions, what it does, and adding it."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, request, url_for

from portal.catalog.definition import Line
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.requests.actions.reopening import can_reopen
from portal.requests.changing.actions.adding import add_line
from portal.requests.changing.actions.revising import Revision, Stand, list_addable, work_out_adding
from portal.requests.changing.addition_pages import addable_lines, adding_page
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
from portal.web.answers import Answer, page
from portal.web.words import _

blueprint: Final = Blueprint("addition", __name__)


@blueprint.get("/requests/<number>/additions")
def overview(number: str) -> Answer:
    """Show what can be added."""
    return _show_all(load_changing_stand(number))


@blueprint.get("/requests/<number>/additions/<block>")
def new(number: str, block: str) -> Answer:
    """Ask what this part must know, and show what adding it does."""
    stand = load_changing_stand(number)
    line = _line(stand, block)
    found = work_out_adding(stand=stand, chosen={block}, answers={})
    return _show(stand, line, found, build_question_form(found.questions, context=context_of(load_places()), answers={}))


@blueprint.post("/requests/<number>/additions/<block>")
def create(number: str, block: str) -> Answer:
    """Add the part when what it does was seen; else show that first."""
    stand = load_changing_stand(number, for_change=True)
    if block not in {line.block for line in list_addable(stand=stand)}:
        return _show_all(stand, HTTPStatus.CONFLICT)
    line, (found, form) = _line(stand, block), _read(stand, block)
    status = refused(stand, form, answers=found.answers, is_possible=not found.obstacles)
    if status is not None:
        return _show(stand, line, found, form, status)
    add_line(session=db.session(), change=change_of(stand.request), block=block, answers=form.answers(), places=load_places())
    flash(_("The part is added. Below you see the plan with it."))
    return redirect(url_for("requests.detail", number=number), 303)


def _line(stand: Stand, block: str) -> Line:
    """Find a line that can be added.

    :raises NotFoundError: there is none.
    """
    line = next((one for one in list_addable(stand=stand) if one.block == block), None)
    if line is None:
        raise NotFoundError
    return line


def _read(stand: Stand, block: str) -> tuple[Revision, QuestionForm]:
    """Read what was filled in, and what it does."""
    form = read_questions(lambda answers: work_out_adding(stand=stand, chosen={block}, answers=answers).questions)
    return work_out_adding(stand=stand, chosen={block}, answers=form.answers()), form


def _show_all(stand: Stand, status: int = 200) -> Answer:
    shown = stand.request
    lines = addable_lines(stand, list_addable(stand=stand)) if shown.closed_at is None else []
    reopen_url = url_for("reopening.new", number=shown.number) if can_reopen(request=shown, at=stand.at) else None
    is_stale = status == HTTPStatus.CONFLICT
    return page("addition/overview.html", status, shown=shown, lines=lines, reopen_url=reopen_url, is_stale=is_stale)


def _show(stand: Stand, line: Line, found: Revision, form: QuestionForm, status: int = 200) -> Answer:
    project_stand(stand)
    is_first = request.method == "POST" and not was_asked(form)
    about = adding_page(stand, line, found, asks_first=is_first or bool(form.errors))
    is_stale = status == HTTPStatus.CONFLICT
    return show_change("addition/new.html", stand, form, about, seen=about.seen, status=status, is_stale=is_stale)
