"""Adding up what became of dates, and when too little happened to say anything. Plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

FEWEST: Final = 5
"""With fewer cases nothing is shown: it would be chance, and about people."""

MONTHS: Final = 12
_YEAR_MONTHS: Final = 12


class Counted(Protocol):
    """What was counted of some forecasts; the days are sums."""

    cases: int
    by_expected: int
    by_latest: int
    off_days: float
    width_days: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of some forecasts: shares from 0 to 1, and working days per case."""

    cases: int
    by_expected: float
    by_latest: float
    off_days: float
    width_days: float


def summed(counted: Iterable[Counted]) -> Outcome | None:
    """Put counts together; None when there are fewer than `FEWEST` cases."""
    rows = list(counted)
    cases = sum(row.cases for row in rows)
    if cases < FEWEST:
        return None
    return Outcome(
        cases=cases,
        by_expected=sum(row.by_expected for row in rows) / cases,
        by_latest=sum(row.by_latest for row in rows) / cases,
        off_days=sum(row.off_days for row in rows) / cases,
        width_days=sum(row.width_days for row in rows) / cases,
    )


def last_months(today: date) -> list[date]:
    """List the first days of the last twelve months, this one last."""
    number = today.year * _YEAR_MONTHS + today.month - 1
    return [date(*_month(one)) for one in range(number - MONTHS + 1, number + 1)]


def _month(number: int) -> tuple[int, int, int]:
    year, month = divmod(number, _YEAR_MONTHS)
    return year, month + 1, 1
