"""The simulator: a catalogue manager plays any route of a product and sees the plan, without ordering anything."""

from typing import Final

from flask import Blueprint, request

from portal.core.clock import utc_now
from portal.core.db import db
from portal.requests.simulation.pages import simulate
from portal.web.answers import Answer, page
from portal.web.application import this_app

blueprint: Final = Blueprint("simulation", __name__)


@blueprint.get("/manage/catalog/products/<code>/simulation")
def play(code: str) -> Answer:
    """Show the bundle, the plan and the dates of the route that stands in the address."""
    shown = simulate(db.session(), code, request.args, now=utc_now(), zone=this_app().settings.tz)
    return page("simulation/play.html", shown=shown)
