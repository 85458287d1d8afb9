"""Keeping the search: synonyms, trying it out, and what was searched without finding much."""

from datetime import timedelta
from typing import Final

from flask import Blueprint, flash, redirect, request, url_for

from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import ConflictError, InvalidInputError
from portal.people.session import current_actor
from portal.search.labels import SHORTFALLS
from portal.search.learning.actions import Written
from portal.search.learning.actions import remove_group as remove
from portal.search.learning.actions import save_group as save
from portal.search.learning.forms import SynonymForm
from portal.search.learning.pages import try_out
from portal.search.learning.queries import SynonymGroup, count_missed, get_group, list_groups, page_of_missed
from portal.search.models import LONGEST_SEARCH
from portal.search.rules import Shortfall
from portal.web.answers import Answer, page
from portal.web.application import this_app
from portal.web.words import _

blueprint: Final = Blueprint("learning", __name__, url_prefix="/manage/catalog/search")

PERIODS: Final = (7, 30, 90, 180)
USUAL_PERIOD: Final = 30


@blueprint.get("/synonyms")
def synonyms() -> Answer:
    """List the groups of synonyms; with `q` tell what a text finds now, and why."""
    text = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    tried = try_out(db.session(), text) if text else None
    return page("learning/synonyms.html", groups=list_groups(db.session()), text=text, tried=tried)


@blueprint.get("/synonyms/new")
def new_group() -> Answer:
    """Ask for synonyms; `typed` is what somebody searched for."""
    return _show(SynonymForm(data={"typed": request.args.get("typed", "")[:LONGEST_SEARCH]}), None)


@blueprint.post("/synonyms/new")
def create_group() -> Answer:
    """Add synonyms."""
    return _save(None)


@blueprint.get("/synonyms/<int:number>")
def group(number: int) -> Answer:
    """Show a group to be changed."""
    own = get_group(db.session(), number)
    data = {"means": own.means, "typed": "\n".join(own.typed), "decides": own.decides, "seen": own.fingerprint}
    return _show(SynonymForm(data=data), own)


@blueprint.post("/synonyms/<int:number>")
def save_group(number: int) -> Answer:
    """Keep what was changed in a group."""
    return _save(get_group(db.session(), number))


@blueprint.post("/synonyms/<int:number>/removal")
def remove_group(number: int) -> Answer:
    """Take a group away."""
    own = get_group(db.session(), number)
    remove(session=db.session(), group=own, by=current_actor(), at=utc_now())
    flash(_("These synonyms are gone."))
    return redirect(url_for("learning.synonyms"), 303)


@blueprint.get("/missed")
def missed() -> Answer:
    """List what was searched without finding much, the most typed first; `days` and `kind` keep a part of it."""
    days = request.args.get("days", USUAL_PERIOD, type=int)
    days = days if days in PERIODS else USUAL_PERIOD
    kind = next((one for one in Shortfall if one == request.args.get("kind")), None)
    since = utc_now().astimezone(this_app().settings.tz).date() - timedelta(days=days)
    rows = page_of_missed(db.session(), since=since, shortfall=kind, after=request.args.get("after"))
    total = count_missed(db.session(), since=since)
    return page("learning/missed.html", rows=rows, total=total, days=days, kind=kind, periods=PERIODS, shortfalls=SHORTFALLS)


def _save(before: SynonymGroup | None) -> Answer:
    form = SynonymForm()
    if not form.validate():
        return _show(form, before, status=422)
    written = Written(means=form.means.data or "", typed=form.lines(), decides=bool(form.decides.data), seen=form.seen.data)
    try:
        save(session=db.session(), before=before, written=written, by=current_actor(), at=utc_now())
    except InvalidInputError as invalid:
        form.show_faults(invalid.errors)
        return _show(form, before, status=422)
    except ConflictError:
        return _show(form, before, status=409)
    flash(_("The synonyms are saved. The search uses them from now on."))
    return redirect(url_for("learning.synonyms", q=form.lines()[0].strip()), 303)


def _show(form: SynonymForm, own: SynonymGroup | None, *, status: int = 200) -> Answer:
    """Show a group or a new one; after a conflict beside what it is now."""
    now = get_group(db.session(), own.number) if own and status == 409 else None  # noqa: PLR2004  the status of a conflict
    if now is not None:
        form.seen.data = now.fingerprint
    return page("learning/group.html" if own else "learning/new_group.html", status, form=form, group=own, now=now)
