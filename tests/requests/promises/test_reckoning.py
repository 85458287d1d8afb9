"""What comes next for a request, which share was kept, and which step leads where."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.errors import IllegalTransitionError
from portal.requests.promises.reckoning import REMIND_EVERY, NextMoment, RequestFacts, next_moment, share_kept
from portal.requests.promises.workflow import AROUND, SETTLED, PromiseState, PromiseStep, check, keeping_step
from portal.requests.workflow import NextKind
from tests.factories import NOW

HOUR = timedelta(hours=1)
EXPECTED = NOW + 30 * HOUR


def test_a_promise_goes_before_a_question_and_a_question_before_the_date() -> None:
    asked = RequestFacts(is_open=True, expected_at=EXPECTED, asked_at=[NOW - HOUR])
    assert next_moment(asked, [NOW + 40 * HOUR, NOW + 50 * HOUR], at=NOW) == NextMoment(NOW + 40 * HOUR, NextKind.PROMISE)
    assert next_moment(asked, [], at=NOW) == NextMoment(NOW - HOUR + REMIND_EVERY, NextKind.QUESTION)
    assert next_moment(RequestFacts(is_open=True, expected_at=EXPECTED), [], at=NOW) == NextMoment(EXPECTED, NextKind.EXPECTED)
    assert next_moment(RequestFacts(is_open=False, expected_at=EXPECTED), [NOW + HOUR], at=NOW) is None


def test_a_promise_counts_until_it_is_broken() -> None:
    facts = RequestFacts(is_open=True, expected_at=EXPECTED)
    assert next_moment(facts, [NOW - timedelta(minutes=5)], at=NOW) == NextMoment(NOW + timedelta(minutes=10), NextKind.PROMISE)


@settings(max_examples=60)
@given(waited=st.integers(0, 60 * 24 * 40))
def test_a_question_is_looked_at_again_in_the_future(waited: int) -> None:
    asked_at = NOW - timedelta(minutes=waited)
    found = next_moment(RequestFacts(is_open=True, expected_at=EXPECTED, asked_at=[asked_at]), [], at=NOW)
    assert found is not None
    assert NOW < found.at <= NOW + REMIND_EVERY
    assert (found.at - asked_at) % REMIND_EVERY == timedelta()


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
