"""What holds for every person. Pure."""

import unicodedata
from typing import Final

MOST_NAME: Final = 120
"""How many characters a name has at most."""

_PLAIN_SIGNS: Final = frozenset("bfmpqvwx0123456789@. ")  # no letter that carries an accent, nothing that LIKE reads as more than itself


def folded(text: str) -> str:
    """Give a text as it is compared: small letters without accents, one space between words."""
    plain = unicodedata.normalize("NFKD", " ".join(text.split()).casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def accented_pattern(text: str) -> str:
    """Give a LIKE pattern that finds at least every text in small letters which folds as this one does, sign by sign."""
    signs = unicodedata.normalize("NFC", " ".join(text.split())).lower()
    return "".join(sign if sign in _PLAIN_SIGNS else "_" for sign in signs)
