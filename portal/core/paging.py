"""Paging by key: a page of rows and the key at which the next one begins."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

Row = TypeVar("Row")
Key = Sequence[str | int | float | None]

PAGE_SIZE = 20
_MOST = 2**31 - 1  # the largest key of a row


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
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, list) or len(values) != len(kinds):
        return None
    return values if all(_fits(value, kind) for value, kind in zip(values, kinds, strict=True)) else None


def _fits(value: object, kind: type) -> bool:
    """Tell whether a value is of the kind and can be compared with a column of it."""
    if isinstance(value, bool) or not isinstance(value, kind):
        return False
    if isinstance(value, str):
        return "\0" not in value
    return isinstance(value, int | float) and abs(value) <= _MOST


def decode_moment_key(text: str | None) -> tuple[datetime, int] | None:
    """Read a key made of a moment (ISO form, with its zone) and an id from a URL; None when it is not one of ours."""
    values = decode_key(text, (str, int))
    if values is None:
        return None
    try:
        moment = datetime.fromisoformat(str(values[0]))
    except ValueError:
        return None
    return (moment, int(values[1])) if moment.tzinfo else None
