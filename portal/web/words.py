"""Words in the language of the reader: the typed face of Flask-Babel. Sources are English sentences."""

from typing import Any

from flask_babel import LazyString

from portal.web.language import sentences


def _(message: str, **values: Any) -> str:  # noqa: ANN401  whatever the sentence names
    """Give the sentence in the language of the page, with its placeholders filled in."""
    sentence = sentences().gettext(message)
    return sentence % values if values else sentence


def _l(message: str) -> Any:  # noqa: ANN401  a text that is looked up when it is shown
    """Give a sentence that is looked up when it is shown, for tables and forms made at start."""
    return LazyString(_, message)


def ngettext(one: str, many: str, num: int) -> str:
    """Give the sentence for one or for many; `%(num)d` is the number."""
    return sentences().ngettext(one, many, num) % {"num": num}
