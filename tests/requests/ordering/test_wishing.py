"""Working back from a wished date: chances, the last day to ask, the minimum notice, and the first day that fits."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.catalog.models import BlockVersion
from portal.planning.norm import Norm, NormUnit
from portal.planning.plan import DependencyKind
from portal.planning.spread import Ending, chance_of
from portal.planning.worktime import Calendar, Span
from portal.requests.fanout import PlannedTask
from portal.requests.ordering.preview import DatedTask, step_of_dated
from portal.requests.ordering.wishing import SAFE, Aim, Feasibility
from portal.requests.planner import latest_starts
from tests.factories import NOW, ZONE, words

DAY = 9 * 60
OFFICE = Calendar(zone=ZONE, week=((Span(8 * 60, 17 * 60),),) * 5 + ((),) * 2, exceptions={})
TUESDAY, WEDNESDAY, FRIDAY, NEXT_MONDAY = (date(2026, 11, day) for day in (24, 25, 27, 30))
NOW_DAY = NOW.date()


def task(block: str, expected: int, latest: int, *after: str) -> DatedTask:
    """Make a task of one department; durations in working days."""
    version = BlockVersion(department_id=1, name=words(block))
    return DatedTask(
        planned=PlannedTask(block=block, reason=words(block), after=tuple((one, DependencyKind.NEEDS) for one in after)),
        version=version,
        norm_minutes=latest * DAY,
        expected_minutes=expected * DAY,
        latest_minutes=latest * DAY,
        ladder=None,
        cut_off=None,
    )


def aim(wished: date, *tasks: DatedTask, **notices: Norm) -> Aim:
    return Aim(tasks=tasks, notices=notices, calendars={1: OFFICE}, wished=wished, zone=ZONE)


@pytest.mark.parametrize(
    ("wished", "feasibility"),
    [(NEXT_MONDAY, Feasibility.FEASIBLE), (WEDNESDAY, Feasibility.TIGHT), (TUESDAY, Feasibility.NOT_FEASIBLE)],
)
def test_a_line_is_feasible_tight_or_not_by_its_chance(wished: date, feasibility: Feasibility) -> None:
    assert aim(wished, task("desk", 2, 4)).prospect("desk", NOW).feasibility is feasibility


def test_the_chance_at_the_expected_moment_is_a_half_and_at_the_latest_four_fifths() -> None:
    ending = Ending(at=100, margin=40)
    assert chance_of(ending, by=100) == pytest.approx(0.5)
    assert chance_of(ending, by=140) == pytest.approx(SAFE)
    assert (chance_of(Ending(5, 0), by=4), chance_of(Ending(5, 0), by=5)) == (0.0, 1.0)


def test_a_line_counts_what_comes_before_it_and_another_does_not() -> None:
    both = aim(TUESDAY, task("record", 1, 1), task("account", 2, 2, "record"))
    assert both.prospect("record", NOW).feasibility is Feasibility.FEASIBLE
    assert both.prospect("account", NOW).feasibility is Feasibility.NOT_FEASIBLE
    assert both.prospect(None, NOW).feasibility is Feasibility.NOT_FEASIBLE


def test_a_minimum_notice_decides_although_the_work_would_fit() -> None:
    late = aim(FRIDAY, task("room", 1, 1), room=Norm(10, NormUnit.WORKING_DAYS)).prospect("room", NOW)
    assert (late.feasibility, late.notice) == (Feasibility.NOT_FEASIBLE, Norm(10, NormUnit.WORKING_DAYS))
    assert late.last_day == date(2026, 11, 12)  # ten working days before Friday begins, that day not included
    first = aim(FRIDAY, task("room", 1, 1), room=Norm(10, NormUnit.WORKING_DAYS)).first_day(NOW)
    assert first == date(2026, 12, 8)


def test_what_only_fits_at_this_hour_is_to_be_asked_for_today() -> None:
    assert aim(TUESDAY, task("desk", 1, 2)).prospect("desk", NOW).last_day is not None
    now_or_never = aim(NOW_DAY, task("desk", 0, 0)).prospect("desk", NOW)
    assert (now_or_never.feasibility, now_or_never.last_day) == (Feasibility.FEASIBLE, NOW_DAY)


durations = st.integers(0, 6)


@settings(max_examples=40)
@given(st.lists(st.tuples(durations, durations), min_size=1, max_size=4), st.integers(0, 40), st.booleans())
def test_asking_on_the_last_day_is_safe_and_a_day_later_is_not(work: list[tuple[int, int]], ahead: int, in_a_row: bool) -> None:  # noqa: FBT001
    tasks = [
        task(str(place), least, least + more, *([str(place - 1)] if in_a_row and place else [])) for place, (least, more) in enumerate(work)
    ]
    wanted = aim(NOW_DAY + timedelta(days=ahead), *tasks)
    last = wanted.prospect(None, NOW).last_day
    assert last is not None
    end = NOW.replace(hour=23, minute=0) + (last - NOW_DAY) * 1  # midnight in Amsterdam
    if last != NOW_DAY:
        assert wanted.chance(None, end) >= SAFE
    if last < wanted.wished:
        assert wanted.chance(None, end + timedelta(days=1)) < SAFE
    first = wanted.first_day(NOW)
    assert first is not None
    assert first >= wanted.wished
    assert replace(wanted, wished=first, _dates={}).chance(None, NOW) >= SAFE


def test_a_task_must_begin_in_time_for_what_follows() -> None:
    steps = [step_of_dated(one, {1: OFFICE}, at=NOW, wished_on=None) for one in (task("record", 1, 2), task("account", 2, 4, "record"))]
    wished = latest_starts(steps, latest_at=NOW, wished_on=FRIDAY, zone=ZONE)
    assert [wished[key].astimezone(ZONE).isoformat() for key in ("record", "account")] == [
        "2026-11-25T08:00:00+01:00",
        "2026-11-26T08:00:00+01:00",
    ]
    alone = latest_starts(steps, latest_at=NOW, wished_on=FRIDAY, zone=ZONE, left_out=frozenset({"account"}))
    assert alone["record"].astimezone(ZONE).isoformat() == "2026-11-27T08:00:00+01:00"
    without_wish = latest_starts(steps, latest_at=wished["account"], wished_on=None, zone=ZONE)
    assert without_wish["account"] < wished["record"]
