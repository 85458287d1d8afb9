"""Promises: "we come back to you", with who, what, how and the exact moment."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.columns import Id, Moment, enum_column, partial_index
from portal.core.db import PERSONAL, Base
from portal.people.models import Department, Person
from portal.requests.models import Request
from portal.requests.promises.workflow import Channel, PromiseState


class Promise(Base):
    """One promise to the requester. Without a keeper anybody of the department keeps it.

    `first_due_at` is the moment that was given first, `moves` how often it moved since; `due_month` (`2026-11`) is the
    month of `due_at` in the zone of the organisation, by which kept and broken promises are counted. `follows_id` is
    the broken promise that this one makes good.
    """

    __tablename__ = "promises"
    __table_args__ = (
        Index("ix_promises_request_id", "request_id", "due_at"),
        Index("ix_promises_department_month", "department_id", "due_month", "state"),
        Index("ix_promises_keeper_month", "keeper_id", "due_month", "state"),
        partial_index("ix_promises_open", "due_at", "id", where="state = 'open'"),
    )

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    keeper_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("promises.id"), index=True)
    what: Mapped[str] = mapped_column(String(300), info=PERSONAL)
    channel: Mapped[Channel] = mapped_column(enum_column(Channel))
    state: Mapped[PromiseState] = mapped_column(enum_column(PromiseState), default=PromiseState.OPEN)
    made_at: Mapped[Moment]
    first_due_at: Mapped[Moment]
    due_at: Mapped[Moment]
    due_month: Mapped[str] = mapped_column(String(7))
    moves: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[Moment | None]
    settled_at: Mapped[Moment | None]
    outcome: Mapped[str] = mapped_column(String(300), default="", info=PERSONAL)
    version: Mapped[int] = mapped_column(default=1)

    request: Mapped[Request] = relationship(lazy="raise_on_sql")
    department: Mapped[Department] = relationship(lazy="raise_on_sql")
    keeper: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[keeper_id])
