"""What changed in the calendars. Days in ISO form, spans as `08:00-17:00`; `department` is None for the whole organisation."""

from dataclasses import dataclass
from typing import ClassVar, Final

from portal.core.journal import Event

STREAM: Final = "calendar"
Words = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent(Event):
    """Something changed in the calendar of a department, or of all."""

    is_public: ClassVar[bool] = False
    department_id: int | None
    department: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursChanged(CalendarEvent):
    """A department gets other opening hours from a day on: per weekday, Monday first."""

    type: ClassVar[str] = "hours_changed"
    valid_from: str
    week: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedDayAdded(CalendarEvent):
    """A day became a closed day, or a half day with `hours`."""

    type: ClassVar[str] = "closed_day_added"
    on: str
    name: Words
    hours: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedDayRemoved(CalendarEvent):
    """A closed or half day became an ordinary day."""

    type: ClassVar[str] = "closed_day_removed"
    on: str
    name: Words
