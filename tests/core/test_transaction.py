"""Units of work: return commits, raise rolls back, reading may not write, and no write is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import monotonic

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from portal.core.db import WriteInReadOnlyError, WriteInsideWriteError, db, let_go, reading, separate_transaction, transaction
from portal.core.queue import Job, enqueue
from portal.core.texts import LocalText
from portal.core.throttle import Throttle
from portal.people.models import Department
from portal.web.application import Application

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def count_departments(app: Application) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Department)) or 0


def department(code: str) -> Department:
    return Department(code=code, name=LocalText(nl=code, en=code))


def test_return_commits(committed_app: Application) -> None:
    with committed_app.app_context(), transaction() as session:
        session.add(department("a"))
    assert count_departments(committed_app) == 1


def test_raise_rolls_back(committed_app: Application) -> None:
    def fail() -> None:
        with committed_app.app_context(), transaction() as session:
            session.add(department("a"))
            session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert count_departments(committed_app) == 0


def test_reading_may_not_write(committed_app: Application) -> None:
    with committed_app.app_context(), reading():
        db.session.add(department("a"))
        with pytest.raises(WriteInReadOnlyError):
            db.session.flush()
        db.session.rollback()
        with pytest.raises(WriteInReadOnlyError):
            db.session.execute(update(Department).values(code="b"))
        db.session.rollback()


def test_outside_any_unit_of_work_nothing_may_be_written(committed_app: Application) -> None:
    with committed_app.app_context():
        db.session.add(department("a"))
        with pytest.raises(WriteInReadOnlyError):
            db.session.commit()
        db.session.rollback()


def test_a_separate_transaction_stays_although_the_request_fails(committed_app: Application) -> None:
    def fail() -> None:
        with committed_app.app_context(), transaction() as session:
            with separate_transaction() as separate:
                separate.add(department("kept"))
            session.add(department("lost"))
            session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert count_departments(committed_app) == 1


def test_a_separate_transaction_is_refused_where_it_would_wait_for_the_surrounding_one(committed_app: Application) -> None:
    with committed_app.app_context(), transaction() as session:
        session.scalar(select(func.count()).select_from(Department))
        with pytest.raises(WriteInsideWriteError), separate_transaction():
            pass
        let_go()
        with separate_transaction() as separate:
            separate.add(department("kept"))
        session.add(department("too"))
    assert count_departments(committed_app) == 2


def test_fifty_writers_lose_nothing(committed_app: Application) -> None:
    with committed_app.app_context(), transaction() as session:
        session.add(Throttle(bucket="sum", attempts=0, window_ends_at=NOW))
    until = monotonic() + 2

    def write(_number: int) -> int:
        done = 0
        while monotonic() < until:
            with committed_app.app_context(), transaction() as session:
                row = session.scalars(select(Throttle).where(Throttle.bucket == "sum").with_for_update()).one()
                row.attempts += 1
                enqueue(session, kind="x", payload={}, at=NOW)
            done += 1
        return done

    # Each writer has a connection; the pool of PostgreSQL is the smaller one here, and waiting for it is no error.
    with ThreadPoolExecutor(50 if committed_app.settings.database_url.startswith("sqlite") else 20) as pool:
        done = sum(pool.map(write, range(50)))
    with committed_app.app_context():
        assert db.session.scalar(select(Throttle.attempts)) == done
        assert db.session.scalar(select(func.count()).select_from(Job)) == done
    assert done >= 50


def test_foreign_keys_are_kept(session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.scalar(text("PRAGMA synchronous")) == 2
