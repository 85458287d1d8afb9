"""Differences between two versions as the catalogue manager reads them: field by field, codes in words."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from portal.catalog.agreement_codec import price_from_data
from portal.catalog.differences import Difference, differences
from portal.catalog.labels import APPROVAL_MODES, KINDS, LEVELS, NEEDS, PRIVACY, QUESTION_KINDS, THEMES, TIERS, audience_words
from portal.catalog.models import BlockVersion, CatalogueVersion
from portal.catalog.price_labels import whole_price_words
from portal.composing.agreement_labels import DEPENDENCIES, approvers_words, length_words, no_return_words, starts_words
from portal.composing.labels import condition_words, place_words, value_words
from portal.web.filters import money


def _from(words: Mapping[Any, Any]) -> Callable[[Any, Mapping[str, str]], str]:
    return lambda value, _names: str(words[value])


# What products, questions and dependencies can be; no two have the same code.
_KINDS: Final[Mapping[str, Any]] = {
    str(code): words for several in (KINDS, QUESTION_KINDS, DEPENDENCIES) for code, words in several.items()
}

# How the codes in a field are written.
_WRITERS: Final[Mapping[str, Callable[[Any, Mapping[str, str]], Any]]] = {
    "when": condition_words,
    "approvers": approvers_words,
    "starts": lambda value, _names: starts_words(value),
    "no_return": lambda value, _names: no_return_words(value),
    **dict.fromkeys(["norm", "notice", "offset", "response"], lambda value, _names: length_words(value)),
    "above_cents": lambda value, _names: money(value),
    "prices": lambda value, _names: [whole_price_words(price_from_data(price)) for price in value],
    "audience": lambda value, _names: audience_words(value),
    "kind": lambda value, _names: str(_KINDS[value]),
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


def differences_between(before: CatalogueVersion, after: CatalogueVersion) -> Sequence[DifferenceRow]:
    """List what differs between two versions, field by field in both languages."""
    return rows_of_differences(before.definition, after.definition, is_block=isinstance(after, BlockVersion))


def rows_of_differences(before: Mapping[str, Any], after: Mapping[str, Any], *, is_block: bool) -> Sequence[DifferenceRow]:
    """List what differs between two stored definitions."""
    names = _question_names(before, is_block=is_block) | _question_names(after, is_block=is_block)
    return _rows(differences(_readable(_with_prices(before), names), _readable(_with_prices(after), names)))


def rows_of_question_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Sequence[DifferenceRow]:
    """List what differs between two stored questions of the library."""
    return _rows(differences(_readable(before, {}), _readable(after, {})))


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


def _readable(data: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Turn the codes of a definition into words; its texts and its shape stay."""
    return {name: _readable_value(name, value, names) for name, value in data.items()}


def _readable_value(name: str, value: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401  any part of stored data
    if name in _WRITERS:
        return _WRITERS[name](value, names)
    if isinstance(value, Mapping):
        return _readable(value, names)
    if isinstance(value, list):
        return [_readable(one, names) if isinstance(one, Mapping) else one for one in value]
    return value_words(value) if isinstance(value, int) else value


def _question_names(data: Mapping[str, Any], *, is_block: bool) -> dict[str, str]:
    questions = data["questions"] if is_block else (data.get("tree") or {}).get("questions", [])
    return {str(question["code"]): str(question["label"]["nl"]) for question in questions}
