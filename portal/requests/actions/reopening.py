"""Opening a request again that was done but is not right: the tasks that have to be done again begin anew."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.catalog.memory import definition_of
from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.core.journal import Actor, record, record_all
from portal.people.models import Person
from portal.planning.queries import load_calendars
from portal.requests.actions.clocks import settle_legal_term
from portal.requests.actions.replanning import event_on, release_ready, remake_dates
from portal.requests.events import RequestReopened, TaskReopened
from portal.requests.models import Request, Task
from portal.requests.policy import may_reopen_request
from portal.requests.workflow import RequestState, TaskState, TaskStep, check, derive_request_state

MAX_REASON: Final = 2000


def reopen_request(
    *,
    session: Session,
    request: Request,
    person: Person,
    by: Actor,
    at: datetime,
    zone: ZoneInfo,
    reason: str,
    tasks: Collection[int] = (),
) -> None:
    """Open a request again; `tasks` (ids) are done once more, by default those that nothing came after.

    It stays one request: what was promised first stays, and it counts by its last end. Load it with its tasks, `for_change`.

    :raises InvalidInputError: the reason is missing or too long.
    :raises ConflictError: it is not done, or the term for it is over.
    :raises ForbiddenError: the person is not its customer.
    """
    text = reason.strip()
    if not text or len(text) > MAX_REASON:
        raise InvalidInputError({"reason": "too_long" if text else "required"})
    if not can_reopen(request=request, at=at):
        raise ConflictError("reopening_closed")
    if not may_reopen_request(person, request):
        raise ForbiddenError
    again = [task for task in done_tasks(request=request) if task.id in tasks] or _last_tasks(request)
    calendars = load_calendars(session, zone)
    record(session, RequestReopened(text=text, tasks=len(again)), stream=request.stream, by=by, at=at)
    for task in again:
        _begin_anew(task)
        record(session, event_on(kind=TaskReopened, task=task), stream=request.stream, by=by, at=at)
    request.closed_at, request.reopened_at, request.reopened_count = None, at, request.reopened_count + 1
    happened = [*release_ready(request=request, calendars=calendars, at=at)]
    request.state = derive_request_state([task.state for task in request.tasks])
    cause = event_on(kind=TaskReopened, task=again[0])
    happened += remake_dates(session=session, request=request, calendars=calendars, at=at, zone=zone, cause=cause, by=by)
    record_all(session, happened, stream=request.stream, at=at)
    settle_legal_term(request=request, at=at, zone=zone)


def can_reopen(*, request: Request, at: datetime) -> bool:
    """Tell whether a request is done, and ended so short ago that it may be opened again."""
    until = reopen_until(request=request)
    return until is not None and at <= until


def reopen_until(*, request: Request) -> datetime | None:
    """Give the moment until which a request that is done may be opened again; None when it is not done."""
    if request.state is not RequestState.DONE or request.closed_at is None:
        return None
    return request.closed_at + timedelta(days=definition_of(request.product_version).reopen_days)


def done_tasks(*, request: Request) -> Sequence[Task]:
    """List the tasks that can be done again, in their order."""
    return [task for task in request.tasks if task.state is TaskState.DONE]


def _last_tasks(request: Request) -> Sequence[Task]:
    """List the tasks that were done last in the plan: no other one that was done came after them."""
    done = done_tasks(request=request)
    followed = {one.after_id for task in done for one in task.predecessors}
    return [task for task in done if task.id not in followed]


def _begin_anew(task: Task) -> None:
    """Let a task wait for its turn as if nothing had been done; whoever did it keeps it."""
    task.state = check(task.state, TaskStep.REOPEN)
    task.ready_at = task.running_since = task.started_at = task.finished_at = None
    task.suspended_at = task.suspend_reason = task.ladder = task.pause_ladder = None
    task.worked_minutes = task.extensions = task.extended_minutes = 0
    task.note = ""
    task.checklist = [{**point, "is_done": False} for point in task.checklist]
    task.version += 1
