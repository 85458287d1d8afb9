"""Asking for a running request on another day: what that does to the dates, and doing it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.catalog.agreement import Anchor, NoReturnMoment
from portal.catalog.bundle import all_questions
from portal.catalog.conditions import asked_codes
from portal.catalog.definition import Question
from portal.core.errors import ConflictError, InvalidInputError
from portal.core.journal import Actor, record
from portal.planning.plan import Step
from portal.requests.actions.replanning import Supposed, dates_of, event_on, follow_through, hold_back, stored_step
from portal.requests.changing.actions.change import Change, check_change
from portal.requests.changing.actions.leaving import told_to_handler
from portal.requests.changing.actions.revising import Stand, load_stand
from portal.requests.changing.actions.rewriting import changes_told, rewrite_answers
from portal.requests.changing.no_return import Window
from portal.requests.events import LineChanged, WishMoved
from portal.requests.models import Task
from portal.requests.planner import PlanDates, earliest_begin
from portal.requests.workflow import CLOSED, TaskState


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """A part that keeps the wished day where it is, and why."""

    task: Task
    window: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What another wished day does: the dates, and from when the tasks (ids) may begin that count back from it."""

    wished_on: date
    dates: PlanDates
    begins: Mapping[int, datetime | None] = field(default_factory=dict)


def find_wish_question(*, stand: Stand) -> Question | None:
    """Find the question that asks for the wished day, when it was answered and decides nothing but the dates."""
    code = stand.definition.wished_date
    conditions = [line.when for line in stand.there] + [stand.definition.approval.when if stand.definition.approval else None]
    conditions += [question.when for block in stand.blocks.values() for question in block.questions]
    conditions += [block.approval.when for block in stand.blocks.values() if block.approval is not None]
    if code is None or stand.request.wished_on is None or any(code in asked_codes(when) for when in conditions):
        return None
    return next((one for one in all_questions(list(stand.blocks.values())) if one.code == code), None)


def list_fixed(*, stand: Stand) -> list[Fixed]:
    """List the parts that keep the wished day where it is: those that hang on it and cannot change any more."""
    anchored = {line.block for line in stand.there if line.starts is not None and line.starts.anchor is Anchor.WISHED_DATE}
    found = []
    for block, standing in stand.standing.items():
        made = stand.blocks[block]
        asks = any(question.code == stand.definition.wished_date for question in made.questions)
        counts = made.no_return is not None and made.no_return.moment is NoReturnMoment.BEFORE_WISHED_DATE
        if (asks or counts or block in anchored) and not standing.is_gone and not standing.window.is_open:
            found.append(Fixed(task=stand.tasks[block], window=standing.window))
    return found


def work_out_move(*, stand: Stand, wished_on: date) -> Move:
    """Work out what another wished day does, without doing it."""
    begins = dict(_begins(stand, wished_on))
    changed = {task.id: _waiting(stand, task, begins[task.id]) for task in stand.request.tasks if task.id in begins}
    dates = dates_of(request=stand.request, calendars=stand.calendars, at=stand.at, supposed=Supposed(changed=changed))
    return Move(wished_on=wished_on, dates=dates, begins=begins)


def move_wished_date(*, session: Session, change: Change, wished_on: date) -> None:
    """Ask for a request on another day: its tasks get other latest starts, and begin earlier or later where that hangs on it.

    :raises ForbiddenError: the person may not change this request, or it is closed.
    :raises InvalidInputError: the day has passed.
    :raises ConflictError: it changed since it was shown, or a part keeps the day where it is.
    """
    check_change(change=change)
    if wished_on < change.at.astimezone(change.zone).date():
        raise InvalidInputError({"wished_on": "unknown_value"})
    stand = load_stand(session=session, request=change.request, at=change.at, zone=change.zone)
    question = find_wish_question(stand=stand)
    if question is None or list_fixed(stand=stand):
        raise ConflictError("past_no_return")
    if wished_on != stand.request.wished_on:
        _move(session, stand, question, work_out_move(stand=stand, wished_on=wished_on), by=change.by)


def _move(session: Session, stand: Stand, question: Question, move: Move, *, by: Actor) -> None:
    request, at = stand.request, stand.at
    given = {question.code: move.wished_on.isoformat()}
    told = changes_told(request=request, changed=[question], given=given, places={})
    rewrite_answers(request=request, asked=[question], given=given, places={})
    request.wished_on = move.wished_on
    still_open = [task for task in request.tasks if task.state not in CLOSED]
    for task in still_open:
        if task.handler_id is not None:
            record(session, replace(told_to_handler(kind=LineChanged, task=task), text=told), stream=request.stream, by=by, at=at)
        if task.id in move.begins:
            task.not_before = move.begins[task.id]
            if task.state is TaskState.READY and _is_later(move.begins[task.id], at):
                hold_back(session=session, request=request, task=task, at=at)
    cause = event_on(kind=WishMoved, task=still_open[0], text=told)
    follow_through(session=session, request=request, cause=cause, by=by, at=at, zone=stand.zone)


def _begins(stand: Stand, wished_on: date) -> Iterator[tuple[int, datetime | None]]:
    """Give from when the tasks may begin that count back from the wished day and have not begun."""
    for line in stand.there:
        task = stand.tasks[line.block]
        is_counted = line.starts is not None and line.starts.anchor is Anchor.WISHED_DATE
        if is_counted and task.state in {TaskState.WAITING, TaskState.READY}:
            calendar = stand.calendars[task.department_id]
            yield (
                task.id,
                earliest_begin(starts=line.starts, calendar=calendar, submitted_at=stand.request.submitted_at, wished_on=wished_on),
            )


def _waiting(stand: Stand, task: Task, begins: datetime | None) -> Step:
    """Describe a task as the plan sees it with another moment from which it may begin."""
    step = replace(stored_step(task=task, calendars=stand.calendars), not_before=begins)
    return replace(step, started_at=None, resumed_at=None) if _is_later(begins, stand.at) else step


def _is_later(begins: datetime | None, at: datetime) -> bool:
    return begins is not None and begins > at
