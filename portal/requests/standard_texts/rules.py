"""Placeholders in standard texts: words between braces from a fixed list, filled in once and never evaluated. Pure."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from portal.core.texts import LocalText


class Placeholder(StrEnum):
    """What can be filled in."""

    NAME = "name"
    NUMBER = "number"
    PRODUCT = "product"
    BENEFICIARY = "beneficiary"
    EXPECTED_DATE = "expected_date"
    LATEST_DATE = "latest_date"
    WRITER = "writer"


# How it is written between the braces; in both languages both are understood.
SPELLINGS: Final[Mapping[Placeholder, LocalText]] = {
    Placeholder.NAME: LocalText("naam", "name"),
    Placeholder.NUMBER: LocalText("nummer", "number"),
    Placeholder.PRODUCT: LocalText("product", "product"),
    Placeholder.BENEFICIARY: LocalText("voor wie", "for whom"),
    Placeholder.EXPECTED_DATE: LocalText("verwachte datum", "expected date"),
    Placeholder.LATEST_DATE: LocalText("uiterste datum", "latest date"),
    Placeholder.WRITER: LocalText("mijn naam", "my name"),
}

_BRACES: Final = re.compile(r"\{([^{}]*)\}")
_BY_SPELLING: Final = {spelling: one for one, words in SPELLINGS.items() for spelling in (words.nl, words.en)}


def unknown_placeholders(text: str) -> tuple[str, ...]:
    """List what stands between braces and cannot be filled in, each once, in the order of the text."""
    return tuple(dict.fromkeys(found for found in _BRACES.findall(text) if _normal(found) not in _BY_SPELLING))


def fill_placeholders(text: str, values: Mapping[Placeholder, str]) -> str:
    """Fill in the placeholders; what a value holds is left as it is, braces included."""

    def value_of(found: re.Match[str]) -> str:
        placeholder = _BY_SPELLING.get(_normal(found[1]))
        return values[placeholder] if placeholder else found[0]

    return _BRACES.sub(value_of, text)


def _normal(name: str) -> str:
    return " ".join(name.lower().split())
