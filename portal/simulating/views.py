"""Replaying past requests with a draft: ask for it, see how far it is, read what it shows, and stop it."""

from typing import Final

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for

from portal.composing.views.versions import read_kind
from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import ConflictError, IllegalTransitionError
from portal.people.session import current_actor, current_person
from portal.simulating import actions
from portal.simulating.forms import PeriodForm, last_year
from portal.simulating.pages import changes_page, drafted, overview_page, progress_of, result_page
from portal.simulating.queries import get_simulation
from portal.simulating.workflow import SimulationState
from portal.web.answers import Answer, page
from portal.web.application import this_app
from portal.web.forms import BaseForm
from portal.web.htmx import wants_fragment
from portal.web.words import _

blueprint: Final = Blueprint("replay", __name__, url_prefix="/manage/catalog/<kind>/<code>/replays")


@blueprint.get("")
def overview(kind: str, code: str) -> Answer:
    """Ask for a period, and show what was replayed before."""
    return _show(kind, code, last_year(utc_now().astimezone(this_app().settings.tz).date()))


@blueprint.post("")
def start(kind: str, code: str) -> Answer:
    """Begin to replay the requests of a period with the draft as it is now."""
    form = PeriodForm()
    draft, published = drafted(db.session(), read_kind(kind), code)
    if not form.validate() or draft is None or published is None:
        return _show(kind, code, form, 422)
    period = form.period(this_app().settings.tz)
    try:
        simulation = actions.ask_simulation(
            session=db.session(), draft=draft, published=published, period=period, by=current_actor(), at=utc_now()
        )
    except ConflictError:
        return _show(kind, code, form, 409)
    return redirect(url_for("replay.detail", kind=kind, code=code, simulation_id=simulation.id), 303)


@blueprint.get("/<int:simulation_id>")
def detail(kind: str, code: str, simulation_id: int) -> Answer:
    """Show how far a simulation is, or what it shows."""
    simulation = get_simulation(db.session(), read_kind(kind), code, simulation_id)
    is_running = simulation.state is SimulationState.RUNNING
    progress = progress_of(simulation)
    if wants_fragment("progress"):
        answer = make_response(render_template("replay/_progress.html", progress=progress, stop=BaseForm(formdata=None)))
        answer.headers.update({} if is_running else {"HX-Refresh": "true"})
        return answer
    shown = result_page(db.session(), simulation)
    return page("replay/detail.html", shown=shown, progress=progress, stop=BaseForm(formdata=None))


@blueprint.get("/<int:simulation_id>/requests")
def changes(kind: str, code: str, simulation_id: int) -> Answer:
    """List the requests that would have got other tasks."""
    simulation = get_simulation(db.session(), read_kind(kind), code, simulation_id)
    shown = changes_page(db.session(), simulation, by=current_person(), after=request.args.get("after"))
    return page("replay/changes.html", shown=shown)


@blueprint.post("/<int:simulation_id>/cancellation")
def cancel(kind: str, code: str, simulation_id: int) -> Answer:
    """Stop a simulation that is still running."""
    simulation = get_simulation(db.session(), read_kind(kind), code, simulation_id, for_change=True)
    try:
        actions.cancel_simulation(simulation=simulation, at=utc_now())
    except IllegalTransitionError:
        flash(_("It was ready just before you stopped it."), "info")
    else:
        flash(_("Stopped. You can replay the requests again whenever you like."))
    return redirect(url_for("replay.detail", kind=kind, code=code, simulation_id=simulation_id), 303)


def _show(kind: str, code: str, form: PeriodForm, status: int = 200) -> Answer:
    shown = overview_page(db.session(), read_kind(kind), code)
    return page("replay/overview.html", status, shown=shown, form=form)
