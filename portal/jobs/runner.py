"""Running jobs: claimed in one transaction, carried out and finished in a second, put back in a third when they fail."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.exc import IntegrityError

from portal.core.db import db, reading, transaction
from portal.core.queue import JobState, claim_job, enqueue, fail_job, finish_job, is_key_taken
from portal.jobs.table import HANDLERS, SCHEDULE
from portal.web.application import Application

_LOG: Final = logging.getLogger("portal.jobs")


class LeaseLostError(RuntimeError):
    """The job took longer than its lease and was given back: what this attempt changed is undone."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this attempt holds."""

    job_id: int
    kind: str
    payload: Mapping[str, Any]
    attempt: int


def run_due(app: Application, *, at: datetime, kinds: Collection[str] | None = None) -> bool:
    """Run the job (of these kinds) that has been due longest; False when nothing is due."""
    claim = _claim(app, at=at, kinds=kinds)
    if claim is None:
        return False
    try:
        _carry_out(app, claim, at=at)
    except LeaseLostError:
        _LOG.warning("job %s (%s): the lease ran out, somebody else has it", claim.job_id, claim.kind)
    except Exception as error:  # noqa: BLE001  whatever goes wrong in a job is kept with the job
        _put_back(app, claim, error, at=at)
    return True


def run_all_due(app: Application, *, at: datetime) -> int:
    """Run jobs until none is due at this moment; returns how many."""
    number = 0
    while run_due(app, at=at):
        number += 1
    return number


def queue_scheduled(app: Application, *, at: datetime, last: dict[str, int]) -> None:
    """Queue what runs by the clock, once per period however many workers there are; `last` remembers the periods done."""
    for one in SCHEDULE:
        slot = one.slot(at)
        if last.get(one.kind) != slot:
            _queue_once(app, kind=one.kind, key=f"{one.kind}:{slot}", at=at)
            last[one.kind] = slot


def _claim(app: Application, *, at: datetime, kinds: Collection[str] | None) -> Claim | None:
    with app.app_context(), transaction() as session:
        job = claim_job(session, at=at, kinds=kinds)
        return Claim(job.id, job.kind, job.payload, job.attempts) if job else None


def _carry_out(app: Application, claim: Claim, *, at: datetime) -> None:
    handler = HANDLERS[claim.kind]
    if handler.prepare:
        with app.app_context(), reading():
            errand = handler.prepare(db.session(), claim.payload)
        if errand:
            errand()
    payload = claim.payload
    if handler.reckon:
        with app.app_context(), reading():
            payload = {**payload, **handler.reckon(db.session(), payload)}
    with app.app_context(), transaction() as session:
        handler.change(session, payload, at)
        if not finish_job(session, claim.job_id, attempt=claim.attempt, at=at):
            raise LeaseLostError


def _put_back(app: Application, claim: Claim, error: Exception, *, at: datetime) -> None:
    _LOG.warning("job %s (%s), attempt %s failed: %s", claim.job_id, claim.kind, claim.attempt, error)
    with app.app_context(), transaction() as session:
        state = fail_job(session, claim.job_id, attempt=claim.attempt, error=f"{type(error).__name__}: {error}", at=at)
        handler = HANDLERS.get(claim.kind)
        if state is JobState.QUARANTINED and handler and handler.give_up:
            handler.give_up(session, claim.payload)


def _queue_once(app: Application, *, kind: str, key: str, at: datetime) -> None:
    try:
        with app.app_context(), transaction() as session:
            if not is_key_taken(session, key):
                enqueue(session, kind=kind, payload={}, key=key, at=at)
    except IntegrityError:
        # Another worker queued it at the same moment.
        return
