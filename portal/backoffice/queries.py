"""Reading the queue of a department: columns only, a constant number of statements, paged by key."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from portal.backoffice.rules import OPEN, WORKABLE, QueueTab
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
    """Which tasks to look at: of one department, at a moment; `day_ends_at` is the end of today in the organisation's zone."""

    department_id: int
    person_id: int
    tab: QueueTab
    now: datetime
    day_ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One task as the queue shows it."""

    id: int
    name: LocalText
    state: TaskState
    due_at: datetime
    version: int
    handler_id: int | None
    handler_name: str | None
    beneficiary_name: str
    number: str
    product_name: LocalText


def count_queue(session: Session, wanted: QueueFilter) -> Mapping[QueueTab, int]:
    """Count the tasks under every tab in one statement; counting stops at `MOST_COUNTED`."""
    counts = {tab: _capped_count(_condition(wanted, tab)) for tab in QueueTab}
    row = session.execute(select(*(count.label(tab.value) for tab, count in counts.items()))).one()
    return {tab: int(row._mapping[tab.value]) for tab in QueueTab}  # noqa: SLF001  the public way to read a row by name


def page_of_queue(session: Session, wanted: QueueFilter, *, after: str | None) -> Page[QueueRow]:
    """Load one page of tasks under the chosen tab, most urgent first."""
    key = decode_moment_key(after)
    query = _rows().where(_condition(wanted, wanted.tab)).order_by(Task.due_at, Task.id).limit(PAGE_SIZE + 1)
    if key is not None:
        due_at, task_id = key
        query = query.where(or_(Task.due_at > due_at, and_(Task.due_at == due_at, Task.id > task_id)))
    found = [_queue_row(row) for row in session.execute(query)]
    shown = found[:PAGE_SIZE]
    next_key = encode_key([shown[-1].due_at.isoformat(), shown[-1].id]) if len(found) > PAGE_SIZE else None
    return Page(rows=shown, next_key=next_key, is_first=key is None)


def count_due(session: Session, *, department_ids: Collection[int], now: datetime, day_ends_at: datetime) -> tuple[int, int]:
    """Count the tasks of these departments that are late, and those that are due today."""
    workable = and_(Task.department_id.in_(department_ids), Task.finished_at.is_(None), Task.state.in_(WORKABLE))
    late = _capped_count(and_(workable, Task.due_at < now))
    today = _capped_count(and_(workable, Task.due_at >= now, Task.due_at < day_ends_at))
    row = session.execute(select(late.label("late"), today.label("today"))).one()
    return int(row.late), int(row.today)


def _condition(wanted: QueueFilter, tab: QueueTab) -> ColumnElement[bool]:
    """Say which tasks stand under a tab. A suspended task is not late: its clock stands still."""
    if tab is QueueTab.MINE:
        return and_(Task.handler_id == wanted.person_id, Task.state.in_(OPEN))
    here = and_(Task.department_id == wanted.department_id, Task.finished_at.is_(None))
    workable = and_(here, Task.state.in_(WORKABLE))
    match tab:
        case QueueTab.LATE:
            return and_(workable, Task.due_at < wanted.now)
        case QueueTab.TODAY:
            return and_(workable, Task.due_at >= wanted.now, Task.due_at < wanted.day_ends_at)
        case QueueTab.WAITING:
            return and_(here, Task.state == TaskState.WAITING)
        case QueueTab.SUSPENDED:
            return and_(here, Task.state == TaskState.SUSPENDED)
        case _:
            return workable


def _capped_count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    some = select(Task.id).where(condition).limit(MOST_COUNTED).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Task.id,
            Task.name,
            Task.state,
            Task.due_at,
            Task.version,
            Task.handler_id,
            Person.name.label("handler_name"),
            Request.id.label("request_id"),
            Request.submitted_at,
            Request.beneficiary_name,
            ProductVersion.name.label("product_name"),
        )
        .join(Request, Task.request_id == Request.id)
        .join(ProductVersion, Request.product_version_id == ProductVersion.id)
        .outerjoin(Person, Task.handler_id == Person.id)
    )


def _queue_row(row: Row[Any]) -> QueueRow:
    return QueueRow(
        id=row.id,
        name=row.name,
        state=row.state,
        due_at=row.due_at,
        version=row.version,
        handler_id=row.handler_id,
        handler_name=row.handler_name,
        beneficiary_name=row.beneficiary_name,
        number=request_number(year=row.submitted_at.year, request_id=row.request_id),
        product_name=row.product_name,
    )
