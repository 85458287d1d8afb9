"""A change of a calendar that is not made yet: what the calendars would be, and which days it touches."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.core.texts import LocalText
from portal.hours.queries import Reach
from portal.planning.models import ClosedDay, OpeningHours
from portal.planning.queries import CalendarRows
from portal.planning.worktime import Span, Week


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWeek:
    """Other opening hours for a department from a day on."""

    department_id: int
    valid_from: date
    week: Week

    def applied_to(self, rows: CalendarRows) -> CalendarRows:
        """Give the rows as they would be."""
        new = [
            OpeningHours(
                department_id=self.department_id,
                valid_from=self.valid_from,
                weekday=weekday,
                opens_minute=span.opens,
                closes_minute=span.closes,
            )
            for weekday, spans in enumerate(self.week)
            for span in spans
        ]
        kept = [one for one in rows.hours if (one.department_id, one.valid_from) != (self.department_id, self.valid_from)]
        return replace(rows, hours=[*kept, *new])

    def reach(self, zone: ZoneInfo) -> Reach:
        """Say which work it can touch."""
        return Reach(department_id=self.department_id, begins_at=_midnight(self.valid_from, zone))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDay:
    """A closed day, or a half day with `hours`."""

    department_id: int | None
    on: date
    name: LocalText
    hours: Span | None

    def applied_to(self, rows: CalendarRows) -> CalendarRows:
        """Give the rows as they would be."""
        opens, closes = self.hours or (None, None)
        day = ClosedDay(on=self.on, department_id=self.department_id, name=self.name, opens_minute=opens, closes_minute=closes)
        return replace(rows, closed=[*rows.closed, day])

    def reach(self, zone: ZoneInfo) -> Reach:
        """Say which work it can touch."""
        return _day_reach(self.department_id, self.on, zone)


@dataclass(frozen=True, slots=True)
class RemovedDay:
    """A closed day that becomes an ordinary one."""

    day: ClosedDay

    def applied_to(self, rows: CalendarRows) -> CalendarRows:
        """Give the rows as they would be."""
        return replace(rows, closed=[one for one in rows.closed if one.id != self.day.id])

    def reach(self, zone: ZoneInfo) -> Reach:
        """Say which work it can touch."""
        return _day_reach(self.day.department_id, self.day.on, zone)


Change = NewWeek | NewDay | RemovedDay


def _day_reach(department_id: int | None, on: date, zone: ZoneInfo) -> Reach:
    return Reach(department_id=department_id, begins_at=_midnight(on, zone), ends_at=_midnight(on + timedelta(days=1), zone))


def _midnight(on: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, time(), zone)
