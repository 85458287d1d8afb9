"""What the pages of changes have in common: loading the request, reading the answers, and changing nothing that was not seen first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import request

from portal.catalog.definition import Question
from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import ForbiddenError
from portal.people.session import current_actor, current_person
from portal.requests.changing.actions.change import Change
from portal.requests.changing.actions.revising import Stand, load_stand
from portal.requests.follow_forms import SeenForm
from portal.requests.models import Request
from portal.requests.ordering.content import MOST_ROUNDS
from portal.requests.ordering.views.steps import context_of, load_places
from portal.requests.policy import is_customer, may_change_request
from portal.requests.projection import project_dates
from portal.requests.queries import get_request_for
from portal.requests.questions.form import QuestionForm, build_question_form
from portal.web.answers import Answer, page
from portal.web.application import this_app


def load_changing(number: str, *, for_change: bool = False) -> Request:
    """Load a request that the person may change; one that is closed is for its customer and the service desk to look at.

    :raises ForbiddenError: they may only look at it.
    """
    person = current_person()
    shown = get_request_for(db.session(), by=person, number=number, for_change=for_change)
    if not may_change_request(person, shown):
        raise ForbiddenError
    return shown


def load_changing_stand(number: str, *, for_change: bool = False) -> Stand:
    """Load what a change of a request is worked out from; as `load_changing` does."""
    shown = load_changing(number, for_change=for_change)
    return load_stand(session=db.session(), request=shown, at=utc_now(), zone=this_app().settings.tz)


def change_of(shown: Request, *, version: int | None = None) -> Change:
    """Give the change that the person asks for; who is not a customer of the request does it for who asked.

    `version` is that of the page, when nothing else compared it with the request.
    """
    person, by = current_person(), current_actor()
    by = by if is_customer(person, shown) else replace(by, on_behalf_of_id=shown.requester_id)
    seen = shown.version if version is None else version
    return Change(request=shown, person=person, by=by, at=utc_now(), zone=this_app().settings.tz, version=seen)


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


def was_asked(form: QuestionForm) -> bool:
    """Tell whether all the questions stood on the page that was sent."""
    return {one.code for one in form.questions} <= form.shown_codes()


def refused(stand: Stand, form: QuestionForm, *, answers: Mapping[str, Any], is_possible: bool) -> HTTPStatus | None:
    """Tell with which status the page is shown again; None when the change can be made, as what these answers do was seen."""
    is_stale = form.version.data != str(stand.request.version) or stand.request.closed_at is not None
    if is_stale or not is_possible:
        return HTTPStatus.CONFLICT
    is_right = "search" not in request.form and form.validate() and was_asked(form)
    return None if is_right and SeenForm().was_for(answers) else HTTPStatus.UNPROCESSABLE_ENTITY


def project_stand(stand: Stand) -> None:
    """Show the dates of the request as they are now."""
    project_dates(stand.request, calendars=stand.calendars, at=stand.at, zone=stand.zone)


def show_change(
    template: str,
    stand: Stand,
    form: QuestionForm,
    about: object,
    *,
    seen: str,
    status: int,
    is_stale: bool,
) -> Answer:
    """Show what a change does, with what the page must send back; `seen` names the answers of which it shows that."""
    form.prepare_page(version=stand.request.version)
    own = SeenForm(formdata=None, data={"seen": seen})
    return page(template, status, shown=stand.request, about=about, form=form, own=own, is_stale=is_stale)
