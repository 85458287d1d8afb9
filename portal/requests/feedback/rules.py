"""What people can say about a request that is done, and how long they can say it. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

RATE_WITHIN: Final = timedelta(days=30)
"""So long after the end somebody can say whether it went well; later it is about something else."""

CHANGE_WITHIN: Final = timedelta(days=14)
"""So long after saying it somebody can change their mind."""

FEWEST_RATINGS: Final = 5
"""No share is shown of fewer ratings than this: it would be chance, and about people."""


class Score(StrEnum):
    """How satisfied somebody is, as three faces."""

    HAPPY = "happy"
    NEUTRAL = "neutral"
    UNHAPPY = "unhappy"


class Door(StrEnum):
    """Through which door a rating came in."""

    MAIL = "mail"
    PAGE = "page"
    CODE = "code"


def can_rate(*, closed_at: datetime, rated_at: datetime | None, at: datetime) -> bool:
    """Tell whether a request that was done at `closed_at` can be rated at `at`, or its rating changed.

    What was said before the request was opened again and done once more is about the earlier end.
    """
    if rated_at is None or rated_at < closed_at:
        return at <= closed_at + RATE_WITHIN
    return at <= rated_at + CHANGE_WITHIN
