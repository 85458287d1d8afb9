"""Plans to test with: calendars, one a person can follow, and any other."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from portal.planning.holidays import dutch_closed_days
from portal.planning.plan import Step
from portal.planning.worktime import Calendar, Span

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
CLOSED = dict.fromkeys(dutch_closed_days(range(2024, 2033)), ())
OFFICE = Calendar(AMSTERDAM, ((Span(480, 1020),),) * 5 + ((), ()), CLOSED)
MORNINGS = Calendar(AMSTERDAM, ((Span(480, 720),),) * 5 + ((), ()), CLOSED)
ALWAYS = Calendar(AMSTERDAM, ((Span(0, 1440),),) * 7, {})
DAY = 540


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def office_day(key: str, *after: str, days: int = 1) -> Step:
    return Step(key, OFFICE, days * DAY, 2 * days * DAY, after)


THURSDAY_BEFORE_EASTER = local("2026-04-02T12:00")
NEW_EMPLOYEE = (
    office_day("log-in", "record"),
    office_day("record"),
    office_day("pass", "record", days=3),
    Step("welcome", MORNINGS, 60, 60, ("log-in", "pass")),
)

NEW_YEAR = datetime(2024, 1, 1, tzinfo=UTC)
CALENDARS = st.sampled_from([OFFICE, MORNINGS, ALWAYS])
MOMENTS = st.integers(0, 9 * 365 * 24 * 60 * 60).map(lambda seconds: NEW_YEAR + timedelta(seconds=seconds))
MINUTES = st.integers(0, 4_000)
SHORT = st.integers(0, 20_000).map(lambda minutes: timedelta(minutes=minutes))


@st.composite
def plans(draw: st.DrawFn, *, untouched: bool = False) -> tuple[list[Step], datetime, datetime]:
    """Draw up to eight tasks in any order, their states, the start of the request and a now after it."""
    start = draw(MOMENTS)
    now = start + draw(SHORT)
    keys = draw(st.permutations("abcdefgh"))[: draw(st.integers(1, 8))]
    steps = []
    for place, key in enumerate(keys):
        after = draw(st.lists(st.sampled_from(keys[:place]), unique=True)) if place else []
        lags = {before: draw(st.integers(0, 3_000)) for before in after if draw(st.booleans())}
        cut_off = draw(st.none() | st.sampled_from([time(7), time(11, 30), time(16)]))
        step = Step(key, draw(CALENDARS), draw(MINUTES), draw(MINUTES), tuple(after), lags=lags, cut_off=cut_off)
        steps.append(step if untouched else draw(in_some_state(step, start, now)))
    return draw(st.permutations(steps)), start, now


@st.composite
def in_some_state(draw: st.DrawFn, step: Step, start: datetime, now: datetime) -> Step:
    """Draw what has become of a task between start and now."""
    state = draw(st.sampled_from(["untouched", "untouched", "waiting", "running", "resumed", "suspended", "finished"]))
    early, late = sorted([draw(st.floats(0, 1)), draw(st.floats(0, 1))])
    first, second = start + early * (now - start), start + late * (now - start)
    worked = draw(st.integers(0, 500))
    return {
        "untouched": step,
        "waiting": replace(step, not_before=start + draw(SHORT)),
        "running": replace(step, started_at=first),
        "resumed": replace(step, started_at=first, resumed_at=second, worked_minutes=worked),
        "suspended": replace(step, started_at=first, suspended_at=second, worked_minutes=worked),
        "finished": replace(step, started_at=first, finished_at=second),
    }[state]
