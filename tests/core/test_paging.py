"""Keys of pages: what we wrote is read back, and nothing else."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.paging import decode_key, encode_key


@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])), st.integers(-(2**31) + 1, 2**31 - 1))
def test_a_key_comes_back(text: str, number: int) -> None:
    assert decode_key(encode_key([text, number]), [str, int]) == [text, number]


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    assert decode_key(text, [str, int]) is None


def written(values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize(
    "values",
    [[1], [1, 2, 3], ["a", 2], {"0": 1}, None, [True, 2], [1, None], [2**63, 1], [float("nan"), 1], [float("inf"), 1], [[1], 2]],
)
def test_keys_of_another_shape_are_refused(values: object) -> None:
    assert decode_key(written(values), [int, int]) is None


def test_keys_that_a_database_cannot_hold_are_refused() -> None:
    assert decode_key(written(["a\0b"]), [str]) is None
    deep = base64.urlsafe_b64encode(b"[" * 100_000).decode()
    assert decode_key(deep, [int]) is None
