"""The clock. Only interfaces (views, jobs, commands) read it; everything else takes the moment as an argument."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Give this moment, aware, in UTC."""
    return datetime.now(UTC)
