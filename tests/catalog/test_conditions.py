"""Conditions on answers."""

from typing import Any

import pytest
from hypothesis import given

from portal.catalog.conditions import asked_codes, find_faults, foresee, holds
from portal.catalog.definition import Answers, Condition
from tests.catalog.strategies import answers, conditions

GIVEN: Answers = {"contract": "new", "people": 12, "parking": True, "things": ["desk", "phone"], "note": "  ", "none": []}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"question": "contract", "is": "new"}, True),
        ({"question": "contract", "is": "old"}, False),
        ({"question": "contract", "in": ["old", "new"]}, True),
        ({"question": "contract", "in": ["old"]}, False),
        ({"question": "things", "has": "phone"}, True),
        ({"question": "things", "has": "car"}, False),
        ({"question": "contract", "has": "new"}, False),
        ({"question": "people", "at_least": 12}, True),
        ({"question": "people", "at_least": 13}, False),
        ({"question": "people", "at_most": 12}, True),
        ({"question": "contract", "at_least": 1}, False),
        ({"question": "parking", "is": True}, True),
        ({"question": "parking", "is": 1}, False),
        ({"question": "parking", "at_least": 1}, False),
        ({"question": "people", "answered": True}, True),
        ({"question": "note", "answered": True}, False),
        ({"question": "none", "answered": False}, True),
        ({"all": [{"question": "people", "at_least": 1}, {"question": "parking", "is": True}]}, True),
        ({"all": [{"question": "people", "at_least": 1}, {"question": "parking", "is": False}]}, False),
        ({"any": [{"question": "people", "at_least": 99}, {"question": "parking", "is": True}]}, True),
        ({"not": {"question": "contract", "is": "old"}}, True),
        (None, True),
    ],
)
def test_a_condition_is_decided_by_the_answers(condition: Condition | None, *, expected: bool) -> None:
    assert holds(condition, GIVEN) is expected


@pytest.mark.parametrize("comparison", [{"is": "x"}, {"in": ["x"]}, {"has": "x"}, {"at_least": 0}, {"at_most": 9}, {"answered": True}])
def test_an_unanswered_question_makes_a_comparison_false(comparison: dict[str, Any]) -> None:
    assert not holds({"question": "q", **comparison}, {})
    assert not holds({"question": "q", **comparison}, {"q": None})


@pytest.mark.parametrize(
    ("condition", "faults"),
    [
        ("new", ["when"]),
        ({}, ["when"]),
        ({"question": "q"}, ["when"]),
        ({"question": "q", "is": "x", "in": ["y"]}, ["when"]),
        ({"question": "q", "equals": "x"}, ["when.equals"]),
        ({"question": 3, "is": "x"}, ["when.question"]),
        ({"question": "q", "in": "x"}, ["when.in"]),
        ({"question": "q", "in": [{}]}, ["when.in"]),
        ({"question": "q", "at_least": True}, ["when.at_least"]),
        ({"all": []}, ["when.all"]),
        ({"any": [{"question": "q", "is": "x"}, {"question": "q", "at_most": "x"}]}, ["when.any[1].at_most"]),
        ({"not": {"not": "x"}}, ["when.not.not"]),
        ({"all": [], "any": []}, ["when"]),
    ],
)
def test_what_cannot_be_read_is_named_by_its_place(condition: object, faults: list[str]) -> None:
    assert find_faults(condition, "when") == faults


def test_what_is_no_condition_is_refused() -> None:
    with pytest.raises(ValueError, match="no condition"):
        holds({"maybe": True}, {})


@given(conditions, answers)
def test_a_condition_only_looks_at_the_codes_it_asks(condition: Condition, given_answers: Answers) -> None:
    asked = asked_codes(condition)
    assert find_faults(condition) == []
    assert holds(condition, given_answers) is holds(condition, {code: given_answers[code] for code in asked & given_answers.keys()})


@given(conditions, answers, answers)
def test_what_is_foreseen_comes_true_whatever_is_answered_later(condition: Condition, now: Answers, later: Answers) -> None:
    foreseen = foresee(condition, now)
    if foreseen is not None:
        assert holds(condition, {**later, **now}) is foreseen


@given(conditions, answers)
def test_nothing_is_left_to_foresee_when_all_is_answered(condition: Condition, given_answers: Answers) -> None:
    complete = {code: given_answers.get(code) for code in asked_codes(condition)}
    assert foresee(condition, complete) is holds(condition, given_answers)
