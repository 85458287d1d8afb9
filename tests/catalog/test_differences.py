"""Differences in words that people can read."""

from typing import Any

import pytest
from hypothesis import given

from portal.catalog.codec import product_as_data
from portal.catalog.definition import ProductDefinition
from portal.catalog.differences import Difference, differences
from tests.catalog.strategies import products


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"cost_cents": 100}, {"cost_cents": 250}, [Difference("cost_cents", "100", "250")]),
        ({"name": {"nl": "Pas", "en": "Pass"}}, {"name": {"nl": "Kaart", "en": "Pass"}}, [Difference("name.nl", "Pas", "Kaart")]),
        ({}, {"help": {"nl": "Zo.", "en": "So."}}, [Difference("help", None, "Zo. / So.")]),
        ({"wished_date": "start"}, {}, [Difference("wished_date", "start", None)]),
        (
            {"lines": [{"block": "pass", "need": "required"}, {"block": "desk", "need": "required"}]},
            {"lines": [{"block": "pass", "need": "optional"}]},
            [
                Difference("lines[pass].need", "required", "optional"),
                Difference("lines[desk]", '{"block": "desk", "need": "required"}', None),
            ],
        ),
        (
            {"audience": ["employee", "manager"]},
            {"audience": ["manager", "employee"]},
            [Difference("audience, the order", "employee, manager", "manager, employee")],
        ),
        (
            {"dependencies": [{"block": "a", "after": "b", "kind": "needs"}]},
            {"dependencies": [{"block": "a", "after": "b", "kind": "order"}]},
            [Difference("dependencies[a after b].kind", "needs", "order")],
        ),
        ({"checklist": [{"nl": "x", "en": "x"}]}, {"checklist": [{"nl": "y", "en": "x"}]}, [Difference("checklist[1].nl", "x", "y")]),
        ({"lines": [{"block": "a"}, {"block": "a"}]}, {"lines": [{"block": "a"}]}, [Difference("lines[a 2]", '{"block": "a"}', None)]),
        ({"when": {"question": "q", "is": True}}, {"when": {"question": "q", "is": 1}}, [Difference("when.is", "true", "1")]),
    ],
)
def test_a_difference_names_the_field_and_what_stood_there(before: Any, after: Any, found: list[Difference]) -> None:
    assert list(differences(before, after)) == found


@given(products, products)
def test_there_is_a_difference_exactly_when_something_differs(one: ProductDefinition, other: ProductDefinition) -> None:
    before, after = product_as_data(one), product_as_data(other)
    assert bool(list(differences(before, after))) is (before != after)
    assert not list(differences(before, before))
