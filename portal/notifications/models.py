"""Deliveries: one row per recipient of a mail, with what became of it."""

from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.columns import Id, Moment, enum_column
from portal.core.db import PERSONAL, Base
from portal.core.journal import JournalEntry
from portal.people.models import Person


class Mail(StrEnum):
    """The mails that we send; each is a pair of templates `emails/<value>.txt` and `.html`."""

    SUBMITTED = "submitted"
    DATES_CHANGED = "dates_changed"
    QUESTION = "question"
    REFUSED = "refused"
    CLOSED = "closed"
    MESSAGE = "message"
    MENTION = "mention"
    PROMISE_MADE = "promise_made"
    PROMISE_MOVED = "promise_moved"
    PROMISE_BROKEN = "promise_broken"
    PROMISE_COMES_DUE = "promise_comes_due"
    APPROVAL = "approval"
    REOPENED = "reopened"
    REVIEW = "review"
    LINE_CANCELLED = "line_cancelled"
    LINE_CHANGED = "line_changed"
    LINE_ADDED = "line_added"


class DeliveryState(StrEnum):
    """Where a mail stands: waiting (no mail server was set), queued with the worker, sent, or given up."""

    WAITING = "waiting"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class Delivery(Base):
    """One mail to one person about one event; its Message-ID stays the same however often it is sent."""

    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("entry_id", "person_id"),)

    id: Mapped[Id]
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    address: Mapped[str] = mapped_column(String(200), info=PERSONAL)
    language: Mapped[str] = mapped_column(String(2))
    mail: Mapped[Mail] = mapped_column("template", enum_column(Mail, length=30))
    state: Mapped[DeliveryState] = mapped_column(enum_column(DeliveryState), index=True)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[Moment]
    sent_at: Mapped[Moment | None]

    entry: Mapped[JournalEntry] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")
