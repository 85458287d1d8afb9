"""Which files we take, and what is left of them."""

import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from PIL import Image

from portal.requests.attachments.images import MOST_SIDE
from portal.requests.attachments.rules import LONGEST_NAME, CheckedFile, FileFault, RefusedFileError, check_file, tidy_name

MOST = 2_000_000


def image(form: str = "JPEG", size: tuple[int, int] = (40, 20), **more: object) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, "red").save(written, form, **more)
    return written.getvalue()


def zipped(**parts: str) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        for name, text in parts.items():
            file.writestr(name.replace("__", "/").replace("--", "."), text)
    return written.getvalue()


def checked(name: str, content: bytes) -> CheckedFile:
    return check_file(name=name, content=content, most_bytes=MOST)


def fault(name: str, content: bytes) -> FileFault:
    with pytest.raises(RefusedFileError) as refused:
        checked(name, content)
    return refused.value.fault


WORD = zipped(**{"[Content_Types]--xml": "<x/>", "word__document--xml": "<x/>"})
SHEET = zipped(**{"[Content_Types]--xml": "<x/>", "xl__workbook--xml": "<x/>"})
ODT = zipped(mimetype="application/vnd.oasis.opendocument.text")
BOMB = b"\x89PNG\r\n\x1a\n" + b"".join(
    struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    for kind, data in (
        (b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0" * 1000)),
        (b"IEND", b""),
    )
)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("brief.pdf", b"%PDF-1.7\nx", "application/pdf"),
        ("Brief.DOCX", WORD, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("lijst.xlsx", SHEET, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("brief.odt", ODT, "application/vnd.oasis.opendocument.text"),
        ("lijst.csv", "naam;bedrag\ncafé;1\n".encode("cp1252"), "text/csv"),
        ("uitleg.txt", "\ufeffHoi €".encode(), "text/plain"),
    ],
)
def test_a_document_stays_as_it_is(name: str, content: bytes, media_type: str) -> None:
    file = checked(name, content)
    assert (file.name, file.media_type, file.content) == (name, media_type, content)


def test_an_image_is_made_anew_and_loses_what_was_hidden_in_it() -> None:
    exif = Image.Exif()
    exif[0x010E] = "CANARIE thuisadres"
    exif[0x0112] = 6  # held upright
    file = checked("foto.jpeg", image(exif=exif, comment=b"CANARIE camera"))
    assert (file.name, file.media_type) == ("foto.jpg", "image/jpeg")
    assert b"CANARIE" not in file.content
    with Image.open(BytesIO(file.content)) as drawn:
        assert drawn.size == (20, 40)
        assert not drawn.getexif()


def test_an_image_with_another_file_behind_it_is_only_an_image() -> None:
    assert b"<script>" not in checked("foto.png", image("PNG") + b"<script>alert(1)</script>").content


@pytest.mark.parametrize(("form", "name", "kept"), [("GIF", "a.gif", "a.png"), ("WEBP", "a.webp", "a.jpg"), ("PNG", "a.jpg", "a.png")])
def test_an_image_is_called_what_it_became(form: str, name: str, kept: str) -> None:
    assert checked(name, image(form)).name == kept


def test_a_large_image_becomes_small_enough_to_look_at() -> None:
    with Image.open(BytesIO(checked("a.jpg", image(size=(4000, 1000))).content)) as drawn:
        assert max(drawn.size) <= MOST_SIDE


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("leeg.pdf", b"", FileFault.EMPTY),
        ("groot.pdf", b"%PDF-1.7" + b"x" * MOST, FileFault.TOO_LARGE),
        ("virus.exe", b"MZ", FileFault.UNKNOWN_TYPE),
        ("brief.pdf.exe", b"%PDF-1.7", FileFault.UNKNOWN_TYPE),
        ("pagina.html", b"<html>", FileFault.UNKNOWN_TYPE),
        ("tekening.svg", b"<svg/>", FileFault.UNKNOWN_TYPE),
        ("pdf", b"%PDF-1.7", FileFault.UNKNOWN_TYPE),
        ("brief.pdf", b"MZ" + b"\0" * 90, FileFault.OTHER_CONTENT),
        ("brief.txt", b"MZ" + b"\0" * 90, FileFault.OTHER_CONTENT),
        ("foto.png", b"<svg onload='x()'/>", FileFault.OTHER_CONTENT),
        ("brief.docx", SHEET, FileFault.OTHER_CONTENT),
        ("brief.docx", b"PK\x03\x04" + b"\0" * 50, FileFault.OTHER_CONTENT),
        ("brief.odt", WORD, FileFault.OTHER_CONTENT),
        ("brief.docx", zipped(**{"[Content_Types]--xml": "", "word__vbaProject--bin": ""}), FileFault.HAS_MACROS),
        ("brief.odt", zipped(mimetype="application/vnd.oasis.opendocument.text", Basic__x="x"), FileFault.HAS_MACROS),
        ("brief.odt", zipped(mimetype="application/vnd.oasis.opendocument.text", Scripts__python__x="x"), FileFault.HAS_MACROS),
        ("foto.jpg", image()[:300], FileFault.BAD_IMAGE),
        ("foto.png", b"\x89PNG\r\n\x1a\n" + b"x" * 40, FileFault.BAD_IMAGE),
        ("bom.png", BOMB, FileFault.TOO_MANY_PIXELS),
    ],
)
def test_what_we_do_not_take(name: str, content: bytes, expected: FileFault) -> None:
    assert fault(name, content) is expected


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\noor\\brief.pdf", "brief.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("re\r\ngel\0.txt", "regel.txt"),
        ("", "-"),
        ("..", "-"),
        (".pdf", "-.pdf"),
        ("  brief   van  mij .pdf", "brief van mij.pdf"),
    ],
)
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    assert tidy_name(given) == kept


def test_a_long_name_keeps_its_extension() -> None:
    name = tidy_name("x" * 200 + ".pdf")
    assert len(name) == LONGEST_NAME
    assert name.endswith("x.pdf")
    assert len(tidy_name("." + "y" * 300)) <= LONGEST_NAME
