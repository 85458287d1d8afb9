"""Reading what was written about a request, oldest first; notes only for who may read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from portal.core.texts import LocalText
from portal.people.models import Department, Person, RoleAssignment
from portal.people.roles import Role
from portal.requests.models import Request, Task
from portal.requests.talk.models import Message, MessageKind
from portal.requests.workflow import CLOSED, TaskState


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """One message with who wrote it."""

    id: int
    kind: MessageKind
    by_customer: bool
    author_id: int
    author: str
    department: LocalText | None
    text: str
    at: datetime


def list_messages(session: Session, request: Request, *, with_notes: bool, most: int) -> Sequence[MessageRow]:
    """List the newest `most` messages of a request, oldest first."""
    kinds = list(MessageKind) if with_notes else [MessageKind.MESSAGE]
    rows = session.execute(_messages(), {"request_id": request.id, "kinds": kinds, "most": most})
    return [MessageRow(**row._mapping) for row in reversed(rows.all())]  # noqa: SLF001  as SQLAlchemy documents it


def find_message(session: Session, message_id: int) -> Message | None:
    """Find a message, never a note: for what goes outside."""
    return session.scalars(select(Message).where(Message.id == message_id, Message.kind == MessageKind.MESSAGE)).one_or_none()


def list_hearers(session: Session, request_id: int) -> Sequence[int]:
    """List the ids of who must hear what the customer wrote: those who handle a task that is open, else a task that is closed.

    When nobody does, or who did has left, the people of the departments whose turn it is.
    """
    query = select(Person.id.label("handler_id"), Task.state, Task.department_id).select_from(Task)
    query = query.outerjoin(Person, (Person.id == Task.handler_id) & Person.is_active)
    tasks = session.execute(query.where(Task.request_id == request_id)).all()
    busy = [task for task in tasks if task.state not in CLOSED]
    for some in (busy, tasks):
        handlers = sorted({task.handler_id for task in some if task.handler_id is not None})
        if handlers:
            return handlers
    turn = [task.department_id for task in tasks if task.state not in {*CLOSED, TaskState.WAITING}] or [tasks[0].department_id]
    does_tasks = select(RoleAssignment.person_id).where(RoleAssignment.role == Role.BACK_OFFICE, RoleAssignment.department_id.in_(turn))
    return session.scalars(does_tasks.distinct().order_by(RoleAssignment.person_id)).all()


@cache
def _messages() -> Select[int, MessageKind, bool, int, str, LocalText | None, str, datetime]:
    query = select(
        Message.id,
        Message.kind,
        Message.by_customer,
        Message.author_id,
        Person.name.label("author"),
        Department.name.label("department"),
        Message.text,
        Message.at,
    )
    query = query.join(Person, Person.id == Message.author_id).outerjoin(Department, Department.id == Person.department_id)
    query = query.where(Message.request_id == bindparam("request_id"), Message.kind.in_(bindparam("kinds", expanding=True)))
    return query.order_by(Message.id.desc()).limit(bindparam("most"))
