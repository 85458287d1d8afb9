"""Differences between two versions as the catalogue manager reads them: field by field, codes in words."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from portal.catalog.agreement_codec import price_from_data
from portal.catalog.definition import Question, QuestionKind
from portal.catalog.differences import Difference, differences
from portal.catalog.labels import APPROVAL_MODES, KINDS, LEVELS, NEEDS, PRIVACY, QUESTION_KINDS, THEMES, TIERS, audience_words
from portal.catalog.price_labels import whole_price_words
from portal.composing.agreement_labels import DEPENDENCIES, approvers_words, length_words, no_return_words, starts_words
from portal.composing.labels import condition_words, place_words, value_words
from portal.composing.subjects import Subject, by_code, subjects_in, subjects_of
from portal.web.filters import money
from portal.web.language import local

Subjects = Mapping[str, Subject]
_LIMITS: Final = frozenset({"at_least", "at_most"})


def _from(words: Mapping[Any, Any]) -> Callable[[Any, Subjects], str]:
    return lambda value, _subjects: str(words[value])


# What products, questions and dependencies can be; no two have the same code.
_KINDS: Final[Mapping[str, Any]] = {
    str(code): words for several in (KINDS, QUESTION_KINDS, DEPENDENCIES) for code, words in several.items()
}

# How the codes in a field are written.
_WRITERS: Final[Mapping[str, Callable[[Any, Subjects], Any]]] = {
    "when": condition_words,
    "approvers": lambda value, subjects: approvers_words(value, {code: local(one.label) for code, one in subjects.items()}),
    "starts": lambda value, _subjects: starts_words(value),
    "no_return": lambda value, _subjects: no_return_words(value),
    **dict.fromkeys(["norm", "notice", "offset", "response"], lambda value, _subjects: length_words(value)),
    "above_cents": lambda value, _subjects: money(value),
    "prices": lambda value, _subjects: [whole_price_words(price_from_data(price)) for price in value],
    "audience": lambda value, _subjects: audience_words(value),
    "kind": lambda value, _subjects: str(_KINDS[value]),
    "mode": _from(APPROVAL_MODES),
    "tier": _from(TIERS),
    "level": _from(LEVELS),
    "theme": _from(THEMES),
    "need": _from(NEEDS),
    "privacy": _from(PRIVACY),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """One field that differs, in words; None for what is not there."""

    place: str
    before: str | None
    after: str | None


def rows_of_differences(before: Mapping[str, Any], after: Mapping[str, Any], library: Iterable[Question]) -> Sequence[DifferenceRow]:
    """List what differs between two stored definitions or questions, field by field in both languages.

    `library` holds the questions that their conditions can look at beside their own.
    """
    subjects = by_code([*subjects_of(None, library), *subjects_in(before), *subjects_in(after)])
    return _rows(differences(_readable(_with_prices(before), subjects), _readable(_with_prices(after), subjects)))


def _rows(found: Iterable[Difference]) -> Sequence[DifferenceRow]:
    return [
        DifferenceRow(place=place_words(one.place), before=one.before, after=one.after) for whole in found for one in _field_by_field(whole)
    ]


def _with_prices(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read the one amount of an older version as a price."""
    rest = {name: value for name, value in data.items() if name != "cost_cents"}
    return {**rest, "prices": [{"once_cents": data["cost_cents"]}]} if data.get("cost_cents") else rest


def _field_by_field(difference: Difference) -> Iterator[Difference]:
    """Take apart what is new or gone as a whole."""
    before, after = _parsed(difference.before), _parsed(difference.after)
    if difference.before is None and isinstance(after, Mapping | list):
        yield from _leaves(after, difference.place, is_new=True)
    elif difference.after is None and isinstance(before, Mapping | list):
        yield from _leaves(before, difference.place, is_new=False)
    else:
        yield difference


def _leaves(part: object, place: str, *, is_new: bool) -> Iterator[Difference]:
    empty: Any = [] if isinstance(part, list) else {}
    inside = differences(empty, part, place) if is_new else differences(part, empty, place)
    for one in inside:
        yield from _field_by_field(one)


def _parsed(written: str | None) -> object:
    if written is None or not written.startswith(("{", "[")):
        return written
    try:
        return json.loads(written)
    except ValueError:
        return written


def _readable(data: Mapping[str, Any], subjects: Subjects) -> dict[str, Any]:
    """Turn the codes of a definition into words; its texts and its shape stay."""
    is_money = data.get("kind") == QuestionKind.MONEY
    return {
        name: money(value) if is_money and name in _LIMITS and value is not None else _readable_value(name, value, subjects)
        for name, value in data.items()
    }


def _readable_value(name: str, value: Any, subjects: Subjects) -> Any:  # noqa: ANN401  any part of stored data
    if name in _WRITERS:
        return _WRITERS[name](value, subjects)
    if isinstance(value, Mapping):
        return _readable(value, subjects)
    if isinstance(value, list):
        return [_readable(one, subjects) if isinstance(one, Mapping) else one for one in value]
    return value_words(value) if isinstance(value, int) else value
