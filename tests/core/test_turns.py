"""Who wants to write in a SQLite file gets a turn, however many others do."""

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import event, select

from portal.core.db import db, transaction
from portal.core.throttle import Throttle
from portal.web.application import Application
from tests.applications import running

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PATIENCE = 1.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


@pytest.fixture
def impatient(file: Path) -> Iterator[Application]:
    """Give an application on a file of its own that waits no longer than a second."""
    with running(f"sqlite:///{file}") as app:
        with app.app_context():
            event.listen(db.engine, "connect", lambda driver, _entry: driver.execute(f"PRAGMA busy_timeout={int(PATIENCE * 1000)}"))
            db.engine.dispose()
        with app.app_context(), transaction() as session:
            session.add(Throttle(bucket="sum", attempts=0, window_ends_at=NOW))
        yield app


def add_one(app: Application, *, seconds: float = 0.0) -> None:
    with app.app_context(), transaction() as session:
        session.scalars(select(Throttle).where(Throttle.bucket == "sum")).one().attempts += 1
        session.flush()
        sleep(seconds)


def total(app: Application) -> int | None:
    with app.app_context():
        return db.session.scalar(select(Throttle.attempts))


def test_each_of_many_threads_gets_a_turn(impatient: Application) -> None:
    until = monotonic() + 3 * PATIENCE

    def write(_number: int) -> int:
        done = 0
        while monotonic() < until:
            add_one(impatient, seconds=0.004)
            done += 1
        return done

    with ThreadPoolExecutor(10) as pool:
        done = [*pool.map(write, range(10))]
    assert total(impatient) == sum(done)
    assert max(done) - min(done) <= 3, "one after the other"


def test_beside_another_process_that_hardly_rests_everybody_gets_a_turn(impatient: Application, file: Path) -> None:
    stop = threading.Event()

    def write_on() -> None:
        other = sqlite3.connect(file, isolation_level=None, timeout=10)
        while not stop.is_set():
            other.execute("BEGIN IMMEDIATE")
            sleep(0.06)
            other.execute("COMMIT")
            sleep(0.002)
        other.close()

    beside = threading.Thread(target=write_on)
    beside.start()
    try:
        for _ in range(60):
            add_one(impatient)
    finally:
        stop.set()
        beside.join()
    assert total(impatient) == 60


def test_a_turn_is_given_back_after_a_failure(impatient: Application) -> None:
    def fail() -> None:
        with impatient.app_context(), transaction() as session:
            session.add(Throttle(bucket="lost", attempts=0, window_ends_at=NOW))
            session.flush()
            raise LookupError

    for _ in range(3):
        with pytest.raises(LookupError):
            fail()
    since = monotonic()
    add_one(impatient)
    assert monotonic() - since < PATIENCE
    assert total(impatient) == 1


def test_a_connection_that_is_thrown_away_gives_its_turn_back(impatient: Application) -> None:
    with impatient.app_context(), suppress(KeyboardInterrupt), transaction() as session:
        session.connection().invalidate()
        raise KeyboardInterrupt
    begun = monotonic()
    add_one(impatient)
    assert total(impatient) == 1
    assert monotonic() - begun < PATIENCE, "nobody waits for who is gone"
