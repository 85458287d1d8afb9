"""Adding a line to a request that runs: it takes its place in the plan, and all that follows from it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from portal.catalog.bundle import all_questions
from portal.core.errors import ConflictError, InvalidInputError, NotFoundError
from portal.core.journal import record
from portal.core.texts import LocalText
from portal.requests.actions.replanning import event_on, follow_through
from portal.requests.changing.actions.change import Change, check_change
from portal.requests.changing.actions.revising import Revision, Stand, list_addable, load_stand, work_out_adding
from portal.requests.changing.actions.rewriting import rewrite_answers
from portal.requests.changing.actions.weaving import ask_for_lines, store_lines
from portal.requests.events import LineAdded


def add_line(*, session: Session, change: Change, block: str, answers: Mapping[str, Any], places: Mapping[str, LocalText]) -> None:
    """Add a line to the plan of a request; `answers` are those to the questions that it asks, by code.

    :raises ForbiddenError: the person may not change this request, or it is closed.
    :raises ConflictError: it changed since it was shown, or it is too late for this line.
    :raises NotFoundError: the product has no such line that can be added.
    :raises InvalidInputError: a question that must be answered is not.
    """
    check_change(change=change)
    stand = load_stand(session=session, request=change.request, at=change.at, zone=change.zone)
    if block not in {line.block for line in list_addable(stand=stand)}:
        raise NotFoundError
    found = work_out_adding(stand=stand, chosen={block}, answers=answers)
    if found.obstacles:
        raise ConflictError("past_no_return")
    if found.missing:
        raise InvalidInputError(dict.fromkeys(found.missing, "required"))
    made = store_lines(session=session, stand=stand, found=found)
    _keep_answers(stand, found, places)
    ask_for_lines(session=session, stand=stand, found=found, made=made)
    *others, cause = [event_on(kind=LineAdded, task=task) for task in made.values()]
    for event in others:
        record(session, event, stream=stand.request.stream, by=change.by, at=change.at)
    follow_through(session=session, request=stand.request, cause=cause, by=change.by, at=change.at, zone=change.zone)


def _keep_answers(stand: Stand, found: Revision, places: Mapping[str, LocalText]) -> None:
    """Write the new answers down with those that were given before."""
    asked = all_questions([stand.blocks[line.block] for line in found.lines])
    given = [one for one in asked if one.code in found.answers]
    rewrite_answers(request=stand.request, asked=given, given=found.answers, places=places)
    stand.request.wished_on = found.wished_on
