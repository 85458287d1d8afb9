"""Approving: what waits for an answer of the person who is signed in, and deciding line by line."""

from datetime import date
from typing import Final

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import ForbiddenError, NotFoundError
from portal.core.journal import Actor
from portal.people.models import Person
from portal.people.queries import names_of
from portal.people.session import current_actor, current_person
from portal.requests.actions.approval import decide_approval
from portal.requests.approval_forms import DecisionForm
from portal.requests.approval_pages import (
    decided_words,
    decision_lines,
    open_answers,
    people_of,
    seen_of_request,
    thanks_words,
    waiting_rows,
)
from portal.requests.approvals.policy import decides_as
from portal.requests.approvals.queries import count_waiting_for, get_request_to_approve, has_waiting, list_principals, list_waiting_for
from portal.requests.approving import OPEN_STEPS
from portal.requests.models import ApprovalStep, Request
from portal.web.answers import Answer, page
from portal.web.application import this_app
from portal.web.htmx import wants_fragment
from portal.web.words import _

blueprint: Final = Blueprint("approvals", __name__)


@blueprint.get("/approvals")
def overview() -> Answer:
    """Show what waits for an answer of oneself, or of somebody one stands in for; or only how much that is."""
    person = current_person()
    if wants_fragment("approvals-count"):
        return page("approvals/_count.html", number=count_waiting_for(db.session(), person_id=person.id, today=today()))
    waiting = list_waiting_for(db.session(), person_id=person.id, today=today())
    principals = list_principals(db.session(), person_id=person.id, today=today())
    return page("approvals/overview.html", rows=waiting_rows(waiting, person=person, principals=principals))


@blueprint.get("/approvals/<number>")
def detail(number: str) -> Answer:
    """Show what is to be approved of a request: what, for whom, what it costs and when it would be ready."""
    person = current_person()
    return show(load_for(person, number), person)


@blueprint.post("/approvals/<number>/<int:step_id>/decision")
def decide(number: str, step_id: int) -> Answer:
    """Approve or refuse one line."""
    person = current_person()
    request = load_for(person, number, for_change=True)
    return decide_step(request, step_id, person, by=current_actor()) or _go_on(request, person)


def decide_step(request: Request, step_id: int, person: Person, *, by: Actor, token: str | None = None) -> Answer | None:
    """Carry out the decision that was sent; gives the page again when it has mistakes or came too late."""
    form, step = DecisionForm(), _step_of(request, step_id)
    principals = list_principals(db.session(), person_id=person.id, today=today())
    in_place_of = decides_as(person, step, request, principals=principals)
    if in_place_of is None:
        return _too_late(request, step, person, token)
    conflict = _conflict(request, form)
    if conflict or not form.validate():
        return show(request, person, 409 if conflict else 422, sent=(step_id, form), conflict=conflict, token=token)
    _carry_out(request, step, form, (person, in_place_of), by)
    flash(thanks_words(request, step))
    return None


def _conflict(request: Request, form: DecisionForm) -> str | None:
    """Say that the request is not what was shown, or that nobody saw what it is; None when it is as it was shown."""
    if form.seen.data == seen_of_request(request):
        return None
    return _("This request was changed meanwhile. Nothing was decided. Read it once more, and then choose.")


def load_for(person: Person, number: str, *, for_change: bool = False) -> Request:
    """Load a request for who has a part in approving it."""
    principals = list_principals(db.session(), person_id=person.id, today=today())
    return get_request_to_approve(db.session(), by=person, principals=principals, number=number, for_change=for_change)


def _step_of(request: Request, step_id: int) -> ApprovalStep:
    step = next((step for approval in request.approvals for step in approval.steps if step.id == step_id), None)
    if step is None:
        raise NotFoundError
    return step


def today() -> date:
    """Give the day it is in the organisation."""
    return utc_now().astimezone(this_app().settings.tz).date()


def show(
    request: Request,
    person: Person,
    status: int = 200,
    *,
    sent: tuple[int, DecisionForm] | None = None,
    conflict: str | None = None,
    token: str | None = None,
) -> Answer:
    """Render the page on which somebody decides; with a `token` for who came by a link."""
    principals = list_principals(db.session(), person_id=person.id, today=today())
    names = names_of(db.session(), people_of(request))
    return page(
        "approvals/by_link.html" if token else "approvals/detail.html",
        status,
        shown=request,
        lines=decision_lines(request, person, principals=principals, names=names, sent=sent),
        answers=open_answers(request),
        conflict=conflict,
        token=token,
    )


def _carry_out(request: Request, step: ApprovalStep, form: DecisionForm, who: tuple[Person, Person], by: Actor) -> None:
    """Decide; `who` does it, and in whose place."""
    person, in_place_of = who
    is_own = in_place_of.id == person.id
    decide_approval(
        session=db.session(),
        request=request,
        step=step,
        is_approved=form.is_approved,
        reason=form.reason.data or "",
        person=person,
        in_place_of=in_place_of,
        by=Actor(person_id=person.id, on_behalf_of_id=None if is_own else in_place_of.id, origin=by.origin),
        at=utc_now(),
        zone=this_app().settings.tz,
    )


def _too_late(request: Request, step: ApprovalStep, person: Person, token: str | None) -> Answer:
    """Show what was decided meanwhile.

    :raises ForbiddenError: nothing was; it is not for this person.
    """
    if step.state in OPEN_STEPS:
        raise ForbiddenError
    told = decided_words(step, names_of(db.session(), people_of(request)))
    return show(request, person, 409, conflict=told or _("This needs no answer any more. Nothing was changed."), token=token)


def _go_on(request: Request, person: Person) -> Response:
    waits = has_waiting(db.session(), person_id=person.id, request_id=request.id, today=today())
    return redirect(url_for("approvals.detail", number=request.number) if waits else url_for("approvals.overview"), 303)
