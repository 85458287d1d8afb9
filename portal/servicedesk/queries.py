"""Reading requests for who steers: the open ones with those at risk first, closed ones with a message, found by number or by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.catalog.agreement import ApproverKind
from portal.catalog.models import ProductVersion
from portal.core.paging import PAGE_SIZE, Page, decode_moment_key, encode_key
from portal.core.references import parse_request_number, request_number
from portal.core.texts import LocalText
from portal.people.models import Department, Person
from portal.people.queries import literal_pattern
from portal.requests.models import Request, Task
from portal.requests.queries import OPEN_REQUESTS
from portal.requests.workflow import RequestState, TaskState
from portal.servicedesk.rules import Only

_HOLDS_THE_BALL: Final = (TaskState.READY, TaskState.IN_PROGRESS, TaskState.SUSPENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ball:
    """A department that is to move, and on what."""

    department: LocalText
    task: LocalText
    state: TaskState


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRow:
    """One request as the desk sees it."""

    id: int
    number: str
    product_name: LocalText
    state: RequestState
    beneficiary_name: str
    requester_name: str
    expected_at: datetime
    latest_at: datetime
    first_latest_at: datetime
    response_due_at: datetime | None
    responded_at: datetime | None
    unanswered_since: datetime | None
    awaits: ApproverKind | None
    balls: Sequence[Ball]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCounts:
    """How many requests are in the list, and in the lists that are only some of them."""

    found: int
    late: int
    written: int


def count_requests(session: Session, *, text: str, only: Only | None, now: datetime) -> DeskCounts:
    """Count the requests in the list, and all that wait for a sign of a person; in one statement."""
    number = select(func.count()).select_from(Request)
    found = number.join(Person, Request.requester_id == Person.id).where(_wanted(text, only, now))
    late, written = (number.where(_wanted("", one, now)) for one in (Only.UNANSWERED, Only.WRITTEN))
    counts = {"found": found, "late": late, "written": written}
    row = session.execute(select(*(one.scalar_subquery().label(name) for name, one in counts.items()))).one()
    return DeskCounts(found=row.found, late=row.late, written=row.written)


def page_of_requests_at_risk(session: Session, *, text: str, after: str | None, now: datetime, only: Only | None = None) -> Page[DeskRow]:
    """Load a page of open requests by latest date, the first one first; with a number or name, closed ones are found too.

    With `only` the ones that wait for a sign of a person: a first answer, or one on a message after the end.
    """
    key = decode_moment_key(after)
    query = _rows().where(_wanted(text, only, now)).order_by(Request.latest_at, Request.id).limit(PAGE_SIZE + 1)
    if key is not None:
        latest_at, request_id = key
        query = query.where(or_(Request.latest_at > latest_at, and_(Request.latest_at == latest_at, Request.id > request_id)))
    found = session.execute(query).all()
    shown = found[:PAGE_SIZE]
    balls = _balls(session, [row.id for row in shown])
    next_key = encode_key([shown[-1].latest_at.isoformat(), shown[-1].id]) if len(found) > PAGE_SIZE else None
    return Page(rows=[_desk_row(row, balls.get(row.id, ())) for row in shown], next_key=next_key, is_first=key is None)


def _wanted(text: str, only: Only | None, now: datetime) -> ColumnElement[bool]:
    """Say which requests are meant by what was typed: a number, or a part of a name; nothing means all open ones."""
    match only:
        case Only.UNANSWERED:
            return and_(Request.closed_at.is_(None), Request.responded_at.is_(None), Request.response_due_at < now)
        case Only.WRITTEN:
            return and_(Request.closed_at.is_not(None), Request.unanswered_since.is_not(None))
    text = text.strip()
    if not text:
        return Request.state.in_(OPEN_REQUESTS)
    number = parse_request_number(text)
    if number is not None:
        return Request.id == number[1]
    pattern = literal_pattern(text)
    return or_(*(func.lower(column).like(pattern, escape="\\") for column in (Request.beneficiary_name, Person.name)))


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Request.id,
            Request.submitted_at,
            Request.state,
            Request.beneficiary_name,
            Person.name.label("requester_name"),
            Request.expected_at,
            Request.latest_at,
            Request.first_latest_at,
            Request.response_due_at,
            Request.responded_at,
            Request.unanswered_since,
            Request.awaits,
            ProductVersion.name.label("product_name"),
        )
        .join(Person, Request.requester_id == Person.id)
        .join(ProductVersion, Request.product_version_id == ProductVersion.id)
    )


def _balls(session: Session, request_ids: Sequence[int]) -> dict[int, list[Ball]]:
    department = aliased(Department)
    query = (
        select(Task.request_id, Task.name, Task.state, department.name.label("department"))
        .join(department, Task.department_id == department.id)
        .where(Task.request_id.in_(request_ids), Task.state.in_(_HOLDS_THE_BALL))
        .order_by(Task.request_id, Task.due_at, Task.id)
    )
    balls: dict[int, list[Ball]] = {}
    for row in session.execute(query):
        balls.setdefault(row.request_id, []).append(Ball(department=row.department, task=row.name, state=row.state))
    return balls


def _desk_row(row: Row[Any], balls: Sequence[Ball]) -> DeskRow:
    return DeskRow(
        id=row.id,
        number=request_number(year=row.submitted_at.year, request_id=row.id),
        product_name=row.product_name,
        state=row.state,
        beneficiary_name=row.beneficiary_name,
        requester_name=row.requester_name,
        expected_at=row.expected_at,
        latest_at=row.latest_at,
        first_latest_at=row.first_latest_at,
        response_due_at=row.response_due_at,
        responded_at=row.responded_at,
        unanswered_since=row.unanswered_since,
        awaits=row.awaits,
        balls=balls,
    )
