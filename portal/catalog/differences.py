"""What is different between two versions of a product, a building block or a question: field by field, in words people can read."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

_NAMES: Final = ("code", "block")
_NOTHING: Final = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs; None for what is not there. `place` names parts by their code: `tree.questions[kind].label.nl`."""

    place: str
    before: str | None
    after: str | None


def differences(before: object, after: object, place: str = "") -> Iterator[Difference]:
    """Give each field of stored data that is new, gone or changed, in the order of the fields."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _in_fields(before, after, place)
    elif _is_list(before) and _is_list(after):
        yield from _in_lists(before, after, place)  # type: ignore[arg-type]  # both are lists
    elif before != after or isinstance(before, bool) is not isinstance(after, bool):
        yield Difference(place, _written(before), _written(after))


def name_of(part: object) -> str | None:
    """Give what tells a part of a list apart, such as its code; None when nothing does."""
    if isinstance(part, str):
        return part
    if not isinstance(part, Mapping):
        return None
    if "after" in part:
        return f"{part['block']} after {part['after']}"
    return next((str(part[name]) for name in _NAMES if name in part), None)


def _in_fields(before: Mapping[str, Any], after: Mapping[str, Any], place: str) -> Iterator[Difference]:
    for name in dict.fromkeys([*before, *after]):
        inside = f"{place}.{name}" if place else str(name)
        yield from differences(before.get(name, _NOTHING), after.get(name, _NOTHING), inside)


def _in_lists(before: Sequence[Any], after: Sequence[Any], place: str) -> Iterator[Difference]:
    """Compare parts that have the same code; parts without code by their number."""
    old, new = _by_name(before), _by_name(after)
    for name in dict.fromkeys([*old, *new]):
        yield from differences(old.get(name, _NOTHING), new.get(name, _NOTHING), f"{place}[{name}]")
    kept_before, kept_after = [name for name in old if name in new], [name for name in new if name in old]
    if kept_before != kept_after:
        yield Difference(f"{place}, the order", ", ".join(kept_before), ", ".join(kept_after))


def _by_name(parts: Sequence[Any]) -> dict[str, Any]:
    """Name each part by what tells it apart; a name that occurs again gets a number."""
    named: dict[str, Any] = {}
    for index, part in enumerate(parts):
        name = name_of(part) or str(index + 1)
        number = 2
        whole = name
        while whole in named:
            whole, number = f"{name} {number}", number + 1
        named[whole] = part
    return named


def _written(value: object) -> str | None:
    """Write a value in one line."""
    if value is _NOTHING:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping) and set(value) == {"nl", "en"}:
        return f"{value['nl']} / {value['en']}"
    return json.dumps(value, ensure_ascii=False)


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
