"""Promises: making one about a request, ticking it, moving it, the lists of who keeps them, and what became of them."""

from typing import Final

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.people.models import Person
from portal.people.session import current_actor, current_person
from portal.requests.models import Request
from portal.requests.promises.actions import PromiseWish, keep_promise, make_promise, move_promise
from portal.requests.promises.forms import KeepForm, MomentForm, MoveForm, PromiseForm
from portal.requests.promises.labels import EMPTY_TEXTS, EMPTY_TITLES, NEXT_KINDS, TABS
from portal.requests.promises.models import Promise
from portal.requests.promises.pages import (
    Keeper,
    conflict_sentence,
    first_moment,
    is_closed_then,
    may_be_moved,
    month_rows,
    possible_keepers,
    promise_line,
    promise_list,
    readable_teams,
)
from portal.requests.promises.policy import may_make_promise, may_settle_promise, teams_of
from portal.requests.promises.queries import find_promise_of, get_promise_for, is_made_good, list_near
from portal.requests.promises.workflow import Channel, PromiseState
from portal.requests.queries import get_request_for
from portal.web.answers import Answer, page
from portal.web.application import this_app
from portal.web.htmx import wants_fragment
from portal.web.words import _

blueprint: Final = Blueprint("promises", __name__)


@blueprint.get("/promises")
def overview() -> Answer:
    """Show the promises to keep, those that were not kept and those that were; or only those whose moment is near."""
    person, now = current_person(), utc_now()
    if wants_fragment("promises-near"):
        near = list_near(db.session(), keeper_id=person.id, department_ids=teams_of(person), at=now)
        return page("promises/_near.html", lines=[promise_line(one, now=now) for one in near])
    shown = promise_list(db.session(), person, request.args, now=now)
    words = {"tabs": TABS, "empty_titles": EMPTY_TITLES, "empty_texts": EMPTY_TEXTS, "next_kinds": NEXT_KINDS}
    return page("promises/overview.html", shown=shown, now=now, **words)


@blueprint.get("/promises/kept")
def kept() -> Answer:
    """Show which share of the promises was kept, of oneself and of the team, per month."""
    person, now, zone = current_person(), utc_now(), this_app().settings.tz
    teams = readable_teams(db.session(), person)
    team = next((one for one in teams if one.code == request.args.get("department")), teams[0] if teams else None)
    own = month_rows(db.session(), now=now, zone=zone, keeper_id=person.id)
    of_team = month_rows(db.session(), now=now, zone=zone, department_id=team.id) if team else []
    return page("promises/kept.html", teams=teams, team=team, own=own, of_team=of_team)


@blueprint.get("/requests/<number>/promises/new")
def new(number: str) -> Answer:
    """Ask what we promise about a request, how, when, and who does it."""
    person = current_person()
    shown = get_request_for(db.session(), by=person, number=number)
    if shown.closed_at:
        return _refuse_closed(number)
    task_id, follows_id = request.args.get("task", type=int), request.args.get("follows", type=int)
    follows = find_promise_of(db.session(), request_id=shown.id, promise_id=follows_id) if follows_id else None
    form = PromiseForm(formdata=None, task=task_id, follows=follows_id, what=follows.what if follows else "", keeper="me")
    return _ask(shown, person, form)


@blueprint.post("/requests/<number>/promises")
def create(number: str) -> Answer:
    """Make a promise about a request; the requester sees it at once."""
    person, form = current_person(), PromiseForm()
    shown = get_request_for(db.session(), by=person, number=number, for_change=True)
    if shown.closed_at:
        return _refuse_closed(number)
    keepers = possible_keepers(db.session(), shown, person, task_id=form.task.data)
    form.offer([(one.value, one.label) for one in keepers])
    keeper = next((one for one in keepers if one.value == form.keeper.data), keepers[0])
    if not form.validate() or not _is_moment_fine(form, keeper.department_id):
        return _ask(shown, person, form, 422)
    return _make(shown, person, form, keeper)


@blueprint.get("/promises/<int:promise_id>")
def detail(promise_id: int) -> Answer:
    """Show one promise, with what can be done with it now."""
    return _show(promise_id)


@blueprint.post("/promises/<int:promise_id>/outcome")
def keep(promise_id: int) -> Answer:
    """Tick a promise with its outcome."""
    person, form = current_person(), KeepForm()
    promise = get_promise_for(db.session(), by=person, promise_id=promise_id, for_change=True)
    if not form.validate():
        return _show(promise_id, 422, keep_form=form)
    try:
        _keep(promise, person, form)
    except ConflictError as conflict:
        return _show(promise_id, 409, keep_form=form, conflict=conflict_sentence(conflict.reason))
    flash(_("Well done: the promise is kept. The requester reads the outcome."))
    return redirect(url_for("promises.overview"), 303)


