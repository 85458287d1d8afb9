"""Making an image anew from its pixels: place, camera and whatever else was hidden in the file are gone. Pure."""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Final

MOST_PIXELS: Final = 40_000_000
MOST_SIDE: Final = 2560
_JPEG_QUALITY: Final = 85
_FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP")
_DAMAGE: Final = (OSError, SyntaxError, ValueError, EOFError, IndexError, OverflowError, struct.error, zlib.error)


class BadImageError(Exception):
    """These bytes are no image that can be read."""


class TooManyPixelsError(Exception):
    """The image is so large that only drawing it would stop the machine."""


@dataclass(frozen=True, slots=True)
class NewImage:
    """An image as we wrote it."""

    content: bytes
    media_type: str
    extension: str


def reencode(content: bytes) -> NewImage:
    """Read an image and write it again as JPEG or, with see-through parts or few colours, as PNG; at most 2,560 pixels a side.

    :raises BadImageError: it cannot be read.
    :raises TooManyPixelsError: it has more than 40 million pixels; nothing of it was drawn.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415  takes a tenth of a second, and few pages need it

    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise TooManyPixelsError
            image.draft("RGB", (MOST_SIDE, MOST_SIDE))
            is_photo = image.format == "JPEG" or (image.format == "WEBP" and not image.has_transparency_data)
            # Turned as the camera held it: what says so goes away.
            upright = ImageOps.exif_transpose(image)
            drawn = upright.convert("RGB" if is_photo else "RGBA")
        drawn.thumbnail((MOST_SIDE, MOST_SIDE))
        clean = Image.new(drawn.mode, drawn.size)
        clean.paste(drawn)
        written = BytesIO()
        clean.save(written, "JPEG" if is_photo else "PNG", **({"quality": _JPEG_QUALITY} if is_photo else {}))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixelsError from error
    except _DAMAGE as error:
        raise BadImageError from error
    return NewImage(written.getvalue(), *(("image/jpeg", "jpg") if is_photo else ("image/png", "png")))
