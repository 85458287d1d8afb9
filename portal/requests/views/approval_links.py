"""Approving by the link of a mail: for who has it, without signing in, and used up when nothing is left to answer."""

from typing import Final

from flask import redirect, request, url_for

from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.journal import Actor
from portal.core.references import hash_code
from portal.people.models import Person
from portal.people.queries import find_person
from portal.requests.approvals.models import ApprovalLink
from portal.requests.approvals.policy import has_part_in
from portal.requests.approvals.queries import find_link_of, has_waiting, list_principals
from portal.requests.models import Request
from portal.requests.queries import find_request
from portal.requests.views.approvals import blueprint, decide_step, show, today
from portal.web.answers import Answer, page

__all__ = ["blueprint"]

MOST_TOKEN: Final = 64


@blueprint.get("/approvals/link/<token>")
def by_link(token: str) -> Answer:
    """Show what there is to decide to who came by a link; looking at it decides nothing."""
    link = _find_link(token)
    person = find_person(db.session(), link.person_id) if link else None
    shown = find_request(db.session(), link.request_id) if link else None
    if link is None or person is None or shown is None or not _is_good(link):
        return _closed(link)
    if not _is_theirs(person, shown):
        return _closed(link, is_theirs=False)
    return show(shown, person, token=token)


@blueprint.post("/approvals/link/<token>/<int:step_id>/decision")
def decide_by_link(token: str, step_id: int) -> Answer:
    """Approve or refuse one line; the link is used up with the last one."""
    link = _find_link(token)
    person = find_person(db.session(), link.person_id) if link else None
    shown = find_request(db.session(), link.request_id, for_change=True) if link else None
    if link is None or person is None or shown is None or not _is_good(link):
        return _closed(link)
    if not _is_theirs(person, shown):
        return _closed(link, is_theirs=False)
    answer = decide_step(shown, step_id, person, by=Actor(person_id=person.id, origin=request.remote_addr), token=token)
    if answer is None:
        _use_up(link)
    return answer or redirect(url_for("approvals.by_link", token=token), 303)


def _find_link(token: str) -> ApprovalLink | None:
    return find_link_of(db.session(), token_hash=hash_code(token[:MOST_TOKEN]))


def _is_good(link: ApprovalLink) -> bool:
    return link.used_at is None and link.expires_at > utc_now()


def _is_theirs(person: Person, shown: Request) -> bool:
    """Tell whether a request is still up to who has a link: they may have stood in for a while, or somebody else took their place."""
    principals = list_principals(db.session(), person_id=person.id, today=today())
    return has_part_in(person, shown, principals=principals)


def _use_up(link: ApprovalLink) -> None:
    if not has_waiting(db.session(), person_id=link.person_id, request_id=link.request_id, today=today()):
        link.used_at = utc_now()


def _closed(link: ApprovalLink | None, *, is_theirs: bool = True) -> Answer:
    """Say kindly why a link does not work."""
    return page("errors/link_closed.html", 410 if link else 404, link=link, is_theirs=is_theirs)
