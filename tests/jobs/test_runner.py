"""Running jobs with connections that really commit: nothing lost, nothing twice, in order per lane."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.core.db import db, transaction
from portal.core.queue import LEASE, MAX_ATTEMPTS, Job, JobState, claim_job, enqueue, finish_job, release_expired
from portal.jobs import runner
from portal.jobs.runner import queue_scheduled, run_all_due, run_due
from portal.jobs.table import SCHEDULE, Handler, Scheduled
from portal.jobs.worker import Worker
from portal.web.application import Application

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Diary:
    """Keeps which job ran, in the order in which they ended."""

    def __init__(self) -> None:
        self.lines: list[Any] = []
        self._lock = threading.Lock()

    def write(self, _session: Session, payload: Any, _at: datetime) -> None:
        with self._lock:
            self.lines.append(payload["number"])


@pytest.fixture
def diary(monkeypatch: pytest.MonkeyPatch) -> Diary:
    """Give the diary that jobs of the kind `note` write in."""
    written = Diary()
    monkeypatch.setattr(runner, "HANDLERS", {"note": Handler(written.write)})
    return written


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Let jobs of the kind `note` write a job and fail; give the ids of those given up."""
    given_up: list[int] = []

    def change(session: Session, _payload: Any, at: datetime) -> None:
        enqueue(session, kind="never", payload={}, at=at)
        session.flush()
        message = "no luck"
        raise OSError(message)

    handler = Handler(change, give_up=lambda _session, payload: given_up.append(payload["number"]))
    monkeypatch.setattr(runner, "HANDLERS", {"note": handler})
    return given_up


def queue(app: Application, number: int, *, lanes: int = 0, at: datetime = NOW) -> None:
    with app.app_context(), transaction() as session:
        for one in range(number):
            enqueue(session, kind="note", payload={"number": one}, lane=f"lane{one % lanes}" if lanes else None, at=at)


def jobs_of(app: Application) -> list[Job]:
    with app.app_context():
        jobs = list(db.session.scalars(select(Job).order_by(Job.id)))
        db.session.expunge_all()
        return jobs


