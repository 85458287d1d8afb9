"""Changing answers of a request that runs: those that decide nothing in its plan, until the lines that ask them cannot change."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.catalog.bundle import all_questions
from portal.catalog.conditions import asked_codes
from portal.catalog.definition import BlockDefinition, ProductDefinition, Question, QuestionKind
from portal.catalog.memory import definition_of
from portal.catalog.queries import block_definitions
from portal.core.errors import ConflictError
from portal.core.journal import record
from portal.core.texts import LocalText
from portal.requests.changing.actions.change import Change, check_change
from portal.requests.changing.actions.leaving import load_windows, told_to_handler
from portal.requests.changing.actions.rewriting import changes_told, list_changed, rewrite_answers
from portal.requests.events import LineChanged
from portal.requests.models import Request, Task


def load_changeable(*, session: Session, request: Request, at: datetime, zone: ZoneInfo) -> Mapping[int, Sequence[Question]]:
    """Give per task (id) the questions whose answers the customer can still change.

    Not a file, not what a condition or the wished day hangs on, and not what another line asks that cannot change any more.
    """
    terms = block_definitions(session, {task.block_version_id for task in request.tasks})
    windows = load_windows(session=session, request=request, at=at, zone=zone)
    fixed = {question.code for task in request.tasks if not windows[task.id].is_open for question in terms[task.block_version_id].questions}
    fixed |= set(_deciding(definition_of(request.product_version), terms.values()))
    return {
        task.id: [one for one in terms[task.block_version_id].questions if one.code not in fixed and _is_plain(one)]
        for task in request.tasks
        if windows[task.id].is_open
    }


def change_answers(*, session: Session, change: Change, task: Task, answers: Mapping[str, Any], places: Mapping[str, LocalText]) -> None:
    """Give other answers to the questions of a line; `answers` holds all of them that are still given, by code.

    Every line that asks one of them hears it. The plan stays as it is.

    :raises ForbiddenError: the person may not change this request.
    :raises ConflictError: it changed since it was shown, or is past its point of no return.
    """
    check_change(change=change)
    request = change.request
    changeable = load_changeable(session=session, request=request, at=change.at, zone=change.zone)
    if not changeable.get(task.id):
        raise ConflictError("past_no_return")
    changed = list_changed(request=request, asked=changeable[task.id], given=answers)
    if not changed:
        return
    told = changes_told(request=request, changed=changed, given=answers, places=places)
    rewrite_answers(request=request, asked=changed, given=answers, places=places)
    request.version += 1
    codes = {one.code for one in changed}
    for other in request.tasks:
        if codes & {one.code for one in changeable.get(other.id, ())}:
            other.version += 1
            event = replace(told_to_handler(kind=LineChanged, task=other), text=told)
            record(session, event, stream=request.stream, by=change.by, at=change.at)


def _deciding(definition: ProductDefinition, blocks: Collection[BlockDefinition]) -> Iterator[str]:
    """Name the questions on which a line, another question, an approval or a date hangs."""
    outcomes = definition.tree.outcomes if definition.tree else ()
    for line in (*definition.lines, *(line for outcome in outcomes for line in outcome.lines)):
        yield from asked_codes(line.when)
    for question in all_questions(list(blocks)):
        yield from asked_codes(question.when)
    for rule in (definition.approval, *(block.approval for block in blocks)):
        if rule is not None:
            yield from asked_codes(rule.when)
            yield from (one.question for one in rule.approvers if one.question is not None)
    if definition.wished_date is not None:
        yield definition.wished_date


def _is_plain(question: Question) -> bool:
    return question.kind is not QuestionKind.FILE and question.when is None and question.known is None
