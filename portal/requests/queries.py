"""Reading requests and tasks; who may see them is part of loading them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Final

from sqlalchemy import Select, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased, defer, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.interfaces import ORMOption

from portal.catalog.models import ProductVersion
from portal.core.errors import NotFoundError
from portal.core.journal import JournalEntry, list_entries
from portal.core.paging import PAGE_SIZE, Page, decode_key, encode_key
from portal.core.references import hash_code, normal_code, parse_request_number
from portal.people.models import Person
from portal.requests.models import Approval, ApprovalStep, Request, Task, TaskDependency
from portal.requests.policy import SEES_ALL, is_customer, may_see_request, may_see_task
from portal.requests.workflow import CLOSED_REQUESTS, RequestState, SuspendReason, TaskState

# Made once: a statement costs more to put together than to run.
_RUNNING: Final = (
    select(Task.worked_minutes, Task.running_since, Task.department_id)
    .where(Task.block_id == bindparam("block_id"), Task.finished_at.is_(None), Task.ready_at.is_not(None), Task.id != bindparam("task_id"))
    .order_by(Task.ready_at.desc())
    .limit(bindparam("most"))
)
OPEN_REQUESTS = tuple(state for state in RequestState if state not in CLOSED_REQUESTS)


class Scope(StrEnum):
    """Whose requests a list shows."""

    MINE = "mine"
    ALL = "all"


def get_request_for(session: Session, *, by: Person, number: str, for_change: bool = False) -> Request:
    """Load a request with all that its page shows; `for_change` locks it until the end of the transaction.

    :raises NotFoundError: there is no such request, or the person may not see it.
    """
    parts = parse_request_number(number)
    request = _load_request(session, parts[1], for_change=for_change) if parts else None
    if request is None or parts is None or request.submitted_at.year != parts[0]:
        raise NotFoundError
    if not may_see_request(by, request, [task.department_id for task in request.tasks]):
        raise NotFoundError
    return request


def get_tracked_request(session: Session, *, code: str) -> Request:
    """Load the request of a tracking code, as people type it, with all that the tracking page shows.

    :raises NotFoundError: no request has this code.
    """
    plain = normal_code(code)
    if plain is None:
        raise NotFoundError
    request = session.scalars(_tracked_request(), {"tracking_hash": hash_code(plain)}).one_or_none()
    if request is None:
        raise NotFoundError
    return _with_tasks(session, request, _tracked_tasks())


def get_task_for(session: Session, *, by: Person, task_id: int, for_change: bool = False) -> Task:
    """Load a task with its request, the whole chain and its own instruction; `for_change` locks the request.

    :raises NotFoundError: there is no such task, or the person has no business with it.
    """
    request_id = session.scalar(select(Task.request_id).where(Task.id == task_id))
    request = _load_request(session, request_id, for_change=for_change, tasks=_worked_tasks()) if request_id else None
    task = next((one for one in request.tasks if one.id == task_id), None) if request else None
    if task is None or not (may_see_task(by, task) or (for_change and is_customer(by, task.request))):
        raise NotFoundError
    return task


def is_question_open(session: Session, task_id: int) -> bool:
    """Tell whether a task waits for an answer of the customer."""
    asks = (Task.state == TaskState.SUSPENDED, Task.suspend_reason == SuspendReason.CUSTOMER)
    return session.scalars(select(Task.id).where(Task.id == task_id, *asks)).one_or_none() is not None


def find_open_question(request: Request) -> Task | None:
    """Find the task on which a question to the customer stands open, the longest waiting one first."""
    waiting = [task for task in request.tasks if task.state is TaskState.SUSPENDED and task.suspend_reason is SuspendReason.CUSTOMER]
    return min(waiting, key=lambda task: task.suspended_at or task.starts_at, default=None)


def page_of_requests(session: Session, *, by: Person, scope: Scope, is_open: bool, after: str | None = None) -> Page[Request]:
    """Give a page of requests, newest first: one's own, or all for who may see all.

    With product and tasks (state, department) for the sentence of the state.
    """
    query = select(Request).order_by(Request.id.desc()).limit(PAGE_SIZE + 1).options(*_with_list_columns())
    query = query.where(Request.state.in_(OPEN_REQUESTS if is_open else tuple(CLOSED_REQUESTS)))
    if scope is Scope.MINE or not by.roles & SEES_ALL:
        query = query.where(or_(Request.requester_id == by.id, Request.beneficiary_id == by.id, Request.submitted_by_id == by.id))
    key = decode_key(after, [int])
    if key:
        query = query.where(Request.id < key[0])
    rows = session.scalars(query).all()
    next_key = encode_key([rows[PAGE_SIZE - 1].id]) if len(rows) > PAGE_SIZE else None
    return Page(rows=rows[:PAGE_SIZE], next_key=next_key, is_first=key is None)


def list_overdue(session: Session, *, at: datetime, most: int) -> Sequence[int]:
    """List the ids of requests with a task that should have been ready by `at`: their dates are no longer true."""
    query = select(Task.request_id).where(Task.finished_at.is_(None), Task.expected_at <= at).order_by(Task.expected_at).limit(most)
    return sorted(set(session.scalars(query)))


def list_running(session: Session, *, task: Task, most: int) -> Sequence[tuple[int, datetime | None]]:
    """Give of the newest other open tasks of the same block, in the same department: minutes worked, and running since when."""
    given = {"block_id": task.block_id, "task_id": task.id, "most": most}
    # A block hardly ever moves: PostgreSQL would think that few are left when it is asked for both, and read and sort them all.
    return [(minutes, since) for minutes, since, department_id in session.execute(_RUNNING, given) if department_id == task.department_id]


def list_due_to_begin(session: Session, *, at: datetime, most: int) -> Sequence[int]:
    """List the ids of requests with a task that only waited for its own moment, which has come by `at`."""
    before = aliased(Task)
    open_before = exists().where(TaskDependency.task_id == Task.id, before.id == TaskDependency.after_id, before.finished_at.is_(None))
    due = select(Task.request_id).where(Task.ready_at.is_(None), Task.not_before <= at, Task.finished_at.is_(None), ~open_before)
    return sorted(set(session.scalars(due.order_by(Task.not_before).limit(most))))


def get_request_for_change(session: Session, request_id: int) -> Request:
    """Lock and load a request for the portal itself, which sees all.

    :raises NotFoundError: there is no such request.
    """
    request = _load_request(session, request_id, for_change=True)
    if request is None:
        raise NotFoundError
    return request


def find_request(session: Session, request_id: int, *, for_change: bool = False) -> Request | None:
    """Find a request whoever asks; who may see it is up to the caller. `for_change` locks it."""
    return _load_request(session, request_id, for_change=for_change)


def load_plan_of(session: Session, request: Request) -> Request:
    """Give a request that was loaded without them its tasks, with their departments and their order."""
    return _with_tasks(session, request, _tasks())


def load_approvals_of(session: Session, requests: Sequence[Request]) -> None:
    """Give requests that were loaded without them their approvals: two statements, or none when no request ever needed one."""
    ids = [one.id for one in requests if one.has_approvals]
    found = session.scalars(_approvals(), {"request_ids": ids}).all() if ids else []
    for request in requests:
        set_committed_value(request, "approvals", [one for one in found if one.request_id == request.id])


def list_history(session: Session, request: Request, *, public_only: bool = False) -> Sequence[JournalEntry]:
    """List what happened to a request, oldest first."""
    return list_entries(session, stream=request.stream, public_only=public_only)


def number_of_request(session: Session, request_id: int) -> str:
    """Give the number for people of a request that exists."""
    return session.get_one(Request, request_id).number


def _load_request(session: Session, request_id: int, *, for_change: bool, tasks: Select[Task] | None = None) -> Request | None:
    if for_change:
        # What is read after the lock is what the one before us left behind.
        session.scalar(select(Request.id).where(Request.id == request_id).with_for_update())
    request = session.scalars(_whole_request(), {"id": request_id}).one_or_none()
    return _with_tasks(session, request, _tasks() if tasks is None else tasks) if request else None


def _with_tasks(session: Session, request: Request, tasks: Select[Task]) -> Request:
    """Give the request its tasks, and each task what it comes after: two statements that are made once."""
    before = defaultdict[int, list[TaskDependency]](list)
    for dependency in session.scalars(_dependencies(), {"request_id": request.id}):
        before[dependency.task_id].append(dependency)
    found = session.scalars(tasks, {"request_id": request.id}).all()
    for task in found:
        set_committed_value(task, "predecessors", before[task.id])
    set_committed_value(request, "tasks", list(found))
    load_approvals_of(session, [request])
    return request


# Statements are made once: putting them together takes longer than running them.


@cache
def _whole_request() -> Select[Request]:
    name_only = joinedload(Request.product_version).load_only(ProductVersion.name)
    shown = (Request.owner, Request.requester, Request.cost_centre)
    return select(Request).where(Request.id == bindparam("id")).options(name_only, *(joinedload(one) for one in shown))


@cache
def _tracked_request() -> Select[Request]:
    """Leave out what was answered: it is not for everybody."""
    name_only = joinedload(Request.product_version).load_only(ProductVersion.name)
    query = select(Request).where(Request.tracking_hash == bindparam("tracking_hash"))
    return query.options(name_only, defer(Request.answers, raiseload=True))


@cache
def _tasks() -> Select[Task]:
    query = select(Task).where(Task.request_id == bindparam("request_id")).order_by(Task.position)
    return query.options(joinedload(Task.department))


@cache
def _tracked_tasks() -> Select[Task]:
    return _tasks().options(defer(Task.checklist, raiseload=True), defer(Task.note, raiseload=True))


@cache
def _worked_tasks() -> Select[Task]:
    return _tasks().options(joinedload(Task.handler), joinedload(Task.team), joinedload(Task.block_version))


@cache
def _approvals() -> Select[Approval]:
    steps = selectinload(Approval.steps)
    query = select(Approval).where(Approval.request_id.in_(bindparam("request_ids", expanding=True))).order_by(Approval.id)
    return query.options(
        joinedload(Approval.department), steps.joinedload(ApprovalStep.approver), steps.joinedload(ApprovalStep.department)
    )


@cache
def _dependencies() -> Select[TaskDependency]:
    return select(TaskDependency).join(TaskDependency.task).where(Task.request_id == bindparam("request_id"))


def _with_list_columns() -> tuple[ORMOption, ...]:
    return (
        defer(Request.answers, raiseload=True),
        joinedload(Request.product_version).load_only(ProductVersion.name),
        selectinload(Request.tasks).load_only(
            Task.request_id, Task.state, Task.department_id, Task.suspend_reason, Task.name, Task.position
        ),
        selectinload(Request.tasks).joinedload(Task.department),
    )
