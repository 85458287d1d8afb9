"""Naming places in a product or building block by codes: `tree.outcomes[trainee].lines[laptop].when`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from portal.catalog.differences import name_of

_STEP: Final = re.compile(r"\[(\d+)\]|\.?([^.\[\]]+)")


def named_place(data: object, path: str) -> str:
    """Write a path such as `lines[2].when` with the codes of the parts instead of their numbers."""
    place, here = "", data
    for number, name in _STEP.findall(path):
        here = _inside(here, int(number) if number else name)
        place += f"[{name_of(here) or int(number) + 1}]" if number else f".{name}" if place else name
    return place


def texts_of(data: object, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Give every text in stored data, with its place, in Dutch and in English."""
    if isinstance(data, Mapping):
        if set(data) == {"nl", "en"}:
            yield path, data["nl"], data["en"]
            return
        for name, part in data.items():
            yield from texts_of(part, f"{path}.{name}" if path else str(name))
    elif isinstance(data, Sequence) and not isinstance(data, str):
        for index, part in enumerate(data):
            yield from texts_of(part, f"{path}[{name_of(part) or index + 1}]")


def _inside(here: Any, step: int | str) -> Any:  # noqa: ANN401  stored data
    try:
        return here[step]
    except (KeyError, IndexError, TypeError):
        return None
