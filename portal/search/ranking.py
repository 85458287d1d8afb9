"""How well a document answers a query: where its words stand, how sure we are of them, and how much of the name they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from portal.search.vocabulary import AskedWord, Meaning

# The fields below the name, the heaviest first.
FIELD_WEIGHTS: Final[Mapping[str, float]] = {"parts": 0.6, "summary": 0.45, "body": 0.25}
_WHOLE_NAME: Final = 1.0
_PART_OF_NAME: Final = 0.85
_NAME_BONUS: Final = 0.35
_STEPS: Final = 40


@dataclass(frozen=True, slots=True)
class Terms:
    """The stems of a document: of the name per language and word (the word itself, then its parts), and per other field.

    As a text they take a line per language and per field, with spaces around every word: a stem is looked up without
    reading all of it, of hundreds of candidates in a millisecond.
    """

    names: Sequence[Sequence[Sequence[str]]]
    fields: Mapping[str, Sequence[str]]

    def as_text(self) -> str:
        """Write it down."""
        names = [" ".join("+".join(word) for word in name) for name in self.names]
        return "\n".join([*names, *(f" {' '.join(self.fields[field])} " for field in FIELD_WEIGHTS)])

    @classmethod
    def from_text(cls, text: str) -> "Terms":
        """Read what was written down."""
        *names, parts, summary, body = text.split("\n")
        fields = dict(zip(FIELD_WEIGHTS, (parts.split(), summary.split(), body.split()), strict=True))
        return cls(names=_read_names(names), fields=fields)

    def by_field(self) -> dict[str, Sequence[str]]:
        """Give the stems as the index takes them."""
        return {"name": [stem for name in self.names for word in name for stem in word], **self.fields}


@dataclass(frozen=True, slots=True)
class Match:
    """How well a document answers, in steps so that what hardly differs is equal, and the stems by which it does."""

    score: int
    stems: frozenset[str]
    best: tuple[Meaning, ...]


def match(text: str, asked: Sequence[AskedWord]) -> Match | None:
    """Measure a document, given its terms as text; None when it holds nothing of what was asked."""
    *lines, parts, summary, body = text.split("\n")
    names, fields = _read_names(lines), list(zip((parts, summary, body), FIELD_WEIGHTS.values(), strict=True))
    in_name = {stem: _PART_OF_NAME for name in names for word in name for stem in word}
    in_name |= {word[0]: _WHOLE_NAME for name in names for word in name}

    def place(stem: str) -> float:
        """Tell how much it weighs that the document holds a stem."""
        if stem in in_name:
            return in_name[stem]
        return next((weight for field, weight in fields if f" {stem} " in field), 0.0)

    found = [(word.weight, *_best(word.meanings, place)) for word in asked]
    held = [(weight * value, meaning) for weight, value, meaning in found if meaning]
    if not held:
        return None
    stems = frozenset(stem for _, meaning in held for stem in meaning.stems)
    sure = [meaning.certainty for _, meaning in held if not in_name.keys().isdisjoint(meaning.stems)]
    bonus = _NAME_BONUS * _share_of_name(names, stems) * sum(sure) / max(len(sure), 1)
    score = sum(value for value, _ in held) / sum(word.weight for word in asked) + bonus
    return Match(round(score * _STEPS), stems, tuple(meaning for _, meaning in held))


def _read_names(lines: Sequence[str]) -> list[list[list[str]]]:
    return [[word.split("+") for word in line.split()] for line in lines]


def _best(meanings: Sequence[Meaning], place: Callable[[str], float]) -> tuple[float, Meaning | None]:
    """Give the meaning that this document answers best, with how well."""
    values = [(meaning.certainty * min(map(place, meaning.stems)), meaning) for meaning in meanings]
    value, best = max(values, key=lambda one: one[0], default=(0.0, None))
    return (value, best) if value else (0.0, None)


def _share_of_name(names: Sequence[Sequence[Sequence[str]]], stems: frozenset[str]) -> float:
    """Tell how much of the name was asked, in the language in which that is most; part of a compound counts half."""

    def share(word: Sequence[str]) -> float:
        return 1.0 if word[0] in stems else 0.5 if not stems.isdisjoint(word) else 0.0

    return max((sum(map(share, name)) / len(name) for name in names if name), default=0.0)
