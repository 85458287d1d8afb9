"""Service norms: promised delivery times in working days or working hours, and what they are in working minutes."""

from dataclasses import dataclass
from enum import StrEnum

from portal.planning.worktime import Calendar

_HOUR_MINUTES = 60


class NormUnit(StrEnum):
    """What a service norm is counted in."""

    WORKING_DAYS = "working_days"
    WORKING_HOURS = "working_hours"


@dataclass(frozen=True, slots=True)
class Norm:
    """The promised delivery time of a building block; the amount is at least 1."""

    amount: int
    unit: NormUnit

    def __post_init__(self) -> None:
        """Refuse a norm of nothing.

        :raises ValueError: when the amount is below 1.
        """
        if self.amount < 1:
            message = f"a service norm is at least 1, not {self.amount}"
            raise ValueError(message)


def norm_minutes(norm: Norm, calendar: Calendar) -> int:
    """Turn a norm into working minutes of a department: one day is one normal working day there, never 24 hours.

    :raises CalendarError: for a norm in days, when the department is open on no weekday.
    """
    match norm.unit:
        case NormUnit.WORKING_DAYS:
            return norm.amount * calendar.day_minutes
        case NormUnit.WORKING_HOURS:
            return norm.amount * _HOUR_MINUTES
