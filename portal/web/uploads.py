"""Files going in and out: which addresses take them, how much they take, and how a file is given back."""

from collections.abc import Callable
from io import BytesIO
from typing import Final, TypeVar

from flask import Response, current_app, send_file

from portal.web.headers import FILE_POLICY

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


def file_answer(content: bytes, *, name: str, media_type: str, is_shown: bool) -> Response:
    """Give a file to a browser, which keeps it apart: nothing in it runs, and no shared cache holds it.

    Only what `is_shown` may be drawn in a page, all else is saved.
    """
    response = send_file(BytesIO(content), media_type, as_attachment=not is_shown, download_name=name, etag=False, conditional=False)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response
