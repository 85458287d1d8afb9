"""What a file that people send may be: its name, its size and its real content. Pure."""

import hashlib
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import Final

from portal.core.errors import LoketError
from portal.requests.attachments.images import BadImageError, TooManyPixelsError, reencode

LONGEST_NAME: Final = 150
_LONGEST_EXTENSION: Final = 20
_HEAD: Final = 4096  # bytes that show what a file is
_KEPT_IN_TEXT: Final = frozenset("\t\r\n\f")
_FORMAT_SIGNS: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # cannot be seen, or turn the letters of a name around


class FileFault(StrEnum):
    """Why a file is refused."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN_TYPE = "unknown_type"
    OTHER_CONTENT = "other_content"
    HAS_MACROS = "has_macros"
    BAD_IMAGE = "bad_image"
    TOO_MANY_PIXELS = "too_many_pixels"


class RefusedFileError(LoketError):
    """A file that we do not take; `name` is how it was called."""

    code = "refused_file"

    def __init__(self, name: str, fault: FileFault) -> None:
        """Keep which file, and why."""
        super().__init__(name, fault)
        self.name, self.fault = name, fault


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """A file that was looked at: a name without a path, its real type, and the content as we keep it."""

    name: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Give the fingerprint under which the content is kept."""
        return hashlib.sha256(self.content).hexdigest()


IMAGES: Final = frozenset({"jpg", "jpeg", "png", "gif", "webp"})
SHOWN_INLINE: Final = frozenset({"image/jpeg", "image/png"})  # only what we wrote ourselves
_OFFICE: Final[Mapping[str, tuple[str, str]]] = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "word/"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xl/"),
}
_OPEN_DOCUMENT: Final[Mapping[str, str]] = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
_TEXT: Final[Mapping[str, str]] = {"txt": "text/plain", "csv": "text/csv"}
TYPES: Final = ("pdf", *_OFFICE, *_OPEN_DOCUMENT, *_TEXT, *sorted(IMAGES))


def check_file(*, name: str, content: bytes, most_bytes: int) -> CheckedFile:
    """Look at a file by what is in it, not by what it says it is; an image is made anew.

    A virus is not looked for: that is work for the scanner of the organisation's own machines.

    :raises RefusedFileError: it is empty, too large, or not what we take.
    """
    name = tidy_name(name)
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if not content:
        raise RefusedFileError(name, FileFault.EMPTY)
    if len(content) > most_bytes:
        raise RefusedFileError(name, FileFault.TOO_LARGE)
    if extension not in TYPES:
        raise RefusedFileError(name, FileFault.UNKNOWN_TYPE)
    if extension in IMAGES:
        return _image(name, content)
    return CheckedFile(name=name, media_type=_type_of(name, extension, content), content=content)


def tidy_name(name: str) -> str:
    """Give the last part of a path, without signs that cannot be seen; a long one is shortened and keeps its extension."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(sign for sign in last if unicodedata.category(sign) not in _FORMAT_SIGNS)
    stem, dot, extension = " ".join(seen.split()).rpartition(".")
    if not dot or not extension or len(extension) > _LONGEST_EXTENSION:
        return seen[:LONGEST_NAME].strip(" .") or "-"
    return f"{stem[: LONGEST_NAME - len(extension) - 1].strip(' .') or '-'}.{extension}"


def _image(name: str, content: bytes) -> CheckedFile:
    """Make an image anew from its pixels, so that nothing else that was in the file is left."""
    if not _kinds(content) & {"image/jpeg", "image/png", "image/gif", "image/webp"}:
        raise RefusedFileError(name, FileFault.OTHER_CONTENT)
    try:
        image = reencode(content)
    except TooManyPixelsError as error:
        raise RefusedFileError(name, FileFault.TOO_MANY_PIXELS) from error
    except BadImageError as error:
        raise RefusedFileError(name, FileFault.BAD_IMAGE) from error
    stem = name.rpartition(".")[0] or name
    return CheckedFile(name=f"{stem}.{image.extension}", media_type=image.media_type, content=image.content)


def _type_of(name: str, extension: str, content: bytes) -> str:
    if extension in _TEXT:
        media_type = _TEXT[extension] if _is_text(content) else None
    elif extension == "pdf":
        media_type = "application/pdf" if "application/pdf" in _kinds(content) else None
    else:
        media_type = _type_of_document(name, extension, content)
    if media_type is None:
        raise RefusedFileError(name, FileFault.OTHER_CONTENT)
    return media_type


def _type_of_document(name: str, extension: str, content: bytes) -> str | None:
    """Tell the type of a document that is a zip file by the parts that it must have; nothing is unpacked but a few bytes."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            names = parts.namelist()
            if any(part.lower().endswith(("vbaproject.bin", ".xlsm")) or part.startswith(("Basic/", "Scripts/")) for part in names):
                raise RefusedFileError(name, FileFault.HAS_MACROS)
            if extension in _OFFICE:
                media_type, folder = _OFFICE[extension]
                is_right = "[Content_Types].xml" in names and any(part.startswith(folder) for part in names)
                return media_type if is_right else None
            with parts.open("mimetype") as part:
                said = part.read(100).decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return None
    return said if said == _OPEN_DOCUMENT[extension] else None


def _kinds(content: bytes) -> set[str]:
    """List the types that the first bytes fit."""
    import puremagic  # noqa: PLC0415  it reads a long table, and few pages need it

    try:
        return {found.mime_type for found in puremagic.magic_string(content[:_HEAD])}
    except (puremagic.PureError, ValueError):
        return set()


def _is_text(content: bytes) -> bool:
    """Tell whether this is text as people write it, in UTF-8 or in the signs of Western Europe."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return not any(unicodedata.category(sign) == "Cc" and sign not in _KEPT_IN_TEXT for sign in text) and "\ufffd" not in text
