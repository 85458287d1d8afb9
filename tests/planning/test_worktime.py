"""Working time: examples a person can check on a wall calendar, and equality with a walk minute by minute."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.planning.holidays import dutch_closed_days
from portal.planning.worktime import (
    Calendar,
    CalendarError,
    NeverOpenError,
    Span,
    add_working_time,
    closed_dates_between,
    is_open,
    next_working_moment,
    span_from_text,
    subtract_working_time,
    working_minutes_between,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MINUTE = timedelta(minutes=1)
DAY = 540
OFFICE = Calendar(
    zone=AMSTERDAM,
    week=((Span(480, 1020),),) * 5 + ((), ()),
    exceptions={**dict.fromkeys(dutch_closed_days(range(2024, 2033)), ()), date(2026, 12, 24): (Span(480, 720),)},
)
NIGHT_SHIFT = Calendar(AMSTERDAM, ((Span(0, 360), Span(1320, 1440)),) * 7, {})
CLOSED = Calendar(AMSTERDAM, ((),) * 7, {})


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


# -- Examples --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        pytest.param("2026-11-23T09:00", 60, "2026-11-23T10:00", id="an hour on a Monday"),
        pytest.param("2026-04-03T15:00", DAY, "2026-04-07T15:00", id="Good Friday afternoon and one day, over Easter"),
        pytest.param("2026-11-27T16:00", 60, "2026-11-27T17:00", id="ends at closing time, not on Monday"),
        pytest.param("2026-11-27T17:00", 1, "2026-11-30T08:01", id="begins after closing time"),
        pytest.param("2026-11-28T13:00", DAY, "2026-11-30T17:00", id="asked for on Saturday, one day: Monday evening"),
        pytest.param("2026-12-24T08:00", DAY, "2026-12-28T13:00", id="half a day before Christmas"),
        pytest.param("2026-05-04T12:00", DAY, "2026-05-06T12:00", id="Liberation Day is closed in any year"),
        pytest.param("2024-02-28T12:00", 2 * DAY, "2024-03-01T12:00", id="leap day"),
        pytest.param("2026-03-27T12:00", DAY, "2026-03-30T12:00", id="the weekend on which summer time begins"),
        pytest.param("2026-12-31T16:00", 2 * 60, "2027-01-04T09:00", id="over the year's end"),
        pytest.param("2026-11-28T13:00", 0, "2026-11-28T13:00", id="no work takes no time, open or not"),
    ],
)
def test_a_duration_ends_when_the_last_minute_is_worked(start: str, minutes: int, end: str) -> None:
    assert add_working_time(calendar=OFFICE, start=local(start), minutes=minutes) == local(end)


@pytest.mark.parametrize(
    ("end", "minutes", "start"),
    [
        pytest.param("2026-11-30T10:00", 120, "2026-11-30T08:00", id="begins at opening time, not on Friday evening"),
        pytest.param("2026-04-07T15:00", DAY, "2026-04-03T15:00", id="back over Easter"),
        pytest.param("2027-01-04T09:00", 120, "2026-12-31T16:00", id="back over the year's end"),
        pytest.param("2026-11-28T13:00", 0, "2026-11-28T13:00", id="no work takes no time"),
    ],
)
def test_working_back_gives_the_last_moment_to_begin(end: str, minutes: int, start: str) -> None:
    assert subtract_working_time(calendar=OFFICE, end=local(end), minutes=minutes) == local(start)


def test_a_night_on_which_the_clock_changes_has_its_real_length() -> None:
    def night(first: str, second: str) -> int:
        return working_minutes_between(calendar=NIGHT_SHIFT, start=local(first), end=local(second))

    assert night("2026-03-27T22:00", "2026-03-28T06:00") == 8 * 60
    assert night("2026-03-28T22:00", "2026-03-29T06:00") == 7 * 60
    assert night("2026-10-24T22:00", "2026-10-25T06:00") == 9 * 60


def test_a_wall_time_that_happens_twice_counts_twice_and_one_that_is_skipped_not_at_all() -> None:
    half_past_two = Calendar(AMSTERDAM, ((Span(120, 150),),) * 7, {})

    def on(day: str) -> int:
        start = local(f"{day}T00:00")
        return working_minutes_between(calendar=half_past_two, start=start, end=start + timedelta(hours=23))

    assert (on("2026-03-28"), on("2026-03-29"), on("2026-10-25")) == (30, 0, 60)


def test_seconds_are_kept() -> None:
    start = local("2026-11-27T16:59:30")
    end = add_working_time(calendar=OFFICE, start=start, minutes=1)
    assert end == local("2026-11-30T08:00:30")
    assert working_minutes_between(calendar=OFFICE, start=start, end=end) == 1


def test_time_backwards_is_negative() -> None:
    ten, nine = local("2026-11-23T10:00"), local("2026-11-23T09:00")
    assert working_minutes_between(calendar=OFFICE, start=ten, end=nine) == -60


def test_opening_and_closing_time() -> None:
    assert is_open(calendar=OFFICE, at=local("2026-11-23T08:00"))
    assert not is_open(calendar=OFFICE, at=local("2026-11-23T17:00"))
    assert next_working_moment(calendar=OFFICE, at=local("2026-11-27T17:00")) == local("2026-11-30T08:00")
    assert next_working_moment(calendar=OFFICE, at=local("2026-11-27T16:59")) == local("2026-11-27T16:59")
    assert next_working_moment(calendar=OFFICE, at=local("2026-12-31T18:00")) == local("2027-01-04T08:00")


def test_closed_dates_are_holidays_on_working_days_only() -> None:
    between = closed_dates_between(calendar=OFFICE, start=local("2026-04-01T09:00"), end=local("2026-05-06T09:00"))
    assert between == (date(2026, 4, 6), date(2026, 4, 27), date(2026, 5, 5))  # Easter Sunday is closed anyway
    christmas = closed_dates_between(calendar=OFFICE, start=local("2026-12-23T09:00"), end=local("2026-12-28T09:00"))
    assert christmas == (date(2026, 12, 25),)  # half a day is worked on the 24th


def test_a_normal_day_is_the_commonest_one() -> None:
    with_short_friday = Calendar(AMSTERDAM, (*((Span(480, 720), Span(750, 1020)),) * 4, (Span(480, 720),), (), ()), {})
    assert with_short_friday.day_minutes == 510
    tied = Calendar(AMSTERDAM, ((Span(480, 720),), (Span(480, 1020),), (), (), (), (), ()), {})
    assert tied.day_minutes == DAY


def test_a_calendar_that_never_opens_says_so() -> None:
    at = local("2026-11-23T09:00")
    with pytest.raises(NeverOpenError, match="no working time"):
        add_working_time(calendar=CLOSED, start=at, minutes=1)
    with pytest.raises(NeverOpenError, match="no working time"):
        subtract_working_time(calendar=CLOSED, end=at, minutes=1)
    with pytest.raises(NeverOpenError, match="no working time"):
        next_working_moment(calendar=CLOSED, at=at)
    with pytest.raises(CalendarError, match="no normal day"):
        _ = CLOSED.day_minutes


def test_negative_work_is_refused() -> None:
    at = local("2026-11-23T09:00")
    with pytest.raises(ValueError, match="negative"):
        add_working_time(calendar=OFFICE, start=at, minutes=-1)
    with pytest.raises(ValueError, match="negative"):
        subtract_working_time(calendar=OFFICE, end=at, minutes=-1)


@pytest.mark.parametrize("text", ["8:00-17:00", "17:00-08:00", "09:00-09:00", "08:00-24:30", "08:60-09:00", "all day"])
def test_a_span_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(CalendarError):
        span_from_text(text)


def test_a_span_is_read_as_written() -> None:
    assert span_from_text("08:00-17:30") == (480, 1050)
    assert span_from_text("00:00-24:00") == (0, 1440)


def test_impossible_opening_hours_are_refused() -> None:
    for week in ((((Span(480, 600), Span(590, 700)),) * 7), ((Span(600, 500),),) * 7, ((),) * 6):
        with pytest.raises(CalendarError):
            Calendar(AMSTERDAM, week, {})


def test_good_friday_is_worked_and_liberation_day_never() -> None:
    days = dutch_closed_days([2026, 2025])
    assert date(2026, 4, 3) not in days
    assert (days[date(2025, 5, 5)], days[date(2026, 5, 5)]) == ("Bevrijdingsdag", "Bevrijdingsdag")
    assert days[date(2026, 4, 6)] == "Tweede paasdag"
    assert (len(days), list(days)) == (20, sorted(days))
    assert dutch_closed_days([2026], language="en")[date(2026, 5, 5)] == "Liberation Day"
    assert dutch_closed_days([2026], language="en").keys() == dutch_closed_days([2026]).keys()


# -- Properties ------------------------------------------------------------------------------------------------------

INTERESTING = [
    datetime(year, month, day, tzinfo=UTC)
    for year, month, day in (
        (2024, 2, 28), (2024, 3, 30), (2024, 12, 30), (2025, 4, 17), (2026, 3, 27), (2026, 10, 23), (2027, 10, 29),
        (2028, 2, 27), (2028, 12, 29), (2030, 3, 29), (2031, 12, 29), (2032, 2, 27), (2032, 10, 29),
    )
]  # fmt: skip
NEW_YEAR = datetime(2024, 1, 1, tzinfo=UTC)
WINDOW = timedelta(days=9)


@st.composite
def day_spans(draw: st.DrawFn) -> tuple[Span, ...]:
    """Draw none to three spans, often quarters of an hour and sometimes touching or running to midnight."""
    count = draw(st.integers(0, 3))
    edges = draw(st.lists(st.integers(0, 96), min_size=count * 2, max_size=count * 2, unique=True))
    edges = [edge * 15 for edge in sorted(edges)]
    if count > 1 and draw(st.booleans()):
        edges[2] = edges[1]
    return tuple(Span(*pair) for pair in zip(edges[::2], edges[1::2], strict=True))


@st.composite
def windows(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    """Draw a calendar that is open some time, and a moment with exceptions in the days after it."""
    near = draw(st.sampled_from(INTERESTING) | st.integers(3, 9 * 365).map(lambda day: NEW_YEAR + timedelta(days=day)))
    start = near + draw(st.integers(0, 1440)) * MINUTE
    week = draw(st.lists(day_spans(), min_size=7, max_size=7).filter(any))
    offsets = draw(st.lists(st.integers(0, 9), max_size=3, unique=True))
    exceptions = {start.date() + timedelta(days=offset): draw(day_spans()) for offset in offsets}
    zone = draw(st.sampled_from([AMSTERDAM, AMSTERDAM, ZoneInfo("UTC"), ZoneInfo("America/St_Johns")]))
    return Calendar(zone, tuple(week), exceptions), start


def walk(calendar: Calendar, start: datetime) -> list[bool]:
    """Look at the clock on the wall every minute, and note whether somebody works in it."""

    def looks() -> Iterator[bool]:
        for minute in range(WINDOW // MINUTE):
            wall = (start + minute * MINUTE).astimezone(calendar.zone)
            spans = calendar.exceptions.get(wall.date(), calendar.week[wall.weekday()])
            yield any(opens <= wall.hour * 60 + wall.minute < closes for opens, closes in spans)

    return list(looks())


@settings(deadline=None)
@given(windows(), st.integers(0, 2**32))
def test_everything_equals_a_walk_minute_by_minute(window: tuple[Calendar, datetime], seed: int) -> None:
    calendar, origin = window
    works = walk(calendar, origin)
    chance = random.Random(seed)
    for _ in range(100):  # x 100 calendars = 10,000 cases
        begin, end = sorted(chance.choices(range(len(works)), k=2))
        start, until = ((origin + at * MINUTE).astimezone(calendar.zone) for at in (begin, end))
        minutes = sum(works[begin:end])
        assert working_minutes_between(calendar=calendar, start=start, end=until) == minutes
        assert is_open(calendar=calendar, at=start) == works[begin]
        worked = [at for at in range(begin, end) if works[at]]
        if minutes:
            last = origin + (worked[-1] + 1) * MINUTE
            assert add_working_time(calendar=calendar, start=start, minutes=minutes) == last
            first = origin + worked[0] * MINUTE
            assert next_working_moment(calendar=calendar, at=start) == first
            assert subtract_working_time(calendar=calendar, end=until, minutes=minutes) == first


@given(windows(), st.integers(0, 50_000), st.integers(0, 5_000), st.integers(0, 59_999_999))
def test_add_between_and_subtract_are_each_others_inverse(window: tuple[Calendar, datetime], minutes: int, more: int, rest: int) -> None:
    calendar, start = window[0], window[1] + timedelta(microseconds=rest)
    end = add_working_time(calendar=calendar, start=start, minutes=minutes)
    assert working_minutes_between(calendar=calendar, start=start, end=end) == minutes
    assert add_working_time(calendar=calendar, start=end, minutes=more) == add_working_time(
        calendar=calendar, start=start, minutes=minutes + more
    )
    latest = subtract_working_time(calendar=calendar, end=end, minutes=minutes)
    assert start <= latest <= end
    assert add_working_time(calendar=calendar, start=latest, minutes=minutes) == end
