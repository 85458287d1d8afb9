"""The front page, the search, and the address at which a proxy asks whether we are well."""

from typing import Final

from flask import Blueprint, request
from werkzeug.wrappers import Response

from portal.backoffice.policy import DEPARTMENT_ROLES
from portal.backoffice.queries import count_due
from portal.backoffice.rules import end_of_day
from portal.catalog.definition import ProductKind
from portal.catalog.queries import list_published_products
from portal.core.clock import utc_now
from portal.core.db import db, separate_transaction
from portal.people.models import Person
from portal.people.session import find_current_person, tokens_of_visitor
from portal.requests.follow_forms import TrackForm
from portal.requests.ordering.queries import list_drafts
from portal.requests.pages import request_rows
from portal.requests.queries import Scope, page_of_requests
from portal.search.actions import note_missed_search
from portal.search.models import LONGEST_SEARCH
from portal.search.pages import search_for, suggest
from portal.search.queries import check_database
from portal.search.rules import Shortfall
from portal.web.answers import Answer, page
from portal.web.application import this_app
from portal.web.htmx import wants_fragment

blueprint: Final = Blueprint("search", __name__)

MOST_RUNNING: Final = 5


@blueprint.get("/")
def home() -> Answer:
    """Show the situations, and to who is signed in their requests, drafts and tasks."""
    person = find_current_person()
    products = list_published_products(db.session(), tokens_of_visitor())
    situations = [product for product in products if product.kind is ProductKind.SITUATION]
    own = _own(person) if person else {}
    return page("search/home.html", situations=situations, form=TrackForm(formdata=None), **{**_NOBODY, **own})


@blueprint.get("/search")
def results() -> Answer:
    """Show what answers what was typed; while somebody types, only the best few."""
    text, person = request.args.get("q", "").strip()[:LONGEST_SEARCH], find_current_person()
    if wants_fragment("suggestions"):
        return page("search/_suggestions.html", suggestions=suggest(db.session(), text, person=person))
    shown = search_for(db.session(), text, person=person)
    if text and shown.shortfall:
        _note_missed(text, shown.shortfall, person)
    return page("search/results.html", searched=text, shown=shown, desk_mail=this_app().settings.desk_mail)


@blueprint.get("/health")
def health() -> Response:
    """Say that the portal can reach its database; otherwise the answer is 503."""
    check_database(db.session())
    return Response("ok\n", mimetype="text/plain")


def _note_missed(text: str, shortfall: Shortfall, person: Person | None) -> None:
    """Count the search in a transaction of its own: this request only reads."""
    on = utc_now().astimezone(this_app().settings.tz).date()
    with separate_transaction() as session:
        department_id = person.department_id if person else None
        note_missed_search(session=session, text=text, shortfall=shortfall, department_id=department_id, on=on)


def _own(person: Person) -> dict[str, object]:
    """Load what the front page shows of the person who is signed in."""
    session, now = db.session(), utc_now()
    running = page_of_requests(session, by=person, scope=Scope.MINE, is_open=True)
    departments = person.departments_with(*DEPARTMENT_ROLES)
    ends_at = end_of_day(now, zone=this_app().settings.tz)
    due = count_due(session, department_ids=departments, now=now, day_ends_at=ends_at) if departments else None
    return {
        "running": request_rows(running.rows[:MOST_RUNNING], now=now, reader=person),
        "has_more": len(running.rows) > MOST_RUNNING,
        "drafts": list_drafts(session, by=person),
        "due": due,
    }


_NOBODY: Final[dict[str, object]] = {"running": [], "has_more": False, "drafts": [], "due": None}
