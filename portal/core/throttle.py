"""Rate limits, counted in the database so that several processes share them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import String, bindparam, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core.columns import Moment
from portal.core.db import Base
from portal.core.errors import TooManyAttemptsError


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `attempts` within `window` per subject."""

    name: str
    attempts: int
    window: timedelta


class Throttle(Base):
    """How many attempts one subject (an address, a user name; hashed) made in the running window."""

    __tablename__ = "throttles"

    bucket: Mapped[str] = mapped_column(String(100), primary_key=True)
    attempts: Mapped[int]
    window_ends_at: Mapped[Moment] = mapped_column(index=True)


def check_limit(session: Session, limit: Limit, *, subject: str, at: datetime) -> None:
    """Look whether the limit is reached, without counting.

    :raises TooManyAttemptsError: the limit is reached.
    """
    throttle = session.execute(_COUNTED, {"bucket": _bucket(limit, subject)}).one_or_none()
    if throttle and throttle.attempts >= limit.attempts and throttle.window_ends_at > at:
        raise TooManyAttemptsError(retry_after=_seconds_left(throttle.window_ends_at, at))


def count_attempt(session: Session, limit: Limit, *, subject: str, at: datetime) -> None:
    """Count one attempt in the running transaction.

    :raises TooManyAttemptsError: the limit was reached before this attempt.
    """
    throttle = _locked(session, _bucket(limit, subject), at)
    if throttle.window_ends_at <= at:
        throttle.attempts, throttle.window_ends_at = 0, at + limit.window
    if throttle.attempts >= limit.attempts:
        raise TooManyAttemptsError(retry_after=_seconds_left(throttle.window_ends_at, at))
    throttle.attempts += 1
    if throttle.attempts == 1:
        throttle.window_ends_at = at + limit.window


def clear_attempts(session: Session, limit: Limit, *, subject: str) -> None:
    """Forget the attempts of a subject, after a success."""
    session.execute(delete(Throttle).where(Throttle.bucket == _bucket(limit, subject)))


def delete_expired(session: Session, *, at: datetime) -> None:
    """Forget the windows that have passed."""
    session.execute(delete(Throttle).where(Throttle.window_ends_at < at))


def _locked(session: Session, bucket: str, at: datetime) -> Throttle:
    query = select(Throttle).where(Throttle.bucket == bucket).with_for_update()
    throttle = session.scalars(query).one_or_none()
    if throttle is not None:
        return throttle
    try:
        with session.begin_nested():
            throttle = Throttle(bucket=bucket, attempts=0, window_ends_at=at)
            session.add(throttle)
    except IntegrityError:
        # Another process made the row a moment ago.
        return session.scalars(query).one()
    return throttle


def _bucket(limit: Limit, subject: str) -> str:
    return f"{limit.name}:{hashlib.sha256(subject.encode()).hexdigest()}"


def _seconds_left(window_ends_at: datetime, at: datetime) -> int:
    return max(1, int((window_ends_at - at).total_seconds()))


_COUNTED: Final = select(Throttle.attempts, Throttle.window_ends_at).where(Throttle.bucket == bindparam("bucket"))
