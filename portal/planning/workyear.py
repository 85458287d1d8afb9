"""The working time of one year, counted once: after that, each question about it is a binary search.

Opening hours are local wall time, so a span over a night on which the clock changes is really an hour shorter or longer,
and a wall time that happens twice counts twice.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
MINUTE = 60_000_000
"""A minute in microseconds."""
SpansOn = Callable[[date], Sequence[tuple[int, int]]]
"""When it is open on a local date: from and until, in local minutes since midnight."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class WorkYear:
    """The working time of one UTC year: sorted intervals in microseconds since 1970, what was worked before each."""

    opens: tuple[int, ...]
    closes: tuple[int, ...]
    worked: tuple[int, ...]
    total: int

    def worked_until(self, moment: int) -> int:
        """Count the working time of this year before a moment."""
        at = bisect_right(self.opens, moment) - 1
        if at < 0:
            return 0
        return self.worked[at] + min(moment, self.closes[at]) - self.opens[at]

    def earliest_with(self, worked: int) -> int:
        """Find the first moment at which this much (> 0, <= total) is worked: a closing time, not the next opening."""
        at = bisect_left(self.worked, worked) - 1
        return self.opens[at] + worked - self.worked[at]

    def latest_with(self, worked: int) -> int:
        """Find the last moment at which no more than this (>= 0, < total) is worked: an opening time, not a closing."""
        at = bisect_right(self.worked, worked) - 1
        return self.opens[at] + worked - self.worked[at]

    def next_open(self, moment: int) -> int | None:
        """Find the first working moment of this year that is not before the given one."""
        at = bisect_right(self.opens, moment)
        if at and moment < self.closes[at - 1]:
            return moment
        return self.opens[at] if at < len(self.opens) else None


def count_work_year(zone: ZoneInfo, spans_on: SpansOn, year: int) -> WorkYear:
    """Count the working time of a UTC year, from the opening hours of local dates in a zone."""
    opens, closes, worked = [], [], []
    total = 0
    for since, until, offset in _clock_stretches(zone, year):
        for opening, closing in _open_intervals(spans_on, since, until, offset):
            opens.append(opening * MINUTE)
            closes.append(closing * MINUTE)
            worked.append(total)
            total += (closing - opening) * MINUTE
    return WorkYear(tuple(opens), tuple(closes), tuple(worked), total)


def to_microseconds(moment: datetime) -> int:
    """Give the microseconds since 1970 of an aware moment."""
    return (moment - _EPOCH) // _MICROSECOND


def to_moment(microseconds: int) -> datetime:
    """Give the moment (UTC) that lies so many microseconds after 1970."""
    return _EPOCH + timedelta(microseconds=microseconds)


def _clock_stretches(zone: ZoneInfo, year: int) -> Iterator[tuple[int, int, int]]:
    """Split a UTC year where the clock changes: from, until (minutes since 1970), minutes ahead of UTC."""
    since, end = (to_microseconds(datetime(y, 1, 1, tzinfo=UTC)) // MINUTE for y in (year, year + 1))
    offset = _minutes_ahead(zone, since)
    for day in range(since, end, DAY_MINUTES):
        until = min(day + DAY_MINUTES, end)
        if _minutes_ahead(zone, until - 1) != offset:
            change = _clock_change(zone, day, until, offset)
            yield since, change, offset
            since, offset = change, _minutes_ahead(zone, change)
    yield since, end, offset


def _clock_change(zone: ZoneInfo, since: int, until: int, offset: int) -> int:
    return since + bisect_left(range(since, until), 1, key=lambda minute: int(_minutes_ahead(zone, minute) != offset))


def _open_intervals(spans_on: SpansOn, since: int, until: int, offset: int) -> Iterator[tuple[int, int]]:
    """Cut the opening hours to one stretch of equal clock; everything in minutes since 1970, UTC."""
    for day in range((since + offset) // DAY_MINUTES, (until + offset - 1) // DAY_MINUTES + 1):
        midnight = day * DAY_MINUTES - offset
        for opens, closes in spans_on(date.fromordinal(_EPOCH_ORDINAL + day)):
            opening, closing = max(since, midnight + opens), min(until, midnight + closes)
            if opening < closing:
                yield opening, closing


def _minutes_ahead(zone: ZoneInfo, minute: int) -> int:
    ahead = datetime.fromtimestamp(minute * 60, zone).utcoffset() or timedelta()
    return ahead // timedelta(minutes=1)
