"""The journal: complete, in order, and tampering is seen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.journal import (
    DISPATCH,
    SYSTEM,
    Actor,
    Event,
    Happened,
    JournalEntry,
    get_entry,
    is_chain_intact,
    list_entries,
    record,
    record_all,
)
from portal.core.queue import Job, claim_job

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Event):
    """Something was opened."""

    type: ClassVar[str] = "test.opened"
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Event):
    """Something that is not for the customer."""

    type: ClassVar[str] = "test.noted"
    is_public: ClassVar[bool] = False
    what: str


def record_three(session: Session) -> list[JournalEntry]:
    record(session, Opened(what="a"), stream="request:1", by=SYSTEM, at=NOW, is_new_stream=True)
    record(session, Noted(what="é"), stream="request:1", by=Actor(origin="127.0.0.1"), at=NOW)
    record(session, Opened(what="c"), stream="request:1", by=SYSTEM, at=NOW)
    record(session, Opened(what="other"), stream="request:2", by=SYSTEM, at=NOW)
    session.flush()
    session.expire_all()
    return list(list_entries(session, stream="request:1"))


def test_a_stream_is_numbered_and_chained(session: Session) -> None:
    entries = record_three(session)
    assert [entry.sequence for entry in entries] == [1, 2, 3]
    assert [entry.data["what"] for entry in entries] == ["a", "é", "c"]
    assert is_chain_intact(entries)
    assert is_chain_intact([])
    assert [entry.sequence for entry in list_entries(session, stream="request:1", public_only=True)] == [1, 3]


def test_what_happens_together_is_chained_in_order_and_read_once(session: Session, statements: list[str]) -> None:
    record_all(session, [Happened(Opened(what="a"), SYSTEM)], stream="request:1", at=NOW)
    record_all(session, [Happened(Noted(what=what), SYSTEM) for what in "bcd"], stream="request:1", at=NOW)
    assert record_all(session, [], stream="request:1", at=NOW) == []
    assert sum(statement.startswith("SELECT") for statement in statements) == 2
    session.flush()
    session.expire_all()
    entries = list_entries(session, stream="request:1")
    assert [entry.data["what"] for entry in entries] == ["a", "b", "c", "d"]
    assert is_chain_intact(entries)
    payloads = [job.payload["entry"] for job in session.scalars(select(Job).order_by(Job.id))]
    assert payloads == [entry.id for entry in entries]


CHANGES: list[Callable[[list[JournalEntry]], object]] = [
    lambda entries: setattr(entries[1], "data", {"what": "x"}),
    lambda entries: setattr(entries[1], "actor_id", 7),
    lambda entries: setattr(entries[1], "origin", "10.0.0.1"),
    lambda entries: setattr(entries[1], "type", "test.opened"),
    lambda entries: setattr(entries[1], "is_public", True),
    lambda entries: setattr(entries[1], "at", datetime(2026, 11, 22, tzinfo=UTC)),
    lambda entries: setattr(entries[2], "previous_hash", entries[0].hash),
    lambda entries: entries.pop(1),
    lambda entries: entries.pop(0),
    lambda entries: entries.reverse(),
]


@pytest.mark.parametrize("change", CHANGES)
def test_tampering_is_seen(session: Session, change: Callable[[list[JournalEntry]], object]) -> None:
    entries = record_three(session)
    with session.no_autoflush:
        change(entries)
        assert not is_chain_intact(entries)
    session.expunge_all()


def test_what_must_follow_is_queued_in_the_same_transaction_in_the_lane_of_the_stream(session: Session) -> None:
    entry = record(session, Opened(what="a"), stream="request:1", by=SYSTEM, at=NOW)
    job = claim_job(session, at=NOW)
    assert job is not None
    assert (job.kind, job.lane, job.payload) == (DISPATCH, "request:1", {"entry": entry.id})
    assert get_entry(session, entry.id) is entry
