"""The job table: work for later, queued in the transaction that asks for it; at least once, in order per lane."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BindParameter,
    Index,
    String,
    UniqueConstraint,
    Update,
    case,
    delete,
    exists,
    func,
    literal,
    select,
    true,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from portal.core.columns import Id, Moment, enum_column
from portal.core.db import PERSONAL, Base
from portal.core.errors import ConflictError, NotFoundError

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


def claim_job(session: Session, *, at: datetime, kinds: Collection[str] | None = None) -> Job | None:
    """Take the job (of one of `kinds`, or of any) that has been due longest, for the length of a lease; None when nothing is due.

    `attempts` of the job is the number of this attempt: whoever finishes or fails it must name it.
    """
    earlier = aliased(Job)
    is_open = (JobState.QUEUED, JobState.RUNNING)
    due = (
        select(Job.id)
        .where(
            Job.state == JobState.QUEUED,
            Job.run_at <= at,
            true() if kinds is None else Job.kind.in_(kinds),
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


def finish_job(session: Session, job_id: int, *, attempt: int, at: datetime) -> bool:
    """Mark a running job as done; False when the lease of this attempt had run out and the job was given back."""
    done = _held(job_id, attempt).values(state=JobState.DONE, leased_until=None, finished_at=at, last_error=None)
    return bool(session.execute(done).rowcount)  # type: ignore[attr-defined]  # a CursorResult in practice


def finish_lanes(session: Session, lanes: Collection[str], *, at: datetime) -> None:
    """Put down as done what waits on these lanes, without doing it; for a history that is made afterwards."""
    waiting = update(Job).where(Job.lane.in_(lanes), Job.state == JobState.QUEUED)
    session.execute(waiting.values(state=JobState.DONE, finished_at=at).execution_options(synchronize_session=False))


def fail_job(session: Session, job_id: int, *, attempt: int, error: str, at: datetime) -> JobState | None:
    """Put a failed job back with a growing delay, or in quarantine after the last attempt; None when another worker has it."""
    is_last = attempt >= MAX_ATTEMPTS
    state = JobState.QUARANTINED if is_last else JobState.QUEUED
    run_at = at if is_last else at + BACK_OFF[min(attempt, len(BACK_OFF)) - 1]
    failed = _held(job_id, attempt).values(state=state, leased_until=None, run_at=run_at, last_error=error[:2000])
    return state if session.execute(failed).rowcount else None  # type: ignore[attr-defined]  # a CursorResult in practice


def release_expired(session: Session, *, at: datetime) -> int:
    """Sweep: give back the jobs whose worker died (the lease ran out); returns how many.

    A job that took its worker with it in every attempt goes in quarantine.
    """
    expired = (
        update(Job)
        .where(Job.state == JobState.RUNNING, Job.leased_until < at)
        .values(
            state=case((Job.attempts >= MAX_ATTEMPTS, _literal(JobState.QUARANTINED)), else_=_literal(JobState.QUEUED)),
            leased_until=None,
            run_at=at,
            last_error="The worker stopped before the job was done.",
        )
        .execution_options(synchronize_session=False)
    )
    return int(session.execute(expired).rowcount)  # type: ignore[attr-defined]  # a CursorResult in practice


def retry_job(session: Session, job_id: int, *, at: datetime) -> None:
    """Take a job out of quarantine for a fresh series of attempts.

    :raises NotFoundError: there is no such job.
    :raises ConflictError: it is not in quarantine (any more).
    """
    again = update(Job).where(Job.id == job_id, Job.state == JobState.QUARANTINED).values(state=JobState.QUEUED, attempts=0, run_at=at)
    if session.execute(again).rowcount:  # type: ignore[attr-defined]  # a CursorResult in practice
        return
    if session.get(Job, job_id) is None:
        raise NotFoundError
    raise ConflictError("stale_version")


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


def _held(job_id: int, attempt: int) -> Update:
    """Change a job only while this attempt still holds it."""
    held = update(Job).where(Job.id == job_id, Job.state == JobState.RUNNING, Job.attempts == attempt)
    return held.execution_options(synchronize_session=False)


def _literal(state: JobState) -> BindParameter[JobState]:
    return literal(state, type_=Job.__table__.c.state.type)
