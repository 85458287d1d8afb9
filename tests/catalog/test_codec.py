"""Reading and writing the catalogue as data."""

import json
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.catalog.codec import (
    block_as_data,
    block_from_data,
    product_as_data,
    product_from_data,
    question_as_data,
    question_from_data,
)
from portal.catalog.definition import BlockDefinition, Need, ProductDefinition, Question, QuestionKind
from portal.core.errors import InvalidInputError
from portal.planning.norm import Norm, NormUnit
from tests.catalog.strategies import block_definitions, products, questions

Data = dict[str, Any]

QUESTION: Data = {
    "code": "meeting_on",
    "kind": "date",
    "label": {"nl": "Wanneer?", "en": "When?"},
    "need": "required",
    "privacy": "none",
    "not_in_past": True,
}
BLOCK: Data = {
    "code": "room",
    "name": {"nl": "Zaal", "en": "Room"},
    "description": {"nl": "U heeft een zaal.", "en": "You have a room."},
    "department": "facilitair",
    "norm": {"amount": 4, "unit": "working_hours"},
    "prices": [{"once_cents": 4500}],
    "task": {"nl": "Reserveer de zaal.", "en": "Book the room."},
    "checklist": [{"nl": "Gereserveerd", "en": "Booked"}],
    "questions": ["meeting_on"],
}
PRODUCT: Data = {
    "code": "meeting",
    "kind": "situation",
    "tier": "basic",
    "level": "operational",
    "owner": "facilitair",
    "theme": "meeting",
    "icon": "meeting",
    "name": {"nl": "Bijeenkomst", "en": "Meeting"},
    "summary": {"nl": "Alles klaar.", "en": "All is ready."},
    "description": {"nl": "Wij regelen het.", "en": "We arrange it."},
    "conditions": [],
    "audience": ["employee"],
    "wished_date": "meeting_on",
    "lines": [{"block": "room", "need": "required", "reason": {"nl": "Zonder zaal niet.", "en": "Not without a room."}}],
    "dependencies": [{"block": "coffee", "after": "room", "kind": "needs"}],
    "tree": {
        "start": "guests",
        "questions": [
            {
                "code": "guests",
                "label": {"nl": "Gasten?", "en": "Guests?"},
                "options": [{"code": "yes", "label": {"nl": "Ja", "en": "Yes"}, "outcome": "external"}],
            },
        ],
        "outcomes": [
            {
                "code": "external",
                "name": {"nl": "Met gasten", "en": "With guests"},
                "reason": {"nl": "Er komen gasten.", "en": "Guests are coming."},
                "lines": [
                    {
                        "block": "coffee",
                        "need": "optional",
                        "chosen": False,
                        "when": {"question": "guests", "is": "yes"},
                        "reason": {"nl": "Lekker.", "en": "Nice."},
                    },
                ],
            },
        ],
    },
}


def changed(data: Data, path: str, value: object) -> Data:
    """Give the data with another value at a path such as `tree.questions.0.code`."""
    copy = deepcopy(data)
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place: Any = copy
    for part in way:
        place = place[part]
    place[last] = value
    return copy


@given(products)
def test_a_product_survives_being_stored(product: ProductDefinition) -> None:
    assert product_from_data(json.loads(json.dumps(product_as_data(product)))) == product


@given(block_definitions)
def test_a_block_survives_being_stored(block: BlockDefinition) -> None:
    assert block_from_data(json.loads(json.dumps(block_as_data(block)))) == block


@given(questions())
def test_a_question_survives_being_stored(question: Question) -> None:
    assert question_from_data(json.loads(json.dumps(question_as_data(question)))) == question


def test_what_people_write_is_read() -> None:
    question = question_from_data(QUESTION)
    block = block_from_data(BLOCK, {"meeting_on": question})
    product = product_from_data(PRODUCT)
    assert (question.kind, question.need, question.not_in_past) == (QuestionKind.DATE, Need.REQUIRED, True)
    assert (block.norm, block.questions) == (Norm(4, NormUnit.WORKING_HOURS), (question,))
    assert product.lines[0].chosen
    assert product.tree is not None
    assert not product.tree.outcomes[0].lines[0].chosen
    assert product.block_codes() == ["room", "coffee"]


