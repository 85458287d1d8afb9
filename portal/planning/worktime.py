"""Working time: opening hours per weekday with exceptions, and adding, subtracting and counting minutes in them.

Everything is counted per calendar year in UTC, once, and kept with the calendar: after that each question is a binary
search, however many days it spans. Keep a calendar, do not rebuild it.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.planning.workyear import DAY_MINUTES, MINUTE, WorkYear, count_work_year, to_microseconds, to_moment

HORIZON_YEARS = 30
"""How far a search for working time goes before it says that there is none."""

_WEEKDAYS = 7
_SPAN = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


class NeverOpenError(Exception):
    """A calendar has too little working time for what is asked of it."""

    code = "calendar_never_open"

    def __init__(self, at: datetime) -> None:
        """Name the moment from which no working time was found."""
        super().__init__(f"no working time within {HORIZON_YEARS} years of {at.isoformat()}")
        self.at = at


class CalendarError(ValueError):
    """Opening hours that cannot be: out of order, overlapping, or outside the day."""

    code = "calendar_wrong"


class Span(NamedTuple):
    """A stretch of opening on one day, in local minutes since midnight; `closes` (at most 1440) is not in it."""

    opens: int
    closes: int


Week = tuple[tuple[Span, ...], ...]


def span_from_text(text: str) -> Span:
    """Read a span written as `08:00-17:00`; the end of the day is `24:00`.

    :raises CalendarError: when it is not written so, or ends before it begins.
    """
    found = _SPAN.fullmatch(text)
    if found is None:
        message = f"not a span of opening hours: {text!r}"
        raise CalendarError(message)
    hour, minute, closing_hour, closing_minute = map(int, found.groups())
    span = Span(hour * 60 + minute, closing_hour * 60 + closing_minute)
    check_spans((span,))
    return span


def check_spans(spans: tuple[Span, ...]) -> None:
    """Refuse spans that are empty, out of order, overlapping or outside the day; they may touch.

    :raises CalendarError: they are one of these.
    """
    free_from = 0
    for span in spans:
        if not free_from <= span.opens < span.closes <= DAY_MINUTES:
            message = f"opening hours out of order or outside the day: {spans}"
            raise CalendarError(message)
        free_from = span.closes


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The opening hours of one department: spans per weekday (Monday first) and dates on which other spans hold.

    `week` is the newest; each of `earlier` held until (not on) its date, the oldest first. A closed date is an
    exception without spans. Two calendars are the same only when they are one object.
    """

    zone: ZoneInfo
    week: Week
    exceptions: Mapping[date, tuple[Span, ...]]
    earlier: tuple[tuple[date, Week], ...] = ()
    _years: dict[int, WorkYear] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse impossible hours, and hold a copy of the exceptions that nobody can change.

        :raises CalendarError: for a week that is not seven days, or spans that overlap or leave the day.
        """
        weeks = (self.week, *(week for _, week in self.earlier))
        for week in weeks:
            if len(week) != _WEEKDAYS:
                message = f"a week has {_WEEKDAYS} days, not {len(week)}"
                raise CalendarError(message)
        for spans in (*(spans for week in weeks for spans in week), *self.exceptions.values()):
            check_spans(spans)
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))

    @property
    def day_minutes(self) -> int:
        """Tell how many working minutes a normal day has: the commonest length of an open weekday, the longest if tied.

        :raises CalendarError: when the calendar is open on no weekday.
        """
        lengths = Counter(sum(span.closes - span.opens for span in spans) for spans in self.week if spans)
        if not lengths:
            message = "a calendar that is closed all week has no normal day"
            raise CalendarError(message)
        return max(lengths, key=lambda minutes: (lengths[minutes], minutes))

    def week_on(self, day: date) -> Week:
        """Give the ordinary week that holds on a local date."""
        return next((week for until, week in self.earlier if day < until), self.week)

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """Give the opening hours of a local date, exceptions included."""
        found = self.exceptions.get(day)
        return self.week_on(day)[day.weekday()] if found is None else found

    def work_year(self, year: int) -> WorkYear:
        """Give the working time of a UTC year, computed once and kept."""
        known = self._years.get(year)
        if known is None:
            known = self._years[year] = count_work_year(self.zone, self.spans_on, year)
        return known


def add_working_time(*, calendar: Calendar, start: datetime, minutes: int) -> datetime:
    """Give the earliest moment (UTC) at which so many working minutes have passed since `start`.

    Work that fills the week ends on Friday at closing time, not on Monday morning; adding 0 gives `start` itself, open
    or not. So `working_minutes_between` the two is always `minutes`, and adding a, then b, is adding a + b.

    :raises ValueError: when `minutes` is negative.
    :raises NeverOpenError: when the calendar does not have them within 30 years.
    """
    start = start.astimezone(UTC)
    if minutes <= 0:
        _refuse_negative(minutes)
        return start
    wanted = calendar.work_year(start.year).worked_until(to_microseconds(start)) + minutes * MINUTE
    for year in range(start.year, start.year + HORIZON_YEARS):
        work = calendar.work_year(year)
        if wanted <= work.total:
            return to_moment(work.earliest_with(wanted))
        wanted -= work.total
    raise NeverOpenError(start)


def subtract_working_time(*, calendar: Calendar, end: datetime, minutes: int) -> datetime:
    """Give the latest moment (UTC) from which so many working minutes still pass before `end`; 0 gives `end` itself.

    The mirror image of `add_working_time`: work that must be ready on Monday an hour after opening begins on Monday.

    :raises ValueError: when `minutes` is negative.
    :raises NeverOpenError: when the calendar does not have them within 30 years.
    """
    end = end.astimezone(UTC)
    if minutes <= 0:
        _refuse_negative(minutes)
        return end
    wanted = calendar.work_year(end.year).worked_until(to_microseconds(end)) - minutes * MINUTE
    for year in range(end.year, end.year - HORIZON_YEARS, -1):
        if wanted >= 0:
            return to_moment(calendar.work_year(year).latest_with(wanted))
        wanted += calendar.work_year(year - 1).total
    raise NeverOpenError(end)


def working_minutes_between(*, calendar: Calendar, start: datetime, end: datetime) -> int:
    """Count the whole working minutes from `start` to `end`; negative when `end` lies before `start`."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if end < start:
        return -working_minutes_between(calendar=calendar, start=end, end=start)
    worked = calendar.work_year(end.year).worked_until(to_microseconds(end))
    worked -= calendar.work_year(start.year).worked_until(to_microseconds(start))
    worked += sum(calendar.work_year(year).total for year in range(start.year, end.year))
    return worked // MINUTE


