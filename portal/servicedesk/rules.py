"""How much a request is at risk, and which ones wait for a sign. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

NEAR: Final = timedelta(days=2)


class Risk(StrEnum):
    """Whether a request comes in time, the worst first."""

    LATE = "late"
    SLIPPED = "slipped"
    NEAR = "near"
    ON_TIME = "on_time"


class Only(StrEnum):
    """Which requests a list holds when it does not hold all open ones."""

    UNANSWERED = "unanswered"
    """Open, and the first answer is late."""
    WRITTEN = "written"
    """Closed, and nobody gave a sign since the customer wrote."""


def risk_of(*, expected_at: datetime, latest_at: datetime, first_latest_at: datetime, now: datetime) -> Risk:
    """Judge an open request.

    Late when its latest date has passed, slipped when it is expected after the latest date that was given at the
    beginning, near when the latest date is less than `NEAR` away.
    """
    if latest_at < now:
        return Risk.LATE
    if expected_at > first_latest_at:
        return Risk.SLIPPED
    return Risk.NEAR if latest_at - now < NEAR else Risk.ON_TIME
