"""The catalogue as one file: a zip of the folder of YAML, read with care, as somebody sent it."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent, CollectionStartEvent

MOST_FILES: Final = 2_000
MOST_BYTES: Final = 20_000_000
_CHUNK: Final = 65_536
_DEEPEST: Final = 40
_OURS: Final = re.compile(r"(?:[^/\\.][^/\\]*/)?(?P<path>questions\.yaml|(?:blocks|products)/[a-z0-9][a-z0-9_-]*\.yaml)")


class ArchiveError(Exception):
    """A file is no archive that we take; says why with a code."""


def zip_files(files: Mapping[str, str]) -> bytes:
    """Put texts by their path in a zip; the same texts always give the same bytes."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def unpack(content: bytes, folder: Path) -> None:
    """Put the files of a catalogue that stand in a zip in a folder; they may stand in one folder there.

    :raises ArchiveError: it is no zip (`not_a_zip`), too big when unpacked (`too_big`), holds no catalogue (`no_catalogue`), or a file
        that could grow without end (`anchors`, `too_deep`).
    """
    found = False
    for name, data in read_entries(content):
        match = _OURS.fullmatch(name)
        if match is None:
            continue
        _refuse_growing(data)
        target = folder / match["path"]
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(data)
        found = True
    if not found:
        raise ArchiveError("no_catalogue")


def read_entries(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Read the files in a zip, no further than they may be long together, whatever the zip itself says.

    :raises ArchiveError: it is no zip (`not_a_zip`) or too big when unpacked (`too_big`).
    """
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MOST_FILES:
                raise ArchiveError("too_big")
            for entry in entries:
                data = _read(archive, entry, left)
                left -= len(data)
                yield entry.filename, data
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise ArchiveError("not_a_zip") from error


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    data = bytearray()
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            data += chunk
            if len(data) > most:
                raise ArchiveError("too_big")
    return bytes(data)


def _refuse_growing(data: bytes) -> None:
    """Refuse YAML in which a part stands for another, or parts stand in each other very deep; what is no YAML is told of later."""
    depth = 0
    try:
        for event in YAML(typ="safe", pure=True).parse(data.decode("utf-8", errors="replace")):
            if isinstance(event, AliasEvent):
                raise ArchiveError("anchors")
            depth += 1 if isinstance(event, CollectionStartEvent) else -1 if type(event).__name__.endswith("EndEvent") else 0
            if depth > _DEEPEST:
                raise ArchiveError("too_deep")
    except (YAMLError, RecursionError):
        return
