"""The journal: what happened, append-only and chained. Audit trail, timeline and outbox in one."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar, Final, NamedTuple

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, bindparam, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core.columns import Id, Moment
from portal.core.db import PERSONAL, Base
from portal.core.queue import enqueue

DISPATCH = "dispatch_event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened. Subclasses name it in the past tense and carry JSON-ready fields."""

    type: ClassVar[str]
    is_public: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: a person, possibly on behalf of another, from an address; no person means the system."""

    person_id: int | None = None
    on_behalf_of_id: int | None = None
    origin: str | None = None


SYSTEM = Actor()


class Happened(NamedTuple):
    """An event that is to be recorded, and who did it."""

    event: Event
    by: Actor


class JournalEntry(Base):
    """One event on one stream (such as `request:42`), linked to the one before it by its hash."""

    __tablename__ = "journal"
    __table_args__ = (
        UniqueConstraint("stream", "sequence"),
        Index("ix_journal_at", "at"),
    )

    id: Mapped[Id]
    stream: Mapped[str] = mapped_column(String(60))
    sequence: Mapped[int]
    type: Mapped[str] = mapped_column(String(60))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, info=PERSONAL)
    at: Mapped[Moment]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    origin: Mapped[str | None] = mapped_column(String(60), info=PERSONAL)
    is_public: Mapped[bool]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


def record(session: Session, event: Event, *, stream: str, by: Actor, at: datetime, is_new_stream: bool = False) -> JournalEntry:
    """Append `event` to `stream` in the running transaction and queue what must follow from it.

    `is_new_stream` says that nothing was recorded on it yet, which saves a query.
    """
    return record_all(session, [Happened(event, by)], stream=stream, at=at, is_new_stream=is_new_stream)[0]


def record_all(
    session: Session, events: Sequence[Happened], *, stream: str, at: datetime, is_new_stream: bool = False
) -> Sequence[JournalEntry]:
    """Append events that happen together to `stream`, as `record` does; what came before is read once."""
    if not events:
        return []
    last = None if is_new_stream else session.execute(_LAST_ENTRY, {"stream": stream}).one_or_none()
    sequence, previous_hash = last or (0, "")
    entries = []
    for number, (event, by) in enumerate(events, start=sequence + 1):
        entry = JournalEntry(
            stream=stream,
            sequence=number,
            type=event.type,
            data=asdict(event),
            at=at,
            actor_id=by.person_id,
            on_behalf_of_id=by.on_behalf_of_id,
            origin=by.origin,
            is_public=event.is_public,
            previous_hash=previous_hash,
        )
        entry.hash = previous_hash = seal_of(entry)
        entries.append(entry)
    # Written at once and alone: a flush would write all that changed so far, and again what changes after it.
    stored = session.scalars(_APPEND, [_row(entry) for entry in entries]).all()
    for entry in stored:
        enqueue(session, kind=DISPATCH, lane=stream, payload={"entry": entry.id}, at=at)
    return stored


def _row(entry: JournalEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in _COLUMNS}


def list_entries(session: Session, *, stream: str, public_only: bool = False) -> Sequence[JournalEntry]:
    """List what happened on `stream`, oldest first."""
    return session.scalars(_PUBLIC_ENTRIES if public_only else _ENTRIES, {"stream": stream}).all()


def stream_all_entries(session: Session) -> Iterator[JournalEntry]:
    """Give all entries, stream by stream, oldest first, without holding them all."""
    query = select(JournalEntry).order_by(JournalEntry.stream, JournalEntry.sequence).execution_options(yield_per=1000)
    return iter(session.scalars(query))


def get_entry(session: Session, entry_id: int) -> JournalEntry:
    """Load one entry.

    :raises NoResultFound: there is no such entry.
    """
    return session.get_one(JournalEntry, entry_id)


def is_chain_intact(entries: Sequence[JournalEntry]) -> bool:
    """Tell whether the entries of one stream, oldest first, are complete and unchanged."""
    previous = ""
    for sequence, entry in enumerate(entries, start=1):
        if (entry.sequence, entry.previous_hash, entry.hash) != (sequence, previous, seal_of(entry)):
            return False
        previous = entry.hash
    return True


def seal_of(entry: JournalEntry) -> str:
    """Compute the hash of an entry from what it says and the hash of the one before it; also for what is inserted in bulk."""
    parts = [
        entry.stream,
        entry.sequence,
        entry.type,
        entry.data,
        entry.at.isoformat(),
        entry.actor_id,
        entry.on_behalf_of_id,
        entry.origin,
        entry.is_public,
        entry.previous_hash,
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


_COLUMNS: Final = tuple(column.key for column in JournalEntry.__table__.columns if not column.primary_key)
_APPEND: Final = insert(JournalEntry).returning(JournalEntry, sort_by_parameter_order=True)
_ENTRIES: Final = select(JournalEntry).where(JournalEntry.stream == bindparam("stream")).order_by(JournalEntry.sequence)
_PUBLIC_ENTRIES: Final = _ENTRIES.where(JournalEntry.is_public)
_LAST_ENTRY: Final = (
    select(JournalEntry.sequence, JournalEntry.hash)
    .where(JournalEntry.stream == bindparam("stream"))
    .order_by(JournalEntry.sequence.desc())
    .limit(1)
)
