"""What comes next for a request, which share was kept, and which step leads where."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import IllegalTransitionError
from portal.planning.worktime import working_minutes_between
from portal.requests.promises.reckoning import (
    REMIND_EVERY,
    NextMoment,
    RequestFacts,
    look_again_at,
    next_moment,
    reminder_number,
    share_kept,
)
from portal.requests.promises.workflow import AROUND, SETTLED, PromiseState, PromiseStep, check, keeping_step
from portal.requests.workflow import NextKind
from tests.factories import NOW, ZONE
from tests.planning.plans import DAY, OFFICE

HOUR = timedelta(hours=1)
EXPECTED = NOW + 30 * HOUR


def test_a_promise_goes_before_a_question_and_a_question_before_the_date() -> None:
    asked = RequestFacts(is_open=True, expected_at=EXPECTED, look_again_at=[NOW + 9 * HOUR, NOW + 8 * HOUR])
    assert next_moment(asked, [NOW + 40 * HOUR, NOW + 50 * HOUR], at=NOW) == NextMoment(NOW + 40 * HOUR, NextKind.PROMISE)
    assert next_moment(asked, [], at=NOW) == NextMoment(NOW + 8 * HOUR, NextKind.QUESTION)
    assert next_moment(RequestFacts(is_open=True, expected_at=EXPECTED), [], at=NOW) == NextMoment(EXPECTED, NextKind.EXPECTED)
    assert next_moment(RequestFacts(is_open=False, expected_at=EXPECTED), [NOW + HOUR], at=NOW) is None


def test_a_promise_counts_until_it_is_broken() -> None:
    facts = RequestFacts(is_open=True, expected_at=EXPECTED)
    assert next_moment(facts, [NOW - timedelta(minutes=5)], at=NOW) == NextMoment(NOW + timedelta(minutes=10), NextKind.PROMISE)


@given(waited=st.integers(0, 60 * 24 * 40))
def test_a_question_is_looked_at_again_in_working_hours_that_come(waited: int) -> None:
    asked_at = NOW - timedelta(minutes=waited)
    found = look_again_at(asked_at=asked_at, calendar=OFFICE, at=NOW)
    assert found > NOW
    assert 0 < working_minutes_between(calendar=OFFICE, start=NOW, end=found) <= REMIND_EVERY * DAY
    assert working_minutes_between(calendar=OFFICE, start=asked_at, end=found) % (REMIND_EVERY * DAY) == 0


def test_reminders_are_counted_with_those_that_were_missed_and_never_further_than_the_last() -> None:
    asked_at = datetime(2026, 11, 23, 10, tzinfo=ZONE)
    due = {"asked_at": asked_at, "calendar": OFFICE}
    first = look_again_at(**due, at=asked_at)
    assert [reminder_number(**due, at=first + timedelta(days=days)) for days in (-1, 0, 1, 2, 4, 6, 90)] == [1, 1, 1, 2, 2, 3, 3]


def test_no_share_of_fewer_than_five() -> None:
    assert share_kept(kept=4, broken=0) is None
    assert share_kept(kept=4, broken=1) == 80
    assert share_kept(kept=0, broken=0) is None


@pytest.mark.parametrize("state", [state for state in PromiseState if state is not PromiseState.OPEN])
def test_what_is_settled_stays_so(state: PromiseState) -> None:
    for step in PromiseStep:
        with pytest.raises(IllegalTransitionError):
            check(state, step)


def test_kept_and_kept_early() -> None:
    assert keeping_step(due_at=NOW + AROUND + timedelta(minutes=1), at=NOW) is PromiseStep.KEEP_EARLY
    assert keeping_step(due_at=NOW + AROUND, at=NOW) is PromiseStep.KEEP
    assert {check(PromiseState.OPEN, step) for step in PromiseStep} == {*PromiseState}
    assert PromiseState.CANCELLED not in SETTLED
