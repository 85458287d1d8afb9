"""Making, keeping, moving and breaking promises; and the next moment of a request, which follows from them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.core.journal import SYSTEM, Actor, record
from portal.people.models import Person
from portal.planning.queries import Calendars, load_calendars
from portal.planning.worktime import Calendar, is_open, next_working_moment
from portal.requests.events import QuestionReminded
from portal.requests.models import Request, Task
from portal.requests.promises.events import (
    PromiseBroken,
    PromiseCancelled,
    PromiseComesDue,
    PromiseEvent,
    PromiseKept,
    PromiseMade,
    PromiseMoved,
)
from portal.requests.promises.models import Promise
from portal.requests.promises.policy import may_make_promise, may_settle_promise
from portal.requests.promises.queries import (
    get_locked_promise,
    is_made_good,
    list_open_promises,
    list_passed_questions,
    list_questions_to_remind,
    list_to_break,
    list_to_remind,
)
from portal.requests.promises.reckoning import MOST_REMINDERS, RequestFacts, look_again_at, next_moment, reminder_number
from portal.requests.promises.workflow import Channel, PromiseState, PromiseStep, check, keeping_step, may_still_move
from portal.requests.queries import get_request_for_change
from portal.requests.workflow import CLOSED_REQUESTS, SuspendReason, TaskState

MAX_WORDS: Final = 300
FARTHEST: Final = timedelta(days=366)
BATCH: Final = 200  # promises looked at in one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseWish:
    """What is promised: `what` in one sentence, on a channel, at an exact moment; without a keeper by the whole department."""

    what: str
    channel: Channel
    due_at: datetime
    department_id: int
    keeper: Person | None = None
    task_id: int | None = None
    follows: Promise | None = None


def make_promise(
    *, session: Session, request: Request, wish: PromiseWish, person: Person, by: Actor, at: datetime, zone: ZoneInfo
) -> Promise:
    """Promise the requester something. Load the request with its tasks, `for_change`.

    :raises InvalidInputError: the sentence is missing or too long, or the moment is not in the coming year.
    :raises ConflictError: the broken promise was made good already.
    :raises ForbiddenError: the person may not promise anything about this request.
    """
    what = _checked("what", wish.what)
    _check_moment(wish.due_at, at=at)
    if not may_make_promise(person, request, [task.department_id for task in request.tasks]):
        raise ForbiddenError
    _check_follows(session, request, wish.follows)
    promise = Promise(
        request=request,
        task_id=wish.task_id,
        department_id=wish.department_id,
        keeper_id=wish.keeper.id if wish.keeper else None,
        made_by_id=person.id,
        follows_id=wish.follows.id if wish.follows else None,
        what=what,
        channel=wish.channel,
        made_at=at,
        first_due_at=wish.due_at,
        due_at=wish.due_at,
        due_month=_month_of(wish.due_at, zone),
    )
    session.add(promise)
    request.has_promises = True
    request.note_response(at=at)
    session.flush()
    _tell(session, promise, PromiseMade(**_facts(promise), text=what), by=by, at=at)
    remake_next_moment(session=session, request=request, calendars=load_calendars(session, zone), at=at)
    return promise


def keep_promise(
    *,
    session: Session,
    promise: Promise,
    person: Person,
    by: Actor,
    at: datetime,
    zone: ZoneInfo,
    outcome: str,
    version: int | None = None,
) -> None:
    """Tick a promise with what came of it; long before its moment it is kept early.

    :raises InvalidInputError: the outcome is missing or too long.
    :raises ConflictError: it is settled already, or changed in the meantime.
    :raises ForbiddenError: it is not this person's to keep.
    """
    text = _checked("outcome", outcome)
    _check_may(promise, person, version)
    step = keeping_step(due_at=promise.due_at, at=at)
    _settle(promise, step, at=at)
    promise.outcome = text
    promise.request.note_response(at=at)
    event = PromiseKept(**_facts(promise), text=text, is_early=step is PromiseStep.KEEP_EARLY)
    _tell(session, promise, event, by=by, at=at)
    remake_next_moment(session=session, request=promise.request, calendars=load_calendars(session, zone), at=at)


def move_promise(
    *,
    session: Session,
    promise: Promise,
    person: Person,
    by: Actor,
    at: datetime,
    zone: ZoneInfo,
    due_at: datetime,
    reason: str,
    version: int | None = None,
) -> None:
    """Give a promise another moment, before its moment has come; the first one stays known.

    :raises InvalidInputError: the reason is missing or too long, or the moment is the same or not in the coming year.
    :raises ConflictError: its moment has come, it is settled, or it changed in the meantime.
    :raises ForbiddenError: it is not this person's to move.
    """
    text = _checked("reason", reason)
    _check_may(promise, person, version)
    check(promise.state, PromiseStep.MOVE)
    if not may_still_move(due_at=promise.due_at, at=at):
        raise ConflictError("promise_came")
    _check_moment(due_at, at=at)
    if due_at == promise.due_at:
        raise InvalidInputError({"due_at": "same"})
    old = promise.due_at
    promise.due_at, promise.due_month = due_at, _month_of(due_at, zone)
    promise.moves += 1
    promise.version += 1
    promise.reminded_at = None
    promise.request.note_response(at=at)
    _tell(session, promise, PromiseMoved(**_facts(promise), text=text, old_due_at=old.isoformat()), by=by, at=at)
    remake_next_moment(session=session, request=promise.request, calendars=load_calendars(session, zone), at=at)


def cancel_open_promises(*, session: Session, request: Request, by: Actor, at: datetime) -> None:
    """Let go of what was promised about a request that closes."""
    for promise in list_open_promises(session, request.id) if request.has_promises else ():
        _settle(promise, PromiseStep.CANCEL, at=at)
        record(session, PromiseCancelled(**_facts(promise)), stream=request.stream, by=by, at=at)
    request.next_moment_at = request.next_kind = None


def remake_next_moment(*, session: Session, request: Request, calendars: Calendars, at: datetime) -> None:
    """Work out again what comes next for a request. Load it with its tasks, `for_change`."""
    promises = list_open_promises(session, request.id) if request.has_promises else ()
    facts = RequestFacts(
        is_open=request.state not in CLOSED_REQUESTS,
        expected_at=request.expected_at,
        look_again_at=[
            look_again_at(asked_at=asked_at, calendar=calendars[task.department_id], at=at) for task, asked_at in _asked(request)
        ],
    )
    found = next_moment(facts, [promise.due_at for promise in promises], at=at)
    request.next_moment_at = found.at if found else None
    request.next_kind = found.kind if found else None


def remind_keepers(*, session: Session, at: datetime) -> int:
    """Tell the keepers of the promises that come due, each once; returns how many."""
    due = list_to_remind(session, at=at, most=BATCH)
    for request_id, promise_id in due:
        request = get_request_for_change(session, request_id)
        promise = get_locked_promise(session, promise_id)
        if promise.state is PromiseState.OPEN and promise.reminded_at is None:
            promise.reminded_at = at
            record(session, PromiseComesDue(**_facts(promise), text=promise.what), stream=request.stream, by=SYSTEM, at=at)
    return len(due)


def break_passed(*, session: Session, at: datetime, zone: ZoneInfo) -> int:
    """Mark as broken the promises whose moment passed without a tick; returns how many."""
    calendars = load_calendars(session, zone)
    passed = list_to_break(session, at=at, most=BATCH)
    for request_id, promise_id in passed:
        request = get_request_for_change(session, request_id)
        promise = get_locked_promise(session, promise_id)
        # Somebody may have ticked it while we waited for the lock.
        if promise.state is PromiseState.OPEN:
            _settle(promise, PromiseStep.BREAK, at=at)
            record(session, PromiseBroken(**_facts(promise), text=promise.what), stream=request.stream, by=SYSTEM, at=at)
            remake_next_moment(session=session, request=request, calendars=calendars, at=at)
    return len(passed)


def remind_customers(*, session: Session, at: datetime, zone: ZoneInfo) -> int:
    """Remind the customers of the questions that wait for their answer; what comes late waits until somebody works again.

    Returns at how many questions it looked.
    """
    calendars, due = load_calendars(session, zone), list_questions_to_remind(session, at=at, most=BATCH)
    for request_id, task_id in due:
        request = get_request_for_change(session, request_id)
        # Somebody may have answered while we waited for the lock.
        for task, asked_at in _asked(request):
            if task.id == task_id and task.remind_at is not None and task.remind_at <= at:
                _remind_of(session, task, asked_at, calendars[task.department_id], at=at)
    return len(due)


def _remind_of(session: Session, task: Task, asked_at: datetime, calendar: Calendar, *, at: datetime) -> None:
    if not is_open(calendar=calendar, at=at):
        task.remind_at = next_working_moment(calendar=calendar, at=at)
        return
    number = reminder_number(asked_at=asked_at, calendar=calendar, at=at)
    task.remind_at = look_again_at(asked_at=asked_at, calendar=calendar, at=at) if number < MOST_REMINDERS else None
    names = {"name": task.name.as_data(), "department": task.department.name.as_data()}
    event = QuestionReminded(task_id=task.id, text=task.note, number=number, **names)
    record(session, event, stream=task.request.stream, by=SYSTEM, at=at)


def look_again(*, session: Session, at: datetime, zone: ZoneInfo) -> int:
    """Give the requests a new moment whose question to the customer has waited until theirs; returns how many."""
    calendars = load_calendars(session, zone)
    passed = list_passed_questions(session, at=at, most=BATCH)
    for request_id in passed:
        request = get_request_for_change(session, request_id)
        remake_next_moment(session=session, request=request, calendars=calendars, at=at)
    return len(passed)


def _asked(request: Request) -> Iterator[tuple[Task, datetime]]:
    """Give the tasks that wait for an answer of the customer, and since when."""
    for task in request.tasks:
        if task.state is TaskState.SUSPENDED and task.suspend_reason is SuspendReason.CUSTOMER and task.suspended_at:
            yield task, task.suspended_at


def _settle(promise: Promise, step: PromiseStep, *, at: datetime) -> None:
    promise.state = check(promise.state, step)
    promise.settled_at = at
    promise.version += 1


def _check_may(promise: Promise, person: Person, version: int | None) -> None:
    if not may_settle_promise(person, promise):
        raise ForbiddenError
    if version is not None and version != promise.version:
        raise ConflictError("stale_version")


def _check_moment(due_at: datetime, *, at: datetime) -> None:
    if due_at <= at or due_at > at + FARTHEST:
        raise InvalidInputError({"due_at": "past" if due_at <= at else "too_far"})


def _check_follows(session: Session, request: Request, follows: Promise | None) -> None:
    if follows is None:
        return
    is_broken = follows.state is PromiseState.BROKEN and follows.request_id == request.id
    if not is_broken or is_made_good(session, follows.id):
        raise ConflictError("stale_version")


def _checked(field: str, text: str) -> str:
    text = " ".join(text.split())
    if not text or len(text) > MAX_WORDS:
        raise InvalidInputError({field: "too_long" if text else "required"})
    return text


def _month_of(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m")


def _facts(promise: Promise) -> dict[str, Any]:
    return {"promise_id": promise.id, "channel": promise.channel.value, "due_at": promise.due_at.isoformat()}


def _tell(session: Session, promise: Promise, event: PromiseEvent, *, by: Actor, at: datetime) -> None:
    record(session, event, stream=promise.request.stream, by=by, at=at)
