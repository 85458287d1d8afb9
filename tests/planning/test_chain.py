"""Why this date: which tasks decide it, and what they had to wait for."""

from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise

from hypothesis import given

from portal.planning.chain import ChainLink, explain_chain, longest_chain
from portal.planning.plan import Outlook, Step, after_lag, backward, begin_from, schedule
from tests.planning.plans import DAY, NEW_EMPLOYEE, THURSDAY_BEFORE_EASTER, local, office_day, plans


def test_why_this_date() -> None:
    dates = schedule(NEW_EMPLOYEE, start=THURSDAY_BEFORE_EASTER, now=THURSDAY_BEFORE_EASTER)
    friday, thursday = local("2026-04-03T12:00"), local("2026-04-09T12:00")
    assert explain_chain(NEW_EMPLOYEE, dates, start=THURSDAY_BEFORE_EASTER) == [
        ChainLink("record", THURSDAY_BEFORE_EASTER, friday, DAY, ()),
        ChainLink("pass", friday, thursday, 3 * DAY, (date(2026, 4, 6),)),
        ChainLink("welcome", local("2026-04-10T08:00"), local("2026-04-10T09:00"), 60, ()),
    ]


def test_a_holiday_between_two_tasks_belongs_to_the_one_that_waits() -> None:
    steps = (office_day("a"), office_day("b", "a"))
    start = local("2026-04-03T08:00")
    links = explain_chain(steps, schedule(steps, start=start, now=start), start=start)
    assert [link.closed_dates for link in links] == [(), (date(2026, 4, 6),)]


def test_a_task_waits_for_a_date_of_its_own_and_the_chain_begins_there() -> None:
    start = local("2026-11-23T08:00")
    waiting = replace(office_day("b", "a"), not_before=local("2026-12-01T00:00"))
    steps = (office_day("a"), waiting)
    dates = schedule(steps, start=start, now=start)
    assert dates["b"].starts_at == local("2026-12-01T08:00")
    assert longest_chain(steps, dates) == ("b",)


def test_a_task_begins_some_time_after_another_and_the_chain_goes_through_the_longest_wait() -> None:
    start = local("2026-11-23T08:00")
    steps = (office_day("a"), office_day("b", days=2), replace(office_day("c", "a", "b"), lags={"a": 3 * DAY}))
    dates = schedule(steps, start=start, now=start)
    assert dates["c"].starts_at == local("2026-11-27T08:00")
    assert longest_chain(steps, dates) == ("a", "c")
    assert backward(steps, due=local("2026-11-27T17:00"), outlook=Outlook.EXPECTED) == {
        "c": local("2026-11-27T08:00"),
        "a": local("2026-11-23T08:00"),
        "b": local("2026-11-25T08:00"),
    }


def test_a_task_that_began_before_its_predecessor_ended_begins_the_chain() -> None:
    start = local("2026-11-23T08:00")
    steps = (office_day("a"), replace(office_day("b", "a", days=3), started_at=start))
    assert longest_chain(steps, schedule(steps, start=start, now=start)) == ("b",)


@given(plans(untouched=True))
def test_each_link_of_the_longest_chain_lets_the_next_begin(plan: tuple[list[Step], datetime, datetime]) -> None:
    steps, start, now = plan
    by_key = {step.key: step for step in steps}
    dates = schedule(steps, start=start, now=now)
    chain = longest_chain(steps, dates)
    assert dates[chain[-1]].expected_at == max(planned.expected_at for planned in dates.values())
    assert by_key[chain[0]].after == ()
    for before, after in pairwise(chain):
        assert before in by_key[after].after
        step = by_key[after]
        ready_at = after_lag(step, before, dates[before].expected_at)
        assert dates[after].starts_at == begin_from(step.calendar, ready_at, cut_off=step.cut_off)
