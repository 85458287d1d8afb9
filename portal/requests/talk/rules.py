"""Whom a text mentions. Pure."""

import re
from typing import Final

MOST_MENTIONS: Final = 20
# At the begin of a word, so that an e-mail address mentions nobody; a full stop at the end belongs to the sentence.
_MENTION: Final = re.compile(r"(?<![\w@.])@([A-Za-z0-9][\w.-]*)")


def mentioned_names(text: str) -> tuple[str, ...]:
    """List the user names after an @, in small letters, each once, in the order of the text."""
    names = (found.group(1).rstrip(".-").lower() for found in _MENTION.finditer(text))
    return tuple(dict.fromkeys(name for name in names if name))
