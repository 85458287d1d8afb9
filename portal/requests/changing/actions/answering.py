"""Changing answers of a request that runs: those that decide nothing in its plan, until the lines that ask them cannot change."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.catalog.bundle import all_questions
from portal.catalog.conditions import asked_codes
from portal.catalog.definition import BlockDefinition, ProductDefinition, Question, QuestionKind
from portal.catalog.memory import definition_of
from portal.catalog.queries import block_definitions
from portal.core.errors import ConflictError, ForbiddenError
from portal.core.journal import Actor, record
from portal.core.texts import LocalText
from portal.people.models import Person
from portal.requests.actions.replanning import event_on
from portal.requests.changing.actions.changing import load_windows
from portal.requests.events import LineChanged
from portal.requests.models import Request, Task
from portal.requests.ordering.answers import show_answer
from portal.requests.ordering.content import describe_answer
from portal.requests.policy import may_cancel_request

_OPEN: Final = "…"


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


def change_answers(
    *,
    session: Session,
    request: Request,
    task: Task,
    answers: Mapping[str, Any],
    places: Mapping[str, LocalText],
    person: Person,
    by: Actor,
    at: datetime,
    zone: ZoneInfo,
    version: int,
) -> None:
    """Give other answers to the questions of a line; `answers` holds all of them that are still given, by code.

    Every line that asks one of them hears it. The plan stays as it is.

    :raises ForbiddenError: the person may not change this request.
    :raises ConflictError: it changed since it was shown, or is past its point of no return.
    """
    if not may_cancel_request(person, request):
        raise ForbiddenError
    if version != request.version:
        raise ConflictError("stale_version")
    changeable = load_changeable(session=session, request=request, at=at, zone=zone)
    if not changeable.get(task.id):
        raise ConflictError("past_no_return")
    before = {one["code"]: one for one in request.answers}
    changed = [one for one in changeable[task.id] if before.get(one.code, {}).get("value") != answers.get(one.code)]
    if not changed:
        return
    request.answers = _with_answers(request, changed, answers, places)
    request.version += 1
    codes = {one.code for one in changed}
    for other in request.tasks:
        if codes & {one.code for one in changeable.get(other.id, ())}:
            other.version += 1
            event = event_on(kind=LineChanged, task=other, handler_id=other.handler_id or 0, text=_told(changed, before, answers, places))
            record(session, event, stream=request.stream, by=by, at=at)


def _with_answers(
    request: Request, changed: Sequence[Question], answers: Mapping[str, Any], places: Mapping[str, LocalText]
) -> list[dict[str, Any]]:
    """Put the new answers in the place of the old; one that was left open until now comes last."""
    new = {
        one.code: describe_answer(one, answers[one.code], shown=show_answer(one, answers[one.code], locations=places))
        for one in changed
        if one.code in answers
    }
    gone = {one.code for one in changed} - set(new)
    kept = [new.pop(one["code"], one) for one in request.answers if one["code"] not in gone]
    return [*kept, *new.values()]


def _told(changed: Sequence[Question], before: Mapping[str, Any], answers: Mapping[str, Any], places: Mapping[str, LocalText]) -> str:
    """Write down what was changed, in the language of the organisation: a person of the department reads it."""
    lines = []
    for one in changed:
        old = before[one.code]["shown"]["nl"] if one.code in before else _OPEN
        new = show_answer(one, answers[one.code], locations=places).nl if one.code in answers else _OPEN
        lines.append(f"{one.label.nl} {old} → {new}")
    return "\n".join(lines)


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
