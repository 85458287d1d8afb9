"""Reading what became of the dates that were given."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.core.journal import JournalEntry
from portal.insight.models import DateFigure
from portal.requests.events import RequestClosed
from portal.requests.models import Request, Task
from portal.requests.workflow import RequestState, TaskState


def list_date_figures(session: Session, *, since: date) -> Sequence[DateFigure]:
    """List the figures of all months from `since` on, the oldest first, with their product or department."""
    query = select(DateFigure).where(DateFigure.month >= since).order_by(DateFigure.month, DateFigure.id)
    return session.scalars(query.options(joinedload(DateFigure.product), joinedload(DateFigure.department))).all()


def find_done_request(session: Session, request_id: int) -> Request | None:
    """Find a request by its key; None when it is not done."""
    return session.scalars(select(Request).where(Request.id == request_id, Request.state == RequestState.DONE)).one_or_none()


def find_earlier_end(session: Session, request: Request) -> datetime | None:
    """Find when a request that was opened again was done before its last end; None when it was done once."""
    if not request.reopened_count or request.closed_at is None:
        return None
    ends = select(JournalEntry).where(JournalEntry.stream == request.stream, JournalEntry.type == RequestClosed.type)
    found = session.scalars(ends.where(JournalEntry.at < request.closed_at).order_by(JournalEntry.sequence.desc())).all()
    return next((one.at for one in found if one.data["state"] == RequestState.DONE), None)


def list_done_tasks(session: Session, request_id: int) -> Sequence[Task]:
    """List the finished tasks of a request, those that were refused or cancelled left out."""
    return session.scalars(select(Task).where(Task.request_id == request_id, Task.state == TaskState.DONE).order_by(Task.position)).all()


def list_done_ids(session: Session, *, after_id: int, most: int) -> Sequence[int]:
    """List the next keys of requests that are done, in order."""
    query = select(Request.id).where(Request.state == RequestState.DONE, Request.id > after_id).order_by(Request.id).limit(most)
    return session.scalars(query).all()