@pytest.mark.parametrize(
    ("path", "value", "fault", "code"),
    [
        ("tier", "gold", "tier", "unknown_value"),
        ("code", "Two Words", "code", "not_a_code"),
        ("name", {"nl": "Bijeenkomst"}, "name.en", "required"),
        ("name", {"nl": "x", "en": "x", "de": "x"}, "name.de", "unknown_field"),
        ("name", "Bijeenkomst", "name", "not_a_mapping"),
        ("summary", None, "summary", "required"),
        ("sumary", "x", "sumary", "unknown_field"),
        ("conditions", "none", "conditions", "not_a_list"),
        ("audience", ["employee", 3], "audience[1]", "not_a_text"),
        ("lines.0.need", "maybe", "lines[0].need", "unknown_value"),
        ("lines.0.chosen", "yes", "lines[0].chosen", "not_yes_or_no"),
        ("lines.0.when", {"question": "x"}, "lines[0].when", "invalid_condition"),
        ("lines.0.when", {"all": [{"question": "x", "has": 1}]}, "lines[0].when.all[0].has", "invalid_condition"),
        ("tree.questions.0.options.0.next", 7, "tree.questions[0].options[0].next", "not_a_text"),
        ("tree.outcomes.0.lines.0.block", "", "tree.outcomes[0].lines[0].block", "not_a_text"),
    ],
)
def test_a_fault_in_a_product_names_its_place(path: str, value: object, fault: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        product_from_data(changed(PRODUCT, path, value))
    assert caught.value.errors == {fault: code}


@pytest.mark.parametrize(
    ("path", "value", "fault", "code"),
    [
        ("norm.amount", 0, "[3].norm.amount", "too_small"),
        ("norm.amount", True, "[3].norm.amount", "not_a_number"),
        ("norm.unit", "weeks", "[3].norm.unit", "unknown_value"),
        ("cost_cents", -1, "[3].cost_cents", "too_small"),
        ("cost_cents", 100, "[3].cost_cents", "not_for_this_kind"),
        ("prices.0.once_cents", -1, "[3].prices[0].once_cents", "too_small"),
        ("prices.0.once_cents", 1.5, "[3].prices[0].once_cents", "not_a_number"),
        ("prices.0.once_cents", 10**9, "[3].prices[0].once_cents", "too_large"),
        ("prices.0.recurring_cents", 100, "[3].prices[0].period", "required"),
        ("prices.0.period", "month", "[3].prices[0].recurring_cents", "required"),
        ("prices.0.payer", "nobody", "[3].prices[0].payer", "unknown_value"),
        ("prices.0.until_on", "2026-02-30", "[3].prices[0].until_on", "not_a_date"),
        ("questions", ["meeting_on", "unknown"], "[3].questions[1]", "unknown_question"),
        ("questions", ["meeting_on", "meeting_on"], "[3].questions[1]", "double_code"),
    ],
)
def test_a_fault_in_a_block_names_its_place(path: str, value: object, fault: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        block_from_data(changed(BLOCK, path, value), {"meeting_on": question_from_data(QUESTION)}, "[3]")
    assert caught.value.errors == {fault: code}


def test_options_belong_to_a_choice() -> None:
    option = {"code": "x", "label": {"nl": "x", "en": "x"}}
    for data, code in (
        (QUESTION | {"options": [option]}, "not_for_this_kind"),
        (QUESTION | {"kind": "one_of"}, "required"),
    ):
        with pytest.raises(InvalidInputError) as caught:
            question_from_data(data)
        assert caught.value.errors == {"options": code}
    with pytest.raises(InvalidInputError) as caught:
        question_from_data(QUESTION | {"kind": "one_of", "options": [option, option]})
    assert caught.value.errors == {"options[1]": "double_code"}


def test_a_file_is_the_same_for_all_persons_of_an_order() -> None:
    assert question_from_data(QUESTION | {"per_person": True}).per_person
    with pytest.raises(InvalidInputError) as caught:
        question_from_data(QUESTION | {"kind": "file", "per_person": True})
    assert caught.value.errors == {"per_person": "not_for_this_kind"}


PLACES = [
    "code",
    "tier",
    "name",
    "name.nl",
    "audience",
    "audience.0",
    "lines",
    "lines.0",
    "lines.0.reason",
    "dependencies.0",
    "tree",
    "tree.start",
    "tree.questions",
    "tree.questions.0.options.0",
    "tree.outcomes.0.lines.0.when",
]
keys = st.sampled_from(["question", "is", "in", "all", "not", "x"])
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["question", "is", "in", "all", "not", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.sampled_from(PLACES), junk)
def test_whatever_is_written_is_read_or_refused_by_its_place(path: str, value: object) -> None:
    places = list(_faulty_places(changed(PRODUCT, path, value)))
    assert all(place.startswith(path.partition(".")[0]) for place in places)


@given(junk)
def test_whatever_is_no_product_is_refused(value: object) -> None:
    with pytest.raises(InvalidInputError):
        product_from_data(value)


def _faulty_places(data: Data) -> Iterable[str]:
    try:
        product_from_data(data)
    except InvalidInputError as error:
        return error.errors
    return ()
