"""Codes that are said over the phone, and the numbers of requests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.references import ALPHABET, derive_code, hash_code, new_token, normal_code, parse_request_number, request_number

codes = st.builds(lambda seed: derive_code(secret="geheim", seed=seed), st.text(max_size=8))


@given(codes)
def test_every_single_wrong_sign_is_caught(code: str) -> None:
    right = normal_code(code)
    assert right
    for place in range(len(right)):
        for sign in ALPHABET.replace(right[place], ""):
            assert normal_code(right[:place] + sign + right[place + 1 :]) is None


@given(codes)
def test_every_swap_of_neighbours_is_caught(code: str) -> None:
    right = normal_code(code)
    assert right
    for place in range(len(right) - 1):
        swapped = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
        assert swapped == right or normal_code(swapped) is None


@given(codes)
def test_reading_forgives_how_people_write(code: str) -> None:
    right = code.replace("-", "")
    for written in (
        code.lower(),
        f" {code} ",
        right,
        code.replace("-", " "),
        code.replace("-", "\u2013"),
        code.replace("1", "l"),
        code.replace("0", "o"),
    ):
        assert normal_code(written) == right
    assert normal_code(code.replace("1", "I").replace("0", "O")) == right


@pytest.mark.parametrize("text", ["", "-", "ABCD", "U" * 13, "é" * 13, "0" * 12, "0" * 14, "\x00" * 13, "\uff11" * 13])
def test_what_cannot_be_a_code_is_none(text: str) -> None:
    assert normal_code(text) is None


def test_a_code_is_derived_again_and_revoked_by_another_seed() -> None:
    first = derive_code(secret="s", seed="42")
    assert first == derive_code(secret="s", seed="42")
    others = {derive_code(secret="s", seed="43"), derive_code(secret="t", seed="42")}
    assert first not in others
    assert [len(part) for part in first.split("-")] == [4, 4, 5]


def test_numbers() -> None:
    assert request_number(year=2026, request_id=42) == "A-2026-000042"
    for written in ("A-2026-000042", " a-2026-42 ", "2026-000042", "A2026-42"):
        assert parse_request_number(written) == (2026, 42)
    for other in ("", "A-2026", "A-2026-", "x", "A-2026-1234567890123", "A-2026-42; --"):
        assert parse_request_number(other) is None


def test_tokens_and_hashes() -> None:
    assert new_token() != new_token()
    assert len(new_token()) == 32
    assert len(hash_code("a")) == 64
