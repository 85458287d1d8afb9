"""The job table: work for later, queued in the transaction that asks for it; at least once, in order per lane."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import JSON, Index, String, UniqueConstraint, delete, exists, func, select, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from portal.core.columns import Id, Moment, enum_column
from portal.core.db import PERSONAL, Base

LEASE: Final = timedelta(minutes=2)
MAX_ATTEMPTS: Final = 5
BACK_OFF: Final = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30))


class JobState(StrEnum):
    """Where a job stands; a quarantined one waits for an administrator."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    QUARANTINED = "quarantined"


class Job(Base):
    """One piece of work. Jobs of one lane run one after the other, in the order in which they were queued."""

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_jobs_state_run_at", "state", "run_at", "id"),
        Index("ix_jobs_lane", "lane", "state", "id"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(60))
    lane: Mapped[str | None] = mapped_column(String(60))
    key: Mapped[str | None] = mapped_column(String(120))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, info=PERSONAL)
    state: Mapped[JobState] = mapped_column(enum_column(JobState), default=JobState.QUEUED)
    run_at: Mapped[Moment]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[Moment | None]
    last_error: Mapped[str | None] = mapped_column(String(2000))
    queued_at: Mapped[Moment]
    finished_at: Mapped[Moment | None]


def enqueue(
    session: Session,
    *,
    kind: str,
    payload: Mapping[str, Any],
    at: datetime,
    lane: str | None = None,
    run_at: datetime | None = None,
    key: str | None = None,
) -> Job:
    """Queue a job in the running transaction; `key` makes it unique for ever."""
    job = Job(kind=kind, lane=lane, key=key, payload=dict(payload), run_at=run_at or at, queued_at=at)
    session.add(job)
    return job


def is_key_taken(session: Session, key: str) -> bool:
    """Tell whether a job with this key was queued before."""
    return bool(session.scalar(select(exists().where(Job.key == key))))


def claim_job(session: Session, *, at: datetime) -> Job | None:
    """Take the job that has been due longest, for the length of a lease; None when nothing is due."""
    earlier = aliased(Job)
    is_open = (JobState.QUEUED, JobState.RUNNING)
    due = (
        select(Job.id)
        .where(
            Job.state == JobState.QUEUED,
            Job.run_at <= at,
            ~exists().where(earlier.lane == Job.lane, earlier.state.in_(is_open), earlier.id < Job.id),
        )
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    claim = (
        update(Job)
        .where(Job.id == due, Job.state == JobState.QUEUED)
        .values(state=JobState.RUNNING, leased_until=at + LEASE, attempts=Job.attempts + 1)
        .returning(Job)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return session.scalars(claim).one_or_none()


def finish_job(session: Session, job_id: int, *, at: datetime) -> bool:
    """Mark a running job as done; False when its lease had run out and another worker took it."""
    done = (
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.RUNNING)
        .values(state=JobState.DONE, leased_until=None, finished_at=at, last_error=None)
    )
    return bool(session.execute(done).rowcount)  # type: ignore[attr-defined]  # a CursorResult in practice


def fail_job(session: Session, job_id: int, *, error: str, at: datetime) -> JobState:
    """Put a failed job back with a growing delay, or in quarantine after the last attempt."""
    job = session.get_one(Job, job_id)
    job.last_error = error[:2000]
    job.leased_until = None
    if job.attempts >= MAX_ATTEMPTS:
        job.state = JobState.QUARANTINED
    else:
        job.state = JobState.QUEUED
        job.run_at = at + BACK_OFF[min(job.attempts, len(BACK_OFF)) - 1]
    return job.state


def release_expired(session: Session, *, at: datetime) -> int:
    """Sweep: give back the jobs whose worker died (the lease ran out); returns how many."""
    expired = (
        update(Job).where(Job.state == JobState.RUNNING, Job.leased_until < at).values(state=JobState.QUEUED, leased_until=None, run_at=at)
    )
    return int(session.execute(expired).rowcount)  # type: ignore[attr-defined]  # a CursorResult in practice


def retry_job(session: Session, job_id: int, *, at: datetime) -> None:
    """Take a job out of quarantine for a fresh series of attempts."""
    job = session.get_one(Job, job_id)
    job.state, job.attempts, job.run_at = JobState.QUEUED, 0, at


def delete_finished(session: Session, *, before: datetime) -> int:
    """Forget the jobs that were done before a moment; returns how many."""
    old = delete(Job).where(Job.state == JobState.DONE, Job.finished_at < before)
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined]  # a CursorResult in practice


def list_quarantined(session: Session) -> Sequence[Job]:
    """List the jobs that need an administrator, newest first."""
    return session.scalars(select(Job).where(Job.state == JobState.QUARANTINED).order_by(Job.id.desc()).limit(100)).all()


def count_jobs(session: Session) -> Mapping[JobState, int]:
    """Count the jobs per state."""
    rows = session.execute(select(Job.state, func.count()).group_by(Job.state)).all()
    return {row[0]: row[1] for row in rows}
