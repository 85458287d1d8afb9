"""Adding a part to a request that runs: what can be added, its questions, what it does, and adding it."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, flash, redirect, request, url_for

from portal.catalog.definition import Line, Question
from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.people.session import current_person
from portal.requests.actions.reopening import can_reopen
from portal.requests.changing.actions.adding import add_line
from portal.requests.changing.actions.revising import Revision, Stand, list_addable, work_out_adding
from portal.requests.changing.addition_pages import addable_lines, adding_page
from portal.requests.changing.views.changing import actor_for, load_changing_stand
from portal.requests.follow_forms import SeenForm
from portal.requests.models import Request
from portal.requests.ordering.content import MOST_ROUNDS
from portal.requests.ordering.views.steps import context_of, load_places
from portal.requests.projection import project_dates
from portal.requests.questions.form import QuestionForm, build_question_form
from portal.web.answers import Answer, page
from portal.web.application import this_app
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
    status = _refused(stand, found, form)
    if status is not None:
        return _show(stand, line, found, form, status)
    _add(stand.request, block, form)
    flash(_("The part is added. Below you see the plan with it."))
    return redirect(url_for("requests.detail", number=number), 303)


def _refused(stand: Stand, found: Revision, form: QuestionForm) -> int | None:
    """Tell with which status the page is shown again; None when the part can be added, as what that does was seen."""
    shown = stand.request
    if form.version.data != str(shown.version) or shown.closed_at is not None or found.obstacles:
        return HTTPStatus.CONFLICT
    if "search" in request.form or not form.validate():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    was_asked = {one.code for one in found.questions} <= form.shown_codes()
    was_seen = SeenForm().was_for(found.answers)
    return None if was_asked and was_seen else HTTPStatus.UNPROCESSABLE_ENTITY


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


def read_questions(ask: Callable[[Mapping[str, Any]], Sequence[Question]]) -> QuestionForm:
    """Read the answers that were sent; `ask` gives the questions that these answers lead to, which can be more or fewer."""
    context, codes = context_of(load_places()), request.form.get("shown", "").split()
    form = build_question_form(ask({}), context=context, answers={}, posted=request.form, shown=codes)
    for _round in range(MOST_ROUNDS):
        again = build_question_form(ask(form.answers()), context=context, answers={}, posted=request.form, shown=codes)
        if again.questions == form.questions:
            break
        form = again
    return form


def _add(shown: Request, block: str, form: QuestionForm) -> None:
    add_line(
        session=db.session(),
        request=shown,
        block=block,
        answers=form.answers(),
        places=load_places(),
        person=current_person(),
        by=actor_for(shown),
        at=utc_now(),
        zone=this_app().settings.tz,
        version=shown.version,
    )


def _show_all(stand: Stand, status: int = 200) -> Answer:
    shown = stand.request
    lines = addable_lines(stand, list_addable(stand=stand)) if shown.closed_at is None else []
    reopen_url = url_for("reopening.new", number=shown.number) if can_reopen(request=shown, at=stand.at) else None
    is_stale = status == HTTPStatus.CONFLICT
    return page("addition/overview.html", status, shown=shown, lines=lines, reopen_url=reopen_url, is_stale=is_stale)


def _show(stand: Stand, line: Line, found: Revision, form: QuestionForm, status: int = 200) -> Answer:
    shown = stand.request
    project_dates(shown, calendars=stand.calendars, at=stand.at, zone=stand.zone)
    is_first = not {one.code for one in found.questions} <= form.shown_codes() and request.method == "POST"
    form.prepare_page(version=shown.version)
    about = adding_page(stand, line, found, asks_first=is_first or bool(form.errors))
    own = SeenForm(formdata=None, data={"seen": about.seen})
    return page("addition/new.html", status, shown=shown, about=about, form=form, own=own, is_stale=status == HTTPStatus.CONFLICT)
