"""Limits: of many attempts at once exactly the limit pass, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.core.db import separate_transaction
from portal.core.errors import TooManyAttemptsError
from portal.core.throttle import Limit, Throttle, check_limit, clear_attempts, count_attempt, delete_expired
from portal.web.application import Application

LIMIT = Limit("test", attempts=3, window=timedelta(minutes=10))
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def try_often(session: Session, times: int, *, at: datetime = NOW, subject: str = "a") -> int:
    passed, waits = 0, list[int]()
    for _ in range(times):
        try:
            count_attempt(session, LIMIT, subject=subject, at=at)
        except TooManyAttemptsError as error:
            waits.append(error.retry_after)
        else:
            passed += 1
    assert all(0 < wait <= 600 for wait in waits)
    return passed


def test_the_limit_passes_per_window_and_subject(session: Session) -> None:
    assert try_often(session, 5) == 3
    assert try_often(session, 5, subject="b") == 3
    assert try_often(session, 1, at=NOW + LIMIT.window - timedelta(seconds=1)) == 0
    assert try_often(session, 5, at=NOW + LIMIT.window) == 3


def test_looking_does_not_count(session: Session) -> None:
    for _ in range(5):
        check_limit(session, LIMIT, subject="a", at=NOW)
    try_often(session, 3)
    with pytest.raises(TooManyAttemptsError):
        check_limit(session, LIMIT, subject="a", at=NOW)
    clear_attempts(session, LIMIT, subject="a")
    check_limit(session, LIMIT, subject="a", at=NOW)


def test_subjects_are_kept_as_fingerprints_and_forgotten(session: Session) -> None:
    try_often(session, 1, subject="noor@loket.example")
    session.flush()
    assert "noor" not in session.query(Throttle).one().bucket
    delete_expired(session, at=NOW + LIMIT.window + timedelta(seconds=1))
    assert session.query(Throttle).count() == 0


def test_of_forty_attempts_at_once_exactly_the_limit_pass(committed_app: Application) -> None:
    limit = Limit("race", attempts=7, window=timedelta(minutes=10))

    def attempt(_number: int) -> bool:
        try:
            with committed_app.app_context(), separate_transaction() as session:
                count_attempt(session, limit, subject="a", at=NOW)
        except TooManyAttemptsError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(40))) == 7
