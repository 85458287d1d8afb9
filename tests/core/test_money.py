"""Amounts as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.money import MOST_CENTS, read_cents, write_euros


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("12,50", 1250),
        ("12.50", 1250),
        ("€ 12", 1200),
        ("1.250", 125_000),
        ("1.250,5", 125_050),
        ("0", 0),
        ("12,505", None),
        ("-1", None),
        ("", None),
        (None, None),
        ("NaN", None),
        ("twaalf", None),
        ("1000000,01", None),
    ],
)
def test_an_amount_is_read_as_cents(written: str | None, cents: int | None) -> None:
    assert read_cents(written) == cents


@given(st.integers(0, MOST_CENTS))
def test_what_is_written_is_read_again(cents: int) -> None:
    assert read_cents(write_euros(cents)) == cents
