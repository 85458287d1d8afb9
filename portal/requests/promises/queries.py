"""Reading promises: of a request, of a person or team, and which of them come due."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.interfaces import ORMOption

from portal.catalog.models import ProductVersion
from portal.core.errors import NotFoundError
from portal.core.paging import PAGE_SIZE, Page, decode_moment_key, encode_key
from portal.people.models import Person, RoleAssignment
from portal.people.roles import Role
from portal.requests.models import Request, Task
from portal.requests.promises.models import Promise
from portal.requests.promises.policy import may_see_promise
from portal.requests.promises.workflow import AROUND, PromiseState
from portal.requests.queries import get_request_for_change
from portal.requests.workflow import CLOSED_REQUESTS, NextKind


class PromiseTab(StrEnum):
    """Which promises a list shows."""

    DUE = "due"
    BROKEN = "broken"
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseFilter:
    """Whose promises to look at: of a keeper, of teams (None: of all), and those of one month (`2026-11`).

    With a keeper come the promises that nobody in person keeps in the departments of `shared_ids`.
    """

    tab: PromiseTab
    keeper_id: int | None = None
    shared_ids: frozenset[int] = frozenset()
    department_ids: frozenset[int] | None = None
    month: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCount:
    """How the promises of one month ended; `moved` counts those among them that got another moment."""

    month: str
    kept: int
    early: int
    broken: int
    moved: int


def list_promises(session: Session, request: Request) -> Sequence[Promise]:
    """List the promises of a request that are worth showing, first due first: open ones, and broken ones not made good yet."""
    if not request.has_promises:
        return ()
    return session.scalars(_shown_promises(), {"request_id": request.id}).all()


def list_open_promises(session: Session, request_id: int) -> Sequence[Promise]:
    """List the open promises of a request."""
    return session.scalars(_open_promises(), {"request_id": request_id}).all()


def get_promise_for(session: Session, *, by: Person, promise_id: int, for_change: bool = False) -> Promise:
    """Load a promise with its request, department and keeper; `for_change` locks the request.

    :raises NotFoundError: there is no such promise, or the person has no business with it.
    """
    request_id = session.scalar(select(Promise.request_id).where(Promise.id == promise_id)) if for_change else None
    locked = get_request_for_change(session, request_id) if request_id is not None else None
    query = select(Promise).where(Promise.id == promise_id).options(*_with_row())
    promise = session.scalars(query).one_or_none()
    if promise is None or not may_see_promise(by, promise):
        raise NotFoundError
    if locked is not None:
        set_committed_value(promise, "request", locked)
    return promise


def get_locked_promise(session: Session, promise_id: int) -> Promise:
    """Read a promise as it is, once its request is locked."""
    return session.scalars(select(Promise).where(Promise.id == promise_id).execution_options(populate_existing=True)).one()


def is_still_due(session: Session, promise_id: int, *, due_at: datetime) -> bool:
    """Tell whether a promise still stands, at this moment."""
    query = select(Promise.id).where(Promise.id == promise_id, Promise.state == PromiseState.OPEN, Promise.due_at == due_at)
    return session.scalars(query).one_or_none() is not None


def list_keeper_ids(session: Session, promise_id: int) -> Sequence[int]:
    """List who keeps a promise: its keeper, or else everybody who does the work of its department."""
    promise = session.get_one(Promise, promise_id)
    return [promise.keeper_id] if promise.keeper_id else session.scalars(keepers_of((promise.department_id,))).all()


def keepers_of(department_ids: Collection[int]) -> Select[int]:
    """Choose the persons (ids) who do the work of these departments, at the desk or behind it."""
    holder = select(RoleAssignment.person_id)
    behind = holder.where(RoleAssignment.role == Role.BACK_OFFICE, RoleAssignment.department_id.in_(department_ids))
    at_desk = holder.where(RoleAssignment.role.in_((Role.SERVICE_DESK, Role.COORDINATOR)))
    is_keeper = or_(Person.id.in_(behind), and_(Person.department_id.in_(department_ids), Person.id.in_(at_desk)))
    return select(Person.id).where(Person.is_active, is_keeper)


def find_promise_of(session: Session, *, request_id: int, promise_id: int) -> Promise | None:
    """Find a promise of this request."""
    return session.scalars(select(Promise).where(Promise.id == promise_id, Promise.request_id == request_id)).one_or_none()


def is_made_good(session: Session, promise_id: int) -> bool:
    """Tell whether another promise was made instead of a broken one."""
    return bool(session.scalar(select(exists().where(Promise.follows_id == promise_id))))


def page_of_promises(session: Session, wanted: PromiseFilter, *, after: str | None = None) -> Page[Promise]:
    """Give a page of promises: the ones to keep by moment, the first one first; the ones that are settled, the last one first."""
    key, is_rising = decode_moment_key(after), wanted.tab is PromiseTab.DUE
    query = select(Promise).where(_wanted(wanted)).options(*_with_row()).limit(PAGE_SIZE + 1)
    query = query.order_by(Promise.due_at, Promise.id) if is_rising else query.order_by(Promise.due_at.desc(), Promise.id.desc())
    if key is not None:
        due_at, last = key
        beyond = Promise.due_at > due_at if is_rising else Promise.due_at < due_at
        next_id = Promise.id > last if is_rising else Promise.id < last
        query = query.where(or_(beyond, and_(Promise.due_at == due_at, next_id)))
    found = session.scalars(query).all()
    shown = found[:PAGE_SIZE]
    next_key = encode_key([shown[-1].due_at.isoformat(), shown[-1].id]) if len(found) > PAGE_SIZE else None
    return Page(rows=shown, next_key=next_key, is_first=key is None)


def count_promises(session: Session, wanted: PromiseFilter) -> int:
    """Count the promises of a list."""
    return session.scalars(select(func.count()).select_from(Promise).where(_wanted(wanted))).one()


def list_near(session: Session, *, keeper_id: int, department_ids: frozenset[int], at: datetime) -> Sequence[Promise]:
    """List the open promises of a person, and those of the teams that nobody in person keeps, whose moment is near."""
    near = and_(Promise.state == PromiseState.OPEN, Promise.due_at <= at + AROUND)
    query = select(Promise).where(near, _is_up_to(keeper_id, department_ids)).options(*_with_row())
    return session.scalars(query.order_by(Promise.due_at, Promise.id)).all()


def list_possible_keepers(session: Session, department_ids: Collection[int], *, most: int = 300) -> Sequence[Person]:
    """List who may keep a promise of these departments, by name."""
    return session.scalars(
        select(Person).where(Person.id.in_(keepers_of(department_ids))).order_by(Person.name, Person.id).limit(most)
    ).all()


def list_to_remind(session: Session, *, at: datetime, most: int) -> Sequence[tuple[int, int]]:
    """List (request, promise) of the promises whose keeper must be told now: near, not passed, and not told before."""
    near = (Promise.state == PromiseState.OPEN, Promise.due_at > at, Promise.due_at <= at + AROUND, Promise.reminded_at.is_(None))
    return [(row.request_id, row.id) for row in session.execute(_ids().where(*near).limit(most))]


def list_to_break(session: Session, *, at: datetime, most: int) -> Sequence[tuple[int, int]]:
    """List (request, promise) of the promises whose moment passed without a tick."""
    passed = (Promise.state == PromiseState.OPEN, Promise.due_at <= at - AROUND)
    return [(row.request_id, row.id) for row in session.execute(_ids().where(*passed).limit(most))]


def list_questions_to_remind(session: Session, *, at: datetime, most: int) -> Sequence[tuple[int, int]]:
    """List (request, task) of the questions of which the customer must be reminded, the longest ago first."""
    query = select(Task.request_id, Task.id).where(Task.remind_at <= at).order_by(Task.remind_at, Task.id).limit(most)
    return [(request_id, task_id) for request_id, task_id in session.execute(query)]


def list_passed_questions(session: Session, *, at: datetime, most: int) -> Sequence[int]:
    """List the requests (ids) whose question to the customer has waited until its moment."""
    query = select(Request.id).where(Request.next_moment_at <= at, Request.next_kind == NextKind.QUESTION)
    return session.scalars(query.order_by(Request.next_moment_at, Request.id).limit(most)).all()


def list_left_behind(session: Session, *, at: datetime, most: int = PAGE_SIZE) -> Sequence[Request]:
    """List the open requests whose next moment has passed, the longest ago first: nobody looked after them."""
    query = select(Request).where(Request.next_moment_at <= at).order_by(Request.next_moment_at, Request.id).limit(most)
    return session.scalars(query.options(joinedload(Request.product_version).load_only(ProductVersion.name))).all()


def count_per_month(
    session: Session, *, since: str, department_id: int | None = None, keeper_id: int | None = None
) -> Mapping[str, MonthCount]:
    """Count how the promises of a team or a keeper ended, per month from `since` (`2026-01`) on."""
    whose = Promise.keeper_id == keeper_id if department_id is None else Promise.department_id == department_id
    moved = func.count().filter(Promise.moves > 0)
    query = select(Promise.due_month, Promise.state, func.count().label("number"), moved.label("moved"))
    query = query.where(whose, Promise.due_month >= since, Promise.state.in_(_SETTLED)).group_by(Promise.due_month, Promise.state)
    numbers: dict[str, dict[PromiseState, tuple[int, int]]] = {}
    for row in session.execute(query):
        numbers.setdefault(row.due_month, {})[row.state] = (row.number, row.moved)
    return {month: _month_count(month, of_state) for month, of_state in sorted(numbers.items(), reverse=True)}


_SETTLED = (PromiseState.KEPT, PromiseState.KEPT_EARLY, PromiseState.BROKEN)
_KEPT = (PromiseState.KEPT, PromiseState.KEPT_EARLY)


def _month_count(month: str, of_state: Mapping[PromiseState, tuple[int, int]]) -> MonthCount:
    in_time, early, broken = (of_state.get(state, (0, 0))[0] for state in _SETTLED)
    return MonthCount(month=month, kept=in_time + early, early=early, broken=broken, moved=sum(moved for _, moved in of_state.values()))


def _wanted(wanted: PromiseFilter) -> ColumnElement[bool]:
    """Say which promises are meant; without a month the broken ones are those that still ask for something."""
    parts: list[ColumnElement[bool]] = []
    match wanted.tab:
        case PromiseTab.DUE:
            parts.append(Promise.state == PromiseState.OPEN)
        case PromiseTab.BROKEN:
            parts.append(Promise.state == PromiseState.BROKEN if wanted.month else _is_sore())
        case PromiseTab.KEPT:
            parts.append(Promise.state.in_(_KEPT))
    if wanted.month:
        parts.append(Promise.due_month == wanted.month)
    if wanted.keeper_id is not None:
        parts.append(_is_up_to(wanted.keeper_id, wanted.shared_ids))
    if wanted.department_ids is not None:
        parts.append(Promise.department_id.in_(wanted.department_ids))
    return and_(*parts)


def _is_up_to(keeper_id: int, shared_ids: frozenset[int]) -> ColumnElement[bool]:
    """Say that a promise is for this person to keep: in person, or as one of the departments."""
    nobodys = and_(Promise.keeper_id.is_(None), Promise.department_id.in_(shared_ids))
    return or_(Promise.keeper_id == keeper_id, nobodys)


def _is_sore() -> ColumnElement[bool]:
    """Say that a promise is broken, nothing was promised instead, and the request is still open."""
    later = aliased(Promise)
    is_open = Promise.request_id.in_(select(Request.id).where(Request.id == Promise.request_id, Request.state.not_in(CLOSED_REQUESTS)))
    return and_(Promise.state == PromiseState.BROKEN, ~exists().where(later.follows_id == Promise.id), is_open)


def _with_row() -> tuple[ORMOption, ...]:
    request = joinedload(Promise.request)
    name_only = request.joinedload(Request.product_version).load_only(ProductVersion.name)
    return (name_only, request.joinedload(Request.requester), joinedload(Promise.department), joinedload(Promise.keeper))


def _ids() -> Select[int, int]:
    return select(Promise.request_id, Promise.id).order_by(Promise.due_at, Promise.id)


@cache
def _shown_promises() -> Select[Promise]:
    query = select(Promise).where(Promise.request_id == bindparam("request_id"), or_(Promise.state == PromiseState.OPEN, _is_sore()))
    return query.order_by(Promise.due_at, Promise.id)


@cache
def _open_promises() -> Select[Promise]:
    query = select(Promise).where(Promise.request_id == bindparam("request_id"), Promise.state == PromiseState.OPEN)
    return query.order_by(Promise.due_at, Promise.id)
