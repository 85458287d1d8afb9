"""Words for files: why one is refused, and how large one is."""

from collections.abc import Callable, Mapping
from typing import Final

from flask_babel import format_decimal

from portal.requests.attachments.images import MOST_PIXELS
from portal.requests.attachments.rules import TYPES, FileFault, RefusedFileError
from portal.web.words import _

_KILO: Final = 1000
_MEGA: Final = 1_000_000

FILE_FAULTS: Final[Mapping[FileFault, Callable[[str, int], str]]] = {
    FileFault.EMPTY: lambda name, _most: _("“%(name)s” is empty. Choose the file again.", name=name),
    FileFault.TOO_LARGE: lambda name, most: _(
        "“%(name)s” is too large. A file may be %(most)s at most. Make it smaller, or send it in parts.", name=name, most=size_words(most)
    ),
    FileFault.UNKNOWN_TYPE: lambda name, _most: _("We do not take “%(name)s”. You can send: %(types)s.", name=name, types=", ".join(TYPES)),
    FileFault.OTHER_CONTENT: lambda name, _most: _(
        "“%(name)s” is not what its name says. Open it, save it again, and choose that file.", name=name
    ),
    FileFault.HAS_MACROS: lambda name, _most: _("“%(name)s” holds macros. Save it without macros, and choose that file.", name=name),
    FileFault.BAD_IMAGE: lambda name, _most: _("“%(name)s” is damaged: the image cannot be read. Choose another file.", name=name),
    FileFault.TOO_MANY_PIXELS: lambda name, _most: _(
        "“%(name)s” has too many pixels. At most %(most)s million are possible. Make it smaller first.",
        name=name,
        most=MOST_PIXELS // _MEGA,
    ),
}


def refusal_sentence(error: RefusedFileError, *, most_bytes: int) -> str:
    """Say why a file is refused and what to do."""
    return FILE_FAULTS[error.fault](error.name, most_bytes)


def size_words(size: int) -> str:
    """Write a size in bytes as people read it: "34 kB", "1,2 MB"."""
    if size >= _MEGA:
        return f"{format_decimal(size / _MEGA, '#,##0.#')} MB"
    return f"{max(1, round(size / _KILO))} kB"
