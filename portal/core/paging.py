"""Paging by key: a page of rows and the key at which the next one begins."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")
Key = Sequence[str | int | float | None]

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows of one page; `next_key` is None on the last page."""

    rows: Sequence[Row]
    next_key: str | None = None
    is_first: bool = True


def encode_key(key: Key) -> str:
    """Write a row's sort key so that it fits in a URL."""
    return base64.urlsafe_b64encode(json.dumps(list(key), separators=(",", ":")).encode()).decode().rstrip("=")


def decode_key(text: str | None, kinds: Sequence[type]) -> list[str | int | float] | None:
    """Read a key with values of `kinds` from a URL; None when there is none or it is not one of ours."""
    if not text:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, UnicodeDecodeError):
        return None
    if not isinstance(values, list) or len(values) != len(kinds):
        return None
    fits = all(isinstance(value, kind) for value, kind in zip(values, kinds, strict=True))
    return values if fits else None