def next_working_moment(*, calendar: Calendar, at: datetime) -> datetime:
    """Give `at` itself (in UTC) when the calendar is open then, and else its next opening.

    :raises NeverOpenError: when the calendar does not open within 30 years.
    """
    at = at.astimezone(UTC)
    moment = to_microseconds(at)
    for year in range(at.year, at.year + HORIZON_YEARS):
        found = calendar.work_year(year).next_open(moment)
        if found is not None:
            return to_moment(found)
    raise NeverOpenError(at)


def is_open(*, calendar: Calendar, at: datetime) -> bool:
    """Tell whether somebody works at this moment; at closing time nobody does."""
    at = at.astimezone(UTC)
    moment = to_microseconds(at)
    return calendar.work_year(at.year).next_open(moment) == moment


def closed_dates_between(*, calendar: Calendar, start: datetime, end: datetime) -> tuple[date, ...]:
    """List the local dates, first to last, that are closed by exception though the weekday is a working day.

    The dates of `start` and `end` count too. For "why this date?": the holidays that the work had to skip.
    """
    first, last = start.astimezone(calendar.zone).date(), end.astimezone(calendar.zone).date()
    closed = (day for day, spans in calendar.exceptions.items() if first <= day <= last and not spans)
    return tuple(sorted(day for day in closed if calendar.week_on(day)[day.weekday()]))


def _refuse_negative(minutes: int) -> None:
    if minutes < 0:
        message = f"working minutes cannot be negative: {minutes}"
        raise ValueError(message)
