"""How long approvals take: their norm, what they take lately, and what several come to."""

from math import hypot

import pytest

from portal.catalog.agreement import ApprovalMode, ApprovalRule, Approver, ApproverKind
from portal.catalog.approval_times import ApprovalTime, approval_minutes, time_of, wait_days
from portal.planning.forecast import ladder_of

DAY = 480
TWO = [ApproverKind.MANAGER, ApproverKind.BUDGET_HOLDER]
SLOW = {ApproverKind.MANAGER: ladder_of(5 * DAY, 8 * DAY)}


def test_one_approver_takes_a_working_day_and_two_when_it_takes_long() -> None:
    for mode in ApprovalMode:
        assert approval_minutes(TWO[:1], mode, day_minutes=DAY, lately={}) == (DAY, 2 * DAY)
        assert approval_minutes(TWO[:1], mode, day_minutes=DAY, lately=SLOW) == (5 * DAY, 8 * DAY)


def test_one_after_the_other_adds_up_without_everything_being_late_at_once() -> None:
    expected, latest = approval_minutes(TWO, ApprovalMode.IN_ORDER, day_minutes=DAY, lately=SLOW)
    assert expected == 6 * DAY
    assert latest - expected == pytest.approx(hypot(3 * DAY, DAY), abs=1)


def test_of_all_at_once_the_last_one_counts_and_where_one_is_enough_the_first() -> None:
    expected, latest = approval_minutes(TWO, ApprovalMode.ALL_OF, day_minutes=DAY, lately=SLOW)
    assert (expected, latest >= 8 * DAY) == (5 * DAY, True)
    assert approval_minutes(TWO, ApprovalMode.ONE_OF, day_minutes=DAY, lately=SLOW) == (DAY, 2 * DAY)


def test_who_waits_for_two_who_are_as_quick_waits_longer_than_for_one() -> None:
    assert approval_minutes(TWO, ApprovalMode.ALL_OF, day_minutes=DAY, lately={})[1] > 2 * DAY


def test_what_hangs_on_an_amount_or_an_answer_is_not_sure() -> None:
    approvers = (Approver(kind=ApproverKind.MANAGER),)
    always, above = ApprovalRule(approvers=approvers), ApprovalRule(approvers=approvers, above_cents=100)
    assert [time_of(rule, day_minutes=DAY, lately={}).is_sure for rule in (always, above)] == [True, False]


def test_what_is_sure_is_waited_for_at_the_least() -> None:
    sure = ApprovalTime(expected_minutes=DAY, latest_minutes=DAY, is_sure=True)
    other = ApprovalTime(expected_minutes=3 * DAY, latest_minutes=4 * DAY, is_sure=False)
    assert wait_days([sure, other], day_minutes=DAY) == (1, 3)
    assert wait_days([], day_minutes=DAY) == (0, 0)
