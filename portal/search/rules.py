"""How a search is read, how it can fall short, and what of it is kept for the people who keep the catalogue."""

import re
from enum import StrEnum
from typing import Final

_ADDRESS: Final = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")
# Four figures may be a number of a person, a room or a case; figures in small groups may be a telephone number or a date.
_NUMBER: Final = re.compile(r"\+?\d(?:[ ./-]?\d){3,}")
_POSTCODE: Final = re.compile(r"\b\d{4} ?[a-z]{2}\b")


class Shortfall(StrEnum):
    """How a search fell short: it found nothing, or nothing that holds all that was typed."""

    NOTHING = "nothing"
    LITTLE = "little"


class Reading(StrEnum):
    """How a word of a search was read."""

    WORD = "word"
    SYNONYM = "synonym"
    PART = "part"
    PIECE = "piece"
    BEGINNING = "beginning"
    MISTYPED = "mistyped"


def without_traces(text: str) -> str:
    """Leave out of a search what can lead to a person: addresses, postcodes, and long or grouped numbers; in small letters."""
    words = text.lower()
    for pattern in (_ADDRESS, _POSTCODE, _NUMBER):
        words = pattern.sub(" ", words)
    return " ".join(words.split())
