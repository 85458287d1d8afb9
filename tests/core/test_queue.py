"""The job table: in order per lane, with leases, retries and quarantine."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core.queue import (
    BACK_OFF,
    LEASE,
    MAX_ATTEMPTS,
    Job,
    JobState,
    claim_job,
    count_jobs,
    delete_finished,
    enqueue,
    fail_job,
    finish_job,
    is_key_taken,
    list_quarantined,
    release_expired,
    retry_job,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def queue(session: Session, name: str, *, lane: str | None = None, run_at: datetime | None = None) -> Job:
    job = enqueue(session, kind=name, payload={"name": name}, at=NOW, lane=lane, run_at=run_at)
    session.flush()
    return job


def claim(session: Session, at: datetime = NOW) -> str | None:
    job = claim_job(session, at=at)
    return job.kind if job else None


def test_the_job_that_is_due_longest_comes_first(session: Session) -> None:
    queue(session, "later", run_at=NOW + SECOND)
    queue(session, "second")
    queue(session, "first", run_at=NOW - SECOND)
    assert [claim(session), claim(session), claim(session)] == ["first", "second", None]
    assert claim(session, NOW + SECOND) == "later"


def test_jobs_of_one_lane_keep_their_order_and_hold_up_only_their_lane(session: Session) -> None:
    first = queue(session, "a1", lane="a")
    queue(session, "a2", lane="a")
    queue(session, "b1", lane="b")
    assert [claim(session), claim(session), claim(session)] == ["a1", "b1", None]
    fail_job(session, first.id, attempt=1, error="away", at=NOW)
    session.flush()
    assert claim(session) is None
    assert claim(session, NOW + BACK_OFF[0]) == "a1"
    assert finish_job(session, first.id, attempt=2, at=NOW)
    assert claim(session) == "a2"


def test_a_worker_that_died_gives_its_job_back(session: Session) -> None:
    job = queue(session, "a")
    claim(session)
    assert release_expired(session, at=NOW + LEASE) == 0
    assert release_expired(session, at=NOW + LEASE + SECOND) == 1
    assert claim(session, NOW + LEASE + SECOND) == "a"
    session.refresh(job)
    assert job.attempts == 2


def test_who_lost_the_lease_can_no_longer_finish_or_fail(session: Session) -> None:
    job = queue(session, "a")
    claim(session)
    release_expired(session, at=NOW + LEASE + SECOND)
    claim(session, NOW + LEASE + SECOND)
    assert not finish_job(session, job.id, attempt=1, at=NOW)
    assert fail_job(session, job.id, attempt=1, error="late", at=NOW) is None
    assert finish_job(session, job.id, attempt=2, at=NOW)


def test_retries_grow_and_end_in_quarantine(session: Session) -> None:
    job = queue(session, "a")
    moment, states, delays = NOW, [], []
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert claim(session, moment) == "a"
        states.append(fail_job(session, job.id, attempt=attempt, error="x" * 5000, at=moment))
        session.refresh(job)
        delays.append(job.run_at - moment)
        moment = job.run_at
    assert states == [JobState.QUEUED] * (MAX_ATTEMPTS - 1) + [JobState.QUARANTINED]
    assert tuple(delays[:-1]) == BACK_OFF
    assert list(list_quarantined(session)) == [job]
    assert count_jobs(session) == {JobState.QUARANTINED: 1}
    retry_job(session, job.id, at=moment)
    assert claim(session, moment) == "a"


def test_a_quarantined_job_does_not_hold_up_its_lane(session: Session) -> None:
    queue(session, "bad", lane="a").state = JobState.QUARANTINED
    queue(session, "good", lane="a")
    assert claim(session) == "good"


def test_a_key_is_queued_once(session: Session) -> None:
    enqueue(session, kind="daily", payload={}, at=NOW, key="daily:2026-11-21")
    session.flush()
    assert is_key_taken(session, "daily:2026-11-21")
    assert not is_key_taken(session, "daily:2026-11-22")
    with pytest.raises(IntegrityError), session.begin_nested():
        enqueue(session, kind="daily", payload={}, at=NOW, key="daily:2026-11-21")


def test_finished_jobs_are_forgotten(session: Session) -> None:
    job = queue(session, "a")
    claim(session)
    finish_job(session, job.id, attempt=1, at=NOW)
    assert delete_finished(session, before=NOW) == 0
    assert delete_finished(session, before=NOW + SECOND) == 1
