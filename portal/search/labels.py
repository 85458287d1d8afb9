"""Words for how a search was read, and how it fell short."""

from collections.abc import Mapping
from typing import Any, Final

from portal.search.rules import Reading, Shortfall
from portal.web.words import _l

READINGS: Final[Mapping[Reading, Any]] = {
    Reading.WORD: _l("a word of the catalogue"),
    Reading.SYNONYM: _l("a synonym"),
    Reading.PART: _l("a part of a longer word"),
    Reading.PIECE: _l("the end or the beginning of a word we do not know"),
    Reading.BEGINNING: _l("the beginning of a word"),
    Reading.MISTYPED: _l("a typing error"),
}

SHORTFALLS: Final[Mapping[Shortfall, Any]] = {
    Shortfall.NOTHING: _l("found nothing"),
    Shortfall.LITTLE: _l("found little"),
}

FAULTS: Final[Mapping[str, Any]] = {
    "finds_nothing": _l("The catalogue does not hold these words. Use words from the name of a product or a building block."),
    "required": _l("Write at least one word that people type."),
    "too_long": _l("Use at most 100 characters for one synonym, and at most 1,000 synonyms."),
}
