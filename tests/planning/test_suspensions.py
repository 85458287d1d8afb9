"""A clock that stands still in between: 10,000 cases equal to a walk minute by minute, and a pause moves by exactly the pause."""

import random
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.planning.plan import Step, worked_until
from portal.planning.worktime import Calendar, Span, add_working_time, working_minutes_between
from portal.requests.planner import due_at

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MINUTE = timedelta(minutes=1)
DAYS = 12
CASES = 200  # x 50 windows = 10,000
SUMMER_NIGHT, WINTER_NIGHT = datetime(2026, 3, 25, tzinfo=UTC), datetime(2026, 10, 21, tzinfo=UTC)
STARTS = [SUMMER_NIGHT, WINTER_NIGHT, *(datetime(year, month, day, tzinfo=UTC) for year, month, day in (
    (2024, 2, 26), (2024, 3, 28), (2024, 10, 24), (2025, 12, 22), (2026, 4, 1), (2026, 12, 24), (2028, 2, 26), (2031, 12, 29),
))]  # fmt: skip
OFFICE = (((Span(480, 750), Span(780, 1020)),) * 5) + ((), ())


@dataclass(frozen=True)
class Window:
    """A calendar, a moment, and for every minute after it how many were worked before."""

    calendar: Calendar
    origin: datetime
    worked: Sequence[int]

    def at(self, minute: int) -> datetime:
        return self.origin + minute * MINUTE


def walked(calendar: Calendar, origin: datetime) -> Window:
    """Look at the clock on the wall every minute of the window."""

    def works(minute: int) -> bool:
        wall = (origin + minute * MINUTE).astimezone(calendar.zone)
        week = next((week for until, week in calendar.earlier if wall.date() < until), calendar.week)
        spans = calendar.exceptions.get(wall.date(), week[wall.weekday()])
        return any(opens <= wall.hour * 60 + wall.minute < closes for opens, closes in spans)

    return Window(calendar, origin, list(accumulate((works(minute) for minute in range(DAYS * 1440)), initial=0)))


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, ...]:
    count = draw(st.integers(0, 2))
    edges = sorted(draw(st.lists(st.integers(0, 96), min_size=count * 2, max_size=count * 2, unique=True)))
    return tuple(Span(opens * 15, closes * 15) for opens, closes in zip(edges[::2], edges[1::2], strict=True))


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """Draw hours (that may change half-way), holidays and half days, around nights on which the clock changes."""
    origin = draw(st.sampled_from(STARTS)) + draw(st.integers(0, 2 * 1440)) * MINUTE
    week = draw(st.just(OFFICE) | st.lists(spans(), min_size=7, max_size=7).filter(any).map(tuple))
    earlier = draw(st.lists(spans(), min_size=7, max_size=7).map(tuple))
    changes_on = origin.date() + timedelta(days=draw(st.integers(0, DAYS)))
    days = draw(st.lists(st.integers(0, DAYS), max_size=4, unique=True))
    exceptions: dict[date, tuple[Span, ...]] = {origin.date() + timedelta(days=day): draw(spans()) for day in days}
    calendar = Calendar(AMSTERDAM, week, exceptions, ((changes_on, earlier),) if draw(st.booleans()) else ())
    return walked(calendar, origin)


def portal_due(window: Window, norm: int, moments: Sequence[int]) -> datetime:
    """Reckon as the portal does: at each suspension keep what was worked, at each resumption count on."""
    done, begin = 0, moments[0]
    for stop, go_on in zip(moments[1::2], moments[2::2], strict=True):
        step = Step("task", window.calendar, norm, norm, started_at=window.at(begin), worked_minutes=done)
        done, begin = worked_until(step, at=window.at(stop)), go_on
    return due_at(calendar=window.calendar, since=window.at(begin), norm_minutes=norm, worked_minutes=done)


def walker_due(window: Window, left: int, moments: Sequence[int]) -> int | None:
    """Walk: only minutes that are open and not suspended count. None: done before the last pause, or after the window."""
    for begin, end in zip(moments[:-1:2], moments[1::2], strict=True):
        left -= window.worked[end] - window.worked[begin]
    wanted = window.worked[moments[-1]] + left
    return bisect_left(window.worked, wanted) if left > 0 and wanted <= window.worked[-1] else None


@settings(deadline=None, max_examples=50)
@example(walked(Calendar(AMSTERDAM, ((Span(0, 1440),),) * 7, {}), SUMMER_NIGHT), 1)
@example(walked(Calendar(AMSTERDAM, ((Span(0, 1440),),) * 7, {}), WINTER_NIGHT), 1)
@given(windows(), st.integers(0, 2**32))
def test_a_due_moment_with_suspensions_equals_a_walk_minute_by_minute(window: Window, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(CASES):
        moments = sorted(chance.sample(range(DAYS * 1440), 2 * chance.randint(0, 3) + 1))
        within = [window.worked[end] - window.worked[begin] for begin, end in zip(moments[:-1:2], moments[1::2], strict=True)]
        # Every case runs past the last pause and ends in the window, unless nobody works after it.
        norm = sum(within) + chance.randint(1, max(1, window.worked[-1] - window.worked[moments[-1]]))
        walked_to = walker_due(window, norm, moments)
        if walked_to is not None:
            assert portal_due(window, norm, moments) == window.at(walked_to)


@settings(deadline=None, max_examples=25)
@given(windows(), st.integers(0, 2**32))
def test_a_pause_moves_the_end_by_exactly_the_pause(window: Window, seed: int) -> None:
    chance, calendar = random.Random(seed), window.calendar
    for _ in range(20):
        start, stop, go_on = (window.at(one) for one in sorted(chance.sample(range(DAYS * 1440), 3)))
        worked = worked_until(Step("task", calendar, 0, 0, started_at=start), at=stop)
        norm = worked + chance.randint(1, 2000)
        without = add_working_time(calendar=calendar, start=start, minutes=norm)
        with_pause = due_at(calendar=calendar, since=go_on, norm_minutes=norm, worked_minutes=worked)
        pause = working_minutes_between(calendar=calendar, start=stop, end=go_on)
        assert working_minutes_between(calendar=calendar, start=without, end=with_pause) == pause
