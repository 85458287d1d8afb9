"""Which addresses take files, and how much they take."""

from collections.abc import Callable
from typing import Final, TypeVar

from flask import current_app

MOST_FILES: Final = 5
MEGABYTE: Final = 1_000_000
_TEXT_BESIDE: Final = 1_000_000  # bytes for the other fields of the form

View = TypeVar("View", bound=Callable[..., object])
_uploading: Final[set[Callable[..., object]]] = set()


def takes_files(view: View) -> View:
    """Mark a view whose form may carry files; all others take no more than text."""
    _uploading.add(view)
    return view


def most_bytes_per_file() -> int:
    """Give how many bytes one file may have, from the settings."""
    return int(current_app.config["UPLOAD_MB"]) * MEGABYTE


def most_bytes_for(view: Callable[..., object]) -> int | None:
    """Give how many bytes a form for this view may have together; None: as everywhere."""
    return MOST_FILES * most_bytes_per_file() + _TEXT_BESIDE if view in _uploading else None