@blueprint.post("/promises/<int:promise_id>/moment")
def move(promise_id: int) -> Answer:
    """Give a promise another moment, before its moment has come."""
    person, form = current_person(), MoveForm()
    promise = get_promise_for(db.session(), by=person, promise_id=promise_id, for_change=True)
    if not form.validate() or not _is_moment_fine(form, promise.department_id):
        return _show(promise_id, 422, move_form=form)
    try:
        _move(promise, person, form)
    except ConflictError as conflict:
        return _show(promise_id, 409, move_form=form, conflict=conflict_sentence(conflict.reason))
    except InvalidInputError as invalid:
        form.show_faults(invalid.errors)
        return _show(promise_id, 422, move_form=form)
    flash(_("The promise has another moment. The requester gets an e-mail about it."))
    return redirect(url_for("promises.detail", promise_id=promise_id), 303)


def _is_moment_fine(form: MomentForm, department_id: int) -> bool:
    """Tell whether the moment exists, and whether the department is open then or the person is sure."""
    zone = this_app().settings.tz
    due_at = form.moment(zone)
    if due_at is None:
        return False
    is_closed = due_at > utc_now() and is_closed_then(db.session(), department_id=department_id, at=due_at, zone=zone)
    if is_closed and not form.is_sure.data:
        form.add_errors({"is_sure": _("The department is closed at this moment. Choose another one, or say that you are sure.")})
        return False
    return True


def _make(shown: Request, person: Person, form: PromiseForm, keeper: Keeper) -> Answer:
    session, zone = db.session(), this_app().settings.tz
    follows = find_promise_of(session, request_id=shown.id, promise_id=form.follows.data) if form.follows.data else None
    task_ids = {task.id for task in shown.tasks}
    wish = PromiseWish(
        what=form.what.data or "",
        channel=Channel(form.channel.data),
        due_at=form.moment(zone) or utc_now(),
        department_id=keeper.department_id,
        keeper=keeper.person,
        task_id=form.task.data if form.task.data in task_ids else None,
        follows=follows,
    )
    try:
        make_promise(session=session, request=shown, wish=wish, person=person, by=current_actor(), at=utc_now(), zone=zone)
    except InvalidInputError as invalid:
        form.show_faults(invalid.errors)
        return _ask(shown, person, form, 422)
    flash(_("Promised. The requester sees it at once, and it stands in the list of who keeps it."))
    return redirect(_way_back(shown, wish.task_id), 303)


def _keep(promise: Promise, person: Person, form: KeepForm) -> None:
    keep_promise(
        session=db.session(),
        promise=promise,
        person=person,
        by=current_actor(),
        at=utc_now(),
        zone=this_app().settings.tz,
        outcome=form.outcome.data or "",
        version=form.version.data,
    )


def _move(promise: Promise, person: Person, form: MoveForm) -> None:
    zone = this_app().settings.tz
    move_promise(
        session=db.session(),
        promise=promise,
        person=person,
        by=current_actor(),
        at=utc_now(),
        zone=zone,
        due_at=form.moment(zone) or promise.due_at,
        reason=form.reason.data or "",
        version=form.version.data,
    )


def _ask(shown: Request, person: Person, form: PromiseForm, status: int = 200) -> Answer:
    """Render the form of a new promise."""
    if not may_make_promise(person, shown, [task.department_id for task in shown.tasks]):
        raise ForbiddenError
    keepers = possible_keepers(db.session(), shown, person, task_id=form.task.data)
    form.offer([(one.value, one.label) for one in keepers])
    return page("promises/new.html", status, shown=shown, form=form, today=utc_now())


def _show(
    promise_id: int, status: int = 200, *, keep_form: KeepForm | None = None, move_form: MoveForm | None = None, conflict: str | None = None
) -> Answer:
    """Render the page of one promise for the person who is signed in."""
    person, now = current_person(), utc_now()
    promise = get_promise_for(db.session(), by=person, promise_id=promise_id)
    may_keep = promise.state is PromiseState.OPEN and may_settle_promise(person, promise)
    may_move = may_be_moved(promise, person, now=now)
    is_sore = promise.state is PromiseState.BROKEN and not promise.request.closed_at and not is_made_good(db.session(), promise.id)
    return page(
        "promises/detail.html",
        status,
        promise=promise,
        line=promise_line(promise, now=now),
        first=first_moment(promise),
        conflict=conflict,
        lost=keep_form.outcome.data if keep_form and not may_keep else move_form.reason.data if move_form and not may_move else None,
        is_sore=is_sore,
        keep_form=_renewed(keep_form or KeepForm(formdata=None), promise) if may_keep else None,
        move_form=_renewed(move_form or MoveForm(formdata=None), promise) if may_move else None,
    )


def _renewed(form: KeepForm | MoveForm, promise: Promise) -> KeepForm | MoveForm:
    """Make a form ready to be sent for the promise as it stands now."""
    form.version.data, form.version.raw_data = promise.version, None
    return form


def _way_back(shown: Request, task_id: int | None) -> str:
    """Give the page from which the promise was made."""
    return url_for("backoffice.task", task_id=task_id) if task_id else url_for("requests.detail", number=shown.number)


def _refuse_closed(number: str) -> Response:
    flash(_("This request is closed. Nothing was promised."), "warning")
    return redirect(url_for("requests.detail", number=number), 303)