def work_together(app: Application, *, workers: int) -> None:
    threads = [threading.Thread(target=run_all_due, args=(app,), kwargs={"at": NOW}) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    # A worker may have stopped while another one still held the last job before a lane's next.
    run_all_due(app, at=NOW)


def test_four_workers_do_each_job_once(committed_app: Application, diary: Diary) -> None:
    queue(committed_app, 120)
    work_together(committed_app, workers=4)
    assert Counter(diary.lines) == Counter(range(120))
    assert {job.state for job in jobs_of(committed_app)} == {JobState.DONE}
    assert {job.attempts for job in jobs_of(committed_app)} == {1}


def test_four_workers_keep_the_order_of_each_lane(committed_app: Application, diary: Diary) -> None:
    queue(committed_app, 120, lanes=5)
    work_together(committed_app, workers=4)
    assert sorted(diary.lines) == list(range(120))
    for lane in range(5):
        assert [number for number in diary.lines if number % 5 == lane] == list(range(lane, 120, 5))


def test_a_failing_job_holds_up_its_lane_and_no_other(committed_app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []

    def change(_session: Session, payload: Any, _at: datetime) -> None:
        if payload["number"] == 0:
            raise OSError
        done.append(payload["number"])

    monkeypatch.setattr(runner, "HANDLERS", {"note": Handler(change)})
    queue(committed_app, 6, lanes=2)
    run_all_due(committed_app, at=NOW)
    assert done == [1, 3, 5]


def test_what_a_failed_job_changed_is_undone_and_it_comes_back_later_each_time(committed_app: Application, fails: list[int]) -> None:
    queue(committed_app, 1)
    at, delays = NOW, []
    for _ in range(MAX_ATTEMPTS - 1):
        assert run_due(committed_app, at=at)
        (job,) = jobs_of(committed_app)
        assert (job.state, job.last_error) == (JobState.QUEUED, "OSError: no luck")
        assert not run_due(committed_app, at=job.run_at - timedelta(seconds=1))
        delays.append(job.run_at - at)
        at = job.run_at
    assert delays == sorted(delays)
    assert not fails
    assert run_due(committed_app, at=at)
    (job,) = jobs_of(committed_app)
    assert (job.state, fails) == (JobState.QUARANTINED, [0])
    assert not run_due(committed_app, at=at + timedelta(days=9))


def test_an_unknown_kind_ends_in_quarantine_and_stops_nothing(committed_app: Application, diary: Diary) -> None:
    with committed_app.app_context(), transaction() as session:
        enqueue(session, kind="gone", payload={}, at=NOW)
    queue(committed_app, 1)
    assert run_all_due(committed_app, at=NOW) == 2
    assert diary.lines == [0]
    assert jobs_of(committed_app)[0].last_error == "KeyError: 'gone'"


def test_a_job_of_a_dead_worker_is_done_by_another(committed_app: Application, diary: Diary) -> None:
    queue(committed_app, 1)
    with committed_app.app_context(), transaction() as session:
        dead = claim_job(session, at=NOW)
        assert dead is not None
        held = dead.id, dead.attempts
    assert not run_due(committed_app, at=NOW)
    later = NOW + LEASE + timedelta(seconds=1)
    with committed_app.app_context(), transaction() as session:
        assert release_expired(session, at=later) == 1
    assert run_due(committed_app, at=later)
    assert diary.lines == [0]
    with committed_app.app_context(), transaction() as session:
        assert not finish_job(session, held[0], attempt=held[1], at=later)


def test_an_attempt_that_lost_its_lease_changes_nothing(committed_app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(session: Session, _payload: Any, at: datetime) -> None:
        session.execute(text("UPDATE jobs SET attempts = attempts + 1"))
        enqueue(session, kind="never", payload={}, at=at)

    monkeypatch.setattr(runner, "HANDLERS", {"note": Handler(change)})
    queue(committed_app, 1)
    assert run_due(committed_app, at=NOW)
    (job,) = jobs_of(committed_app)
    assert (job.state, job.attempts) == (JobState.RUNNING, 1)


def test_a_job_that_kills_every_worker_is_set_apart(committed_app: Application) -> None:
    queue(committed_app, 1)
    at = NOW
    for _ in range(MAX_ATTEMPTS):
        with committed_app.app_context(), transaction() as session:
            assert claim_job(session, at=at)
        at += LEASE + timedelta(seconds=1)
        with committed_app.app_context(), transaction() as session:
            release_expired(session, at=at)
    (job,) = jobs_of(committed_app)
    assert (job.state, job.last_error) == (JobState.QUARANTINED, "The worker stopped before the job was done.")


def test_an_errand_outside_holds_no_transaction(committed_app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    def prepare(_session: Session, _payload: Any) -> Any:
        return lambda: queue(committed_app, 1, at=NOW + timedelta(days=1))

    monkeypatch.setattr(runner, "HANDLERS", {"note": Handler(lambda *_: None, prepare=prepare)})
    queue(committed_app, 1)
    assert run_due(committed_app, at=NOW)
    assert [job.state for job in jobs_of(committed_app)] == [JobState.DONE, JobState.QUEUED]


def test_scheduled_work_is_queued_once_per_period_by_all_workers_together(committed_app: Application) -> None:
    seen: dict[str, int] = {}
    for moment in (NOW, NOW, NOW + timedelta(seconds=61)):
        queue_scheduled(committed_app, at=moment, last=seen)
        queue_scheduled(committed_app, at=moment, last={})
    kinds = Counter(job.kind for job in jobs_of(committed_app))
    assert kinds == {one.kind: 2 if one.every == timedelta(minutes=1) else 1 for one in SCHEDULE}
    assert Scheduled("x", timedelta(minutes=1)).slot(NOW) + 1 == Scheduled("x", timedelta(minutes=1)).slot(NOW + timedelta(seconds=61))


def test_scheduled_work_runs(committed_app: Application) -> None:
    queue_scheduled(committed_app, at=NOW, last={})
    assert run_all_due(committed_app, at=NOW) == len(SCHEDULE)
    assert {job.state for job in jobs_of(committed_app)} == {JobState.DONE}


def test_the_worker_works_until_it_is_stopped(committed_app: Application) -> None:
    worker = Worker(committed_app)
    worker.start()
    for _ in range(100):
        if len([job for job in jobs_of(committed_app) if job.state is JobState.DONE]) == len(SCHEDULE):
            break
        threading.Event().wait(0.1)
    worker.stop()
    assert worker.join(10)
    assert {job.state for job in jobs_of(committed_app)} == {JobState.DONE}


def test_claiming_uses_the_indexes_among_a_hundred_thousand_finished_jobs(committed_app: Application) -> None:
    row = {"kind": "note", "lane": "lane", "payload": {}, "state": JobState.DONE, "run_at": NOW, "queued_at": NOW, "finished_at": NOW}
    with committed_app.app_context(), transaction() as session:
        session.execute(Job.__table__.insert(), [row | {"attempts": 1} for _ in range(100_000)])
        session.execute(Job.__table__.insert(), [row | {"attempts": 0, "state": JobState.QUEUED} for _ in range(20)])
    with committed_app.app_context(), transaction() as session:
        session.execute(text("ANALYZE jobs"))
    seen: list[str] = []
    with committed_app.app_context(), transaction() as session:
        explain = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
        plan = session.connection().exec_driver_sql(f"{explain} {_claim_as_text()}").all()
        seen = [str(line) for line in plan]
    assert not [line for line in seen if "SCAN jobs" in line or "Seq Scan" in line], seen


def _claim_as_text() -> str:
    """Write the statement of claim_job with its values in it."""
    caught: list[Any] = []

    class Catcher:
        def scalars(self, statement: Any) -> "Catcher":
            caught.append(statement)
            return self

        def one_or_none(self) -> None:
            return None

    claim_job(Catcher(), at=NOW)  # type: ignore[arg-type]
    return str(caught[0].compile(db.engine, compile_kwargs={"literal_binds": True}))
