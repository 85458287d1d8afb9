"""The plan: examples a person can follow, and equality with every path walked one by one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.planning.chain import longest_chain
from portal.planning.plan import Outlook, PlanError, PlanFault, Step, backward, begin_from, latest_end, schedule, worked_until
from portal.planning.worktime import Calendar, add_working_time, next_working_moment, subtract_working_time, working_minutes_between
from tests.planning.plans import CALENDARS, DAY, MOMENTS, NEW_EMPLOYEE, OFFICE, SHORT, THURSDAY_BEFORE_EASTER, local, office_day, plans

# -- Examples --------------------------------------------------------------------------------------------------------


def test_a_new_employee_over_easter() -> None:
    dates = schedule(NEW_EMPLOYEE, start=THURSDAY_BEFORE_EASTER, now=THURSDAY_BEFORE_EASTER)
    assert {key: planned.expected_at for key, planned in dates.items()} == {
        "record": local("2026-04-03T12:00"),
        "log-in": local("2026-04-07T12:00"),
        "pass": local("2026-04-09T12:00"),
        "welcome": local("2026-04-10T09:00"),
    }
    assert dates["welcome"].starts_at == local("2026-04-10T08:00")
    assert dates["record"].latest_at == local("2026-04-07T12:00")
    assert list(dates) == ["log-in", "record", "pass", "welcome"]


def test_what_finished_early_or_late_moves_what_comes_after() -> None:
    start, now = local("2026-11-23T08:00"), local("2026-11-24T10:00")
    early = replace(office_day("a", days=2), started_at=start, finished_at=local("2026-11-23T12:00"))
    dates = schedule((early, office_day("b", "a")), start=start, now=now)
    assert dates["a"].expected_at == dates["a"].latest_at == local("2026-11-23T12:00")
    assert (dates["b"].starts_at, dates["b"].expected_at) == (now, local("2026-11-25T10:00"))


def test_an_overdue_task_ends_at_the_next_working_moment_and_not_in_the_past() -> None:
    overdue = replace(office_day("a"), started_at=local("2026-11-23T08:00"))
    sunday = local("2026-11-29T10:00")
    planned = schedule((overdue,), start=sunday, now=sunday)["a"]
    assert planned.starts_at == local("2026-11-23T08:00")
    assert planned.expected_at == planned.latest_at == local("2026-11-30T08:00")


@pytest.mark.parametrize(
    ("ready", "begins"),
    [
        ("2026-11-23T14:00", "2026-11-23T14:00"),
        ("2026-11-23T14:01", "2026-11-24T08:00"),
        ("2026-11-27T14:01", "2026-11-30T08:00"),
        ("2026-11-28T12:00", "2026-11-30T08:00"),
        ("2026-11-23T05:00", "2026-11-23T08:00"),
    ],
)
def test_what_is_ready_after_the_cut_off_begins_the_next_working_day(ready: str, begins: str) -> None:
    assert begin_from(OFFICE, local(ready), cut_off=time(14)) == local(begins)


def test_work_done_does_not_grow_while_the_clock_stands_still() -> None:
    start, tuesday = local("2026-11-23T08:00"), local("2026-11-24T08:00")
    running = replace(office_day("a"), started_at=start)
    assert worked_until(office_day("a"), at=tuesday) == 0
    assert worked_until(running, at=local("2026-11-23T09:00")) == 60
    suspended = replace(running, worked_minutes=60, suspended_at=local("2026-11-23T09:00"))
    assert worked_until(suspended, at=tuesday) == 60
    done = replace(suspended, suspended_at=None, resumed_at=tuesday, finished_at=local("2026-11-24T08:30"))
    assert worked_until(done, at=local("2026-11-30T08:00")) == 90


def test_an_empty_plan_is_a_plan() -> None:
    start = local("2026-11-23T08:00")
    assert schedule((), start=start, now=start) == {}
    assert longest_chain((), {}) == ()


def test_working_back_from_a_wished_date() -> None:
    starts = backward(NEW_EMPLOYEE, due=local("2026-06-01T09:00"), outlook=Outlook.EXPECTED)
    assert starts == {
        "welcome": local("2026-06-01T08:00"),
        "pass": local("2026-05-27T08:00"),
        "log-in": local("2026-05-29T08:00"),
        "record": local("2026-05-26T08:00"),  # Whit Monday is the 25th
    }
    assert backward(NEW_EMPLOYEE, due=local("2026-06-01T09:00"))["record"] < starts["record"]


def test_tasks_that_wait_for_each_other_are_named() -> None:
    start = local("2026-11-23T08:00")
    steps = (office_day("a", "c"), office_day("b", "a"), office_day("c", "b"), office_day("d", "c"))
    with pytest.raises(PlanError) as caught:
        schedule(steps, start=start, now=start)
    assert (caught.value.code, set(caught.value.keys)) == (PlanFault.CYCLE, {"a", "b", "c"})
    with pytest.raises(PlanError, match="cycle: a, a"):
        backward((office_day("a", "a"),), due=start)


def test_unknown_and_double_tasks_are_named() -> None:
    start = local("2026-11-23T08:00")
    with pytest.raises(PlanError, match="unknown_predecessor: nobody"):
        schedule((office_day("a", "nobody"),), start=start, now=start)
    with pytest.raises(PlanError, match=r"duplicate_task: a$"):
        schedule((office_day("a"), office_day("b"), office_day("a")), start=start, now=start)


# -- Properties ------------------------------------------------------------------------------------------------------


def paths_to(step: Step, by_key: dict[str, Step]) -> Iterator[list[Step]]:
    """List every way to come to a task, also those that begin halfway."""
    yield [step]
    for key in step.after:
        yield from ([*path, step] for path in paths_to(by_key[key], by_key))


def end_of_path(path: list[Step], outlook: Outlook, at: datetime, now: datetime) -> datetime:
    """Do the tasks of one path one after the other, as a person would with a calendar on the table."""
    before = None
    for step in path:
        if before and step.lags.get(before):
            at = add_working_time(calendar=step.calendar, start=at, minutes=step.lags[before])
        before = step.key
        minutes = step.expected_minutes if outlook is Outlook.EXPECTED else step.latest_minutes
        left = max(minutes - step.worked_minutes, 0)
        if step.finished_at:
            at = step.finished_at
            continue
        if step.suspended_at:
            begin = now
        elif step.started_at:
            begin = step.resumed_at or step.started_at
        else:
            begin = max([at, now, step.not_before or now])
            wall = begin.astimezone(step.calendar.zone)
            if step.cut_off and wall.time() > step.cut_off:
                begin = datetime.combine(wall.date() + timedelta(days=1), time(), tzinfo=step.calendar.zone)
            begin = next_working_moment(calendar=step.calendar, at=begin)
        at = add_working_time(calendar=step.calendar, start=begin, minutes=left)
        if at <= now:
            at = next_working_moment(calendar=step.calendar, at=now)
    return at


@given(plans())
def test_dates_equal_the_longest_of_all_paths(plan: tuple[list[Step], datetime, datetime]) -> None:
    steps, start, now = plan
    by_key = {step.key: step for step in steps}
    dates = schedule(steps, start=start, now=now)
    for step in steps:
        paths = list(paths_to(step, by_key))
        found = dates[step.key].expected_at
        assert found == max(end_of_path(path, Outlook.EXPECTED, start, now) for path in paths)
        assert step.finished_at or found >= now
        assert dates[step.key].starts_at <= dates[step.key].expected_at
        assert step.started_at in (None, dates[step.key].starts_at)


@given(plans(), st.integers(0, 3_000))
def test_the_latest_is_never_before_the_expected_and_never_earlier_because_a_task_may_take_longer(
    plan: tuple[list[Step], datetime, datetime], more: int
) -> None:
    steps, start, now = plan
    steps = [replace(step, latest_minutes=max(step.expected_minutes, step.latest_minutes)) for step in steps]
    dates = schedule(steps, start=start, now=now)
    slower = [replace(steps[0], latest_minutes=steps[0].latest_minutes + more), *steps[1:]]
    later = schedule(slower, start=start, now=now)
    for key, planned in dates.items():
        assert planned.expected_at <= planned.latest_at <= later[key].latest_at
        assert planned.expected_at == later[key].expected_at


def test_not_everything_is_late_at_once() -> None:
    start = local("2026-11-23T08:00")
    in_a_row = (office_day("a"), office_day("b", "a"), office_day("c", "b"), office_day("d", "c"))
    dates = schedule(in_a_row, start=start, now=start)
    # Each may take a day more; together two days, the root of 4 x 1, and not four.
    assert dates["d"].expected_at == local("2026-11-26T17:00")
    margin = working_minutes_between(calendar=OFFICE, start=dates["d"].expected_at, end=dates["d"].latest_at)
    assert margin == pytest.approx(2 * DAY, abs=2)


def test_who_waits_for_several_waits_longer_than_for_one() -> None:
    start = local("2026-11-23T08:00")
    alone = schedule((office_day("a"), Step("c", OFFICE, 60, 60, ("a",))), start=start, now=start)
    both = schedule((office_day("a"), office_day("b"), Step("c", OFFICE, 60, 60, ("a", "b"))), start=start, now=start)
    assert alone["c"].latest_at == local("2026-11-25T09:00")
    # The greatest of two equal margins of 540 minutes (Clark): 540 / 0.8416 x (0.5642 + 0.8416 x 0.8257) = 808.
    assert both["c"].latest_at == local("2026-11-25T13:28")
    assert latest_end((office_day("a"), office_day("b")), both) == local("2026-11-25T12:28")


def test_what_remains_of_a_pause_comes_before_what_remains_of_the_work() -> None:
    start, now = local("2026-11-23T08:00"), local("2026-11-24T08:00")
    step = replace(office_day("a"), started_at=start, suspended_at=now, worked_minutes=270, pause_expected=DAY, pause_latest=2 * DAY)
    planned = schedule((replace(step, latest_minutes=DAY),), start=start, now=now)["a"]
    assert (planned.expected_at, planned.latest_at) == (local("2026-11-25T12:30"), local("2026-11-26T12:30"))


@given(CALENDARS, MOMENTS, st.integers(1, 4_000), st.lists(st.tuples(st.integers(0, 999), SHORT), max_size=4))
def test_suspend_and_resume_move_everything_by_exactly_the_pause(
    calendar: Calendar, start: datetime, minutes: int, pauses: list[tuple[int, timedelta]]
) -> None:
    start = start.replace(second=0, microsecond=0)
    running = Step("a", calendar, minutes, minutes, started_at=start)
    steps = (running, Step("b", calendar, 60, 60, ("a",)))
    planned = schedule(steps, start=start, now=start)
    paused, now = 0, start
    for permille, pause in pauses:
        more = (minutes - worked_until(running, at=now)) * permille // 1000
        suspended_at = add_working_time(calendar=calendar, start=now, minutes=more)
        now = suspended_at + pause
        paused += working_minutes_between(calendar=calendar, start=suspended_at, end=now)
        running = replace(running, worked_minutes=worked_until(running, at=suspended_at), suspended_at=suspended_at)
        waiting = schedule((running, steps[1]), start=start, now=now)
        running = replace(running, suspended_at=None, resumed_at=now)
        assert waiting == schedule((running, steps[1]), start=start, now=now)
    moved = schedule((running, steps[1]), start=start, now=now)
    for key in ("a", "b"):
        before, after = planned[key].expected_at, moved[key].expected_at
        assert working_minutes_between(calendar=calendar, start=before, end=after) == paused
    assert worked_until(running, at=moved["a"].expected_at) == minutes


def before_lag(step: Step, key: str, begins: datetime) -> datetime:
    """Give when the task `key` must be done, so that `step` can begin at `begins`."""
    return subtract_working_time(calendar=step.calendar, end=begins, minutes=step.lags.get(key, 0))


@given(plans(), st.sampled_from(Outlook))
def test_working_back_gives_the_last_moment_that_still_fits(plan: tuple[list[Step], datetime, datetime], outlook: Outlook) -> None:
    steps, due, _ = plan
    starts = backward(steps, due=due, outlook=outlook)
    for step in steps:
        minutes = step.expected_minutes if outlook is Outlook.EXPECTED else step.latest_minutes
        left = 0 if step.finished_at else max(minutes - step.worked_minutes, 0)
        followers = [other for other in steps if step.key in other.after]
        limit = min([due, *(before_lag(other, step.key, starts[other.key]) for other in followers)])
        assert starts[step.key] == subtract_working_time(calendar=step.calendar, end=limit, minutes=left)
        later = starts[step.key] + timedelta(minutes=1)
        assert add_working_time(calendar=step.calendar, start=starts[step.key], minutes=left) <= limit
        assert add_working_time(calendar=step.calendar, start=later, minutes=left) > limit
