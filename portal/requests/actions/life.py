"""The life of a task: claimed, started, suspended, resumed, finished or refused. Each step re-plans what is behind it."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.core.journal import Actor, record
from portal.people.models import Person
from portal.planning.queries import find_pause_ladder, load_calendars
from portal.requests.actions.replanning import close_task, event_on, follow_through, learn_from, learn_pause, stop_clock
from portal.requests.events import (
    ChecklistTicked,
    QuestionAnswered,
    QuestionAsked,
    TaskClaimed,
    TaskFinished,
    TaskGivenBack,
    TaskRefused,
    TaskResumed,
    TaskStarted,
    TaskSuspended,
)
from portal.requests.models import Task
from portal.requests.planner import due_at
from portal.requests.policy import may_answer_question, may_claim_task, may_handle_task
from portal.requests.promises.reckoning import look_again_at
from portal.requests.workflow import CLOSED, SuspendReason, TaskState, TaskStep, check

MAX_TEXT: Final = 2000


def claim_task(*, session: Session, task: Task, person: Person, by: Actor, at: datetime) -> None:
    """Take a task; of two people at once one gets it.

    :raises ConflictError: somebody else has it.
    :raises ForbiddenError: it is not a task of this person's departments.
    """
    if task.handler_id not in {None, person.id}:
        raise ConflictError("already_claimed")
    if not (may_claim_task(person, task) or task.handler_id == person.id):
        raise ForbiddenError
    if task.handler_id == person.id:
        return
    claim = update(Task).where(Task.id == task.id, Task.handler_id.is_(None)).values(handler_id=person.id, version=Task.version + 1)
    if not session.execute(claim.execution_options(synchronize_session=False)).rowcount:  # type: ignore[attr-defined]  # a CursorResult
        raise ConflictError("already_claimed")
    set_committed_value(task, "handler_id", person.id)
    set_committed_value(task, "handler", person)
    set_committed_value(task, "version", task.version + 1)
    task.request.note_response(at=at)
    record(session, event_on(kind=TaskClaimed, task=task), stream=task.request.stream, by=by, at=at)


def release_task(*, session: Session, task: Task, person: Person, by: Actor, at: datetime, version: int | None = None) -> None:
    """Put a task back in the queue of the department.

    :raises ConflictError: it changed in the meantime, or is closed.
    :raises ForbiddenError: it is somebody else's.
    """
    _check_may(task, person, version)
    if task.state in CLOSED or task.handler_id is None:
        raise ConflictError("stale_version")
    task.handler_id = None
    task.version += 1
    record(session, event_on(kind=TaskGivenBack, task=task), stream=task.request.stream, by=by, at=at)


def start_task(
    *, session: Session, task: Task, person: Person, by: Actor, at: datetime, zone: ZoneInfo, version: int | None = None
) -> None:
    """Begin; who begins takes the task.

    :raises ConflictError: the state does not allow it, or it changed in the meantime.
    :raises ForbiddenError: the person may not work on it.
    """
    _check_may(task, person, version)
    task.state = check(task.state, TaskStep.START)
    task.started_at = at
    _take(task, person)
    follow_through(session=session, request=task.request, cause=event_on(kind=TaskStarted, task=task), by=by, at=at, zone=zone)


def suspend_task(
    *,
    session: Session,
    task: Task,
    person: Person,
    by: Actor,
    at: datetime,
    zone: ZoneInfo,
    reason: SuspendReason,
    note: str,
    version: int | None = None,
) -> None:
    """Stop the clock; with reason `customer` the note is a question to the customer.

    :raises InvalidInputError: the note is missing or too long.
    :raises ConflictError: the state does not allow it, or it changed in the meantime.
    :raises ForbiddenError: the person may not work on it.
    """
    text = _checked("note", note)
    _check_may(task, person, version)
    state = check(task.state, TaskStep.SUSPEND)
    calendars = load_calendars(session, zone)
    stop_clock(task=task, calendars=calendars, at=at)
    task.state, task.suspended_at, task.suspend_reason, task.note = state, at, reason, text
    if reason is SuspendReason.CUSTOMER:
        task.remind_at = look_again_at(asked_at=at, calendar=calendars[task.department_id], at=at)
    task.pause_ladder = find_pause_ladder(session, department_id=task.department_id, reason=reason)
    _take(task, person)
    cause = (
        event_on(kind=QuestionAsked, task=task, text=text)
        if reason is SuspendReason.CUSTOMER
        else event_on(kind=TaskSuspended, task=task, text=text, reason=reason.value)
    )
    follow_through(session=session, request=task.request, cause=cause, by=by, at=at, zone=zone, calendars=calendars)


def resume_task(
    *, session: Session, task: Task, person: Person, by: Actor, at: datetime, zone: ZoneInfo, version: int | None = None
) -> None:
    """Let the clock run again.

    :raises ConflictError: the state does not allow it, or it changed in the meantime.
    :raises ForbiddenError: the person may not work on it.
    """
    _check_may(task, person, version)
    _resume(session, task, at=at, zone=zone)
    follow_through(session=session, request=task.request, cause=event_on(kind=TaskResumed, task=task), by=by, at=at, zone=zone)


def answer_question(*, session: Session, task: Task, person: Person, by: Actor, at: datetime, zone: ZoneInfo, text: str) -> None:
    """Give the customer's answer to the open question; the clock runs again by itself.

    :raises InvalidInputError: the answer is missing or too long.
    :raises ConflictError: there is no open question any more.
    :raises ForbiddenError: the person is not the customer.
    """
    answer = _checked("text", text)
    if task.state is not TaskState.SUSPENDED or task.suspend_reason is not SuspendReason.CUSTOMER:
        raise ConflictError("already_answered")
    if not may_answer_question(person, task):
        raise ForbiddenError
    _resume(session, task, at=at, zone=zone)
    cause = event_on(kind=QuestionAnswered, task=task, text=answer)
    follow_through(session=session, request=task.request, cause=cause, by=by, at=at, zone=zone)


def finish_task(
    *,
    session: Session,
    task: Task,
    person: Person,
    by: Actor,
    at: datetime,
    zone: ZoneInfo,
    result: str,
    version: int | None = None,
) -> None:
    """Finish a task with its result (may be empty); what waits for it can begin.

    :raises InvalidInputError: the result is too long, or points of the checklist are open.
    :raises ConflictError: the state does not allow it, or it changed in the meantime.
    :raises ForbiddenError: the person may not work on it.
    """
    text = _checked("result", result, may_be_empty=True)
    _check_may(task, person, version)
    check(task.state, TaskStep.FINISH)
    if any(not point["is_done"] for point in task.checklist):
        raise InvalidInputError({"checklist": "open_points"})
    calendars = load_calendars(session, zone)
    stop_clock(task=task, calendars=calendars, at=at)
    task.started_at = task.started_at or task.ready_at
    close_task(task=task, step=TaskStep.FINISH, at=at)
    task.note = text
    _take(task, person)
    # Mending says nothing about how long the work takes.
    if not task.request.reopened_count:
        learn_from(session=session, task=task, calendars=calendars, at=at)
    cause = event_on(kind=TaskFinished, task=task, text=text)
    follow_through(session=session, request=task.request, cause=cause, by=by, at=at, zone=zone, calendars=calendars)


def refuse_task(
    *,
    session: Session,
    task: Task,
    person: Person,
    by: Actor,
    at: datetime,
    zone: ZoneInfo,
    reason: str,
    version: int | None = None,
) -> None:
    """Refuse a task; what needs its result is cancelled, the rest goes on.

    :raises InvalidInputError: the reason is missing or too long.
    :raises ConflictError: the state does not allow it, or it changed in the meantime.
    :raises ForbiddenError: the person may not work on it.
    """
    text = _checked("reason", reason)
    _check_may(task, person, version)
    close_task(task=task, step=TaskStep.REFUSE, at=at)
    task.note = text
    _take(task, person)
    follow_through(session=session, request=task.request, cause=event_on(kind=TaskRefused, task=task, text=text), by=by, at=at, zone=zone)


def tick_checklist(
    *, session: Session, task: Task, person: Person, by: Actor, at: datetime, done: Collection[int], version: int | None = None
) -> None:
    """Keep which points of the checklist are done (their places, from 0).

    :raises ConflictError: the task is closed or changed in the meantime.
    :raises ForbiddenError: the person may not work on it.
    """
    _check_may(task, person, version)
    if task.state in CLOSED:
        raise ConflictError("stale_version")
    points = [{**point, "is_done": place in done} for place, point in enumerate(task.checklist)]
    if points == task.checklist:
        return
    task.checklist = points
    task.version += 1
    event = event_on(kind=ChecklistTicked, task=task, done=sum(point["is_done"] for point in points), points=len(points))
    record(session, event, stream=task.request.stream, by=by, at=at)


def _resume(session: Session, task: Task, *, at: datetime, zone: ZoneInfo) -> None:
    """Start the clock again; the due moment moves by what is left of the norm."""
    task.state = check(task.state, TaskStep.RESUME)
    calendar = load_calendars(session, zone)[task.department_id]
    task.due_at = due_at(calendar=calendar, since=at, norm_minutes=task.allowed_minutes, worked_minutes=task.worked_minutes)
    learn_pause(session=session, task=task, calendar=calendar, at=at)
    task.running_since, task.suspended_at, task.suspend_reason, task.remind_at = at, None, None, None
    task.started_at = task.started_at or at
    task.note = ""
    task.version += 1


def _take(task: Task, person: Person) -> None:
    if task.handler_id is None:
        task.handler_id = person.id
        set_committed_value(task, "handler", person)
    task.version += 1


def _check_may(task: Task, person: Person, version: int | None) -> None:
    if not may_handle_task(person, task):
        raise ForbiddenError
    if version is not None and version != task.version:
        raise ConflictError("stale_version")


def _checked(field: str, text: str, *, may_be_empty: bool = False) -> str:
    text = text.strip()
    if not text and not may_be_empty:
        raise InvalidInputError({field: "required"})
    if len(text) > MAX_TEXT:
        raise InvalidInputError({field: "too_long"})
    return text
