"""How well a document answers a query: where its words stand, how sure we are of them, and how much of the name they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from portal.search.vocabulary import AskedWord, Meaning

FIELD_WEIGHTS: Final[Mapping[str, float]] = {"name": 1.0, "parts": 0.6, "summary": 0.45, "body": 0.25}
_PART_OF_NAME: Final = 0.85
_NAME_BONUS: Final = 0.35
_STEPS: Final = 40


@dataclass(frozen=True, slots=True)
class Match:
    """How well a document answers, in steps so that what hardly differs is equal, and the stems by which it does."""

    score: int
    stems: frozenset[str]
    best: tuple[Meaning, ...]


def match(terms: Mapping[str, Any], asked: Sequence[AskedWord]) -> Match | None:
    """Measure a document, given its stems per field; None when it holds nothing of what was asked."""
    places = _places(terms)
    total = sum(word.weight for word in asked)
    found = [(word.weight, *_best(word.meanings, places)) for word in asked]
    held = [(weight * value, meaning) for weight, value, meaning in found if meaning]
    if not held:
        return None
    stems = frozenset(stem for _, meaning in held for stem in meaning.stems)
    in_name = [meaning.certainty for _, meaning in held if any(places[stem] >= _PART_OF_NAME for stem in meaning.stems)]
    bonus = _NAME_BONUS * _share_of_name(terms["names"], stems) * sum(in_name) / max(len(in_name), 1)
    score = sum(value for value, _ in held) / total + bonus
    return Match(round(score * _STEPS), stems, tuple(meaning for _, meaning in held))


def name_stems(terms: Mapping[str, Any]) -> list[str]:
    """Give the stems of the name in both languages."""
    return [stem for name in terms["names"] for word in name for stem in word]


def _places(terms: Mapping[str, Any]) -> dict[str, float]:
    places: dict[str, float] = {}
    for field in ("body", "summary", "parts"):
        places.update(dict.fromkeys(terms[field], FIELD_WEIGHTS[field]))
    places.update(dict.fromkeys(name_stems(terms), _PART_OF_NAME))
    places.update({word[0]: FIELD_WEIGHTS["name"] for name in terms["names"] for word in name})
    return places


def _best(meanings: Sequence[Meaning], places: Mapping[str, float]) -> tuple[float, Meaning | None]:
    """Give the meaning that this document answers best, with how well."""
    values = [(meaning.certainty * min(places.get(stem, 0.0) for stem in meaning.stems), meaning) for meaning in meanings]
    value, best = max(values, key=lambda one: one[0], default=(0.0, None))
    return (value, best) if value else (0.0, None)


def _share_of_name(names: Sequence[Sequence[Sequence[str]]], stems: frozenset[str]) -> float:
    """Tell how much of the name was asked, in the language in which that is most; part of a compound counts half."""

    def share(word: Sequence[str]) -> float:
        return 1.0 if word[0] in stems else 0.5 if stems & frozenset(word) else 0.0

    return max((sum(map(share, name)) / len(name) for name in names if name), default=0.0)
