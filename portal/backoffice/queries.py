"""Reading the queue of a department: columns only, a constant number of statements, paged by key."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from portal.backoffice.rules import BY_DUE, OPEN, WORKABLE, QueueTab
from portal.catalog.models import ProductVersion
from portal.core.paging import PAGE_SIZE, Page, decode_moment_key, encode_key
from portal.core.references import request_number
from portal.core.texts import LocalText
from portal.people.models import Person
from portal.requests.models import Request, Task
from portal.requests.workflow import TaskState

MOST_COUNTED: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Which tasks to look at: of one department or one team of it, at a moment.

    `day_ends_at` is the end of today in the organisation's zone. What somebody handles is theirs, whatever the team.
    """

    department_id: int
    person_id: int
    tab: QueueTab
    now: datetime
    day_ends_at: datetime
    team_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One task as the queue shows it."""

    id: int
    name: LocalText
    state: TaskState
    due_at: datetime
    latest_start_at: datetime
    version: int
    handler_id: int | None
    handler_name: str | None
    beneficiary_name: str
    number: str
    product_name: LocalText
    is_extended: bool
    response_due_at: datetime | None
    responded_at: datetime | None
    unanswered_since: datetime | None


def count_queue(session: Session, wanted: QueueFilter) -> Mapping[QueueTab, int]:
    """Count the tasks under every tab in one statement; counting stops at `MOST_COUNTED`."""
    row = session.execute(_counts(of_team=wanted.team_id is not None), _parameters(wanted)).one()
    return dict(zip(QueueTab, row, strict=True))


def page_of_queue(session: Session, wanted: QueueFilter, *, after: str | None) -> Page[QueueRow]:
    """Load one page of tasks under the chosen tab, most urgent first."""
    key = decode_moment_key(after)
    parameters = _parameters(wanted)
    if key is not None:
        parameters |= {"after_at": key[0], "after_id": key[1]}
    query = _rows(wanted.tab, of_team=wanted.team_id is not None, is_first=key is None)
    found = [_queue_row(row) for row in session.execute(query, parameters)]
    shown = found[:PAGE_SIZE]
    next_key = encode_key([_place(wanted.tab, shown[-1]).isoformat(), shown[-1].id]) if len(found) > PAGE_SIZE else None
    return Page(rows=shown, next_key=next_key, is_first=key is None)


def count_due(session: Session, *, department_ids: Collection[int], now: datetime, day_ends_at: datetime) -> tuple[int, int]:
    """Count the tasks of these departments that are late, and those that are due today."""
    workable = and_(Task.department_id.in_(department_ids), Task.finished_at.is_(None), Task.state.in_(WORKABLE))
    late = _capped_count(and_(workable, Task.due_at < now))
    today = _capped_count(and_(workable, Task.due_at >= now, Task.due_at < day_ends_at))
    row = session.execute(select(late.label("late"), today.label("today"))).one()
    return int(row.late), int(row.today)


def _parameters(wanted: QueueFilter) -> dict[str, object]:
    return {
        "department_id": wanted.department_id,
        "person_id": wanted.person_id,
        "now": wanted.now,
        "day_ends_at": wanted.day_ends_at,
        **({} if wanted.team_id is None else {"team_id": wanted.team_id}),
    }


def _condition(tab: QueueTab, *, of_team: bool) -> ColumnElement[bool]:
    """Say which tasks stand under a tab. A suspended task is not late: its clock stands still."""
    if tab is QueueTab.MINE:
        return and_(Task.handler_id == bindparam("person_id"), Task.state.in_(OPEN))
    here = and_(Task.department_id == bindparam("department_id"), Task.finished_at.is_(None))
    if of_team:
        here = and_(here, Task.team_id == bindparam("team_id"))
    workable = and_(here, Task.state.in_(WORKABLE))
    match tab:
        case QueueTab.LATE:
            return and_(workable, Task.due_at < bindparam("now"))
        case QueueTab.TODAY:
            return and_(workable, Task.due_at >= bindparam("now"), Task.due_at < bindparam("day_ends_at"))
        case QueueTab.WAITING:
            return and_(here, Task.state == TaskState.WAITING)
        case QueueTab.SUSPENDED:
            return and_(here, Task.state == TaskState.SUSPENDED)
        case _:
            return workable


@cache
def _counts(*, of_team: bool) -> Select[*tuple[Any, ...]]:
    """Make the statement once: making it costs more than running it."""
    return select(*(_capped_count(_condition(tab, of_team=of_team)).label(tab.value) for tab in QueueTab))


def _capped_count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    some = select(Task.id).where(condition).limit(MOST_COUNTED).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


@cache
def _rows(tab: QueueTab, *, of_team: bool, is_first: bool) -> Select[*tuple[Any, ...]]:
    """Make the statement of a page once per tab."""
    place = Task.due_at if tab in BY_DUE else Task.latest_start_at
    query = (
        select(
            Task.id,
            Task.name,
            Task.state,
            Task.due_at,
            Task.latest_start_at,
            Task.version,
            Task.handler_id,
            Person.name.label("handler_name"),
            Request.id.label("request_id"),
            Request.submitted_at,
            Request.beneficiary_name,
            Request.response_due_at,
            Request.responded_at,
            Request.unanswered_since,
            Task.extensions,
            ProductVersion.name.label("product_name"),
        )
        .join(Request, Task.request_id == Request.id)
        .join(ProductVersion, Request.product_version_id == ProductVersion.id)
        .outerjoin(Person, Task.handler_id == Person.id)
    )
    query = query.where(_condition(tab, of_team=of_team)).order_by(place, Task.id).limit(PAGE_SIZE + 1)
    if is_first:
        return query
    is_same = and_(place == bindparam("after_at"), Task.id > bindparam("after_id"))
    return query.where(or_(place > bindparam("after_at"), is_same))


def _place(tab: QueueTab, row: QueueRow) -> datetime:
    """Give the moment by which the tasks under a tab stand in order."""
    return row.due_at if tab in BY_DUE else row.latest_start_at


def _queue_row(row: Row[Any]) -> QueueRow:
    return QueueRow(
        id=row.id,
        name=row.name,
        state=row.state,
        due_at=row.due_at,
        latest_start_at=row.latest_start_at,
        version=row.version,
        handler_id=row.handler_id,
        handler_name=row.handler_name,
        beneficiary_name=row.beneficiary_name,
        number=request_number(year=row.submitted_at.year, request_id=row.request_id),
        product_name=row.product_name,
        is_extended=row.extensions > 0,
        response_due_at=row.response_due_at,
        responded_at=row.responded_at,
        unanswered_since=row.unanswered_since,
    )
