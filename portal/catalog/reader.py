"""Reading data that people wrote: strict, and every fault names the place, such as `tree.questions[2].options[0].next`."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Final, TypeVar

from portal.core.errors import InvalidInputError
from portal.core.texts import LocalText

Kind = TypeVar("Kind", bound=StrEnum)
Part = TypeVar("Part")

_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WEB_ADDRESS: Final = re.compile(r"https?://[^\s/]+\S*")


class Reader:
    """One mapping and the place where it stands. Each field is asked once; `finish` refuses what nobody asked for."""

    def __init__(self, data: object, path: str = "") -> None:
        """Start reading a mapping.

        :raises InvalidInputError: it is no mapping (`not_a_mapping`).
        """
        self.path = path
        if not isinstance(data, Mapping):
            raise fault(path, "not_a_mapping")
        self._data: Mapping[str, Any] = data
        self._asked: set[str] = set()

    def at(self, name: str) -> str:
        """Give the path of a field."""
        return f"{self.path}.{name}" if self.path else name

    def has(self, name: str) -> bool:
        """Tell whether a field was filled in."""
        return self._data.get(name) is not None

    def string(self, name: str) -> str:
        """Read words or a code that must be there."""
        value = self._required(name)
        if not isinstance(value, str) or not value.strip():
            raise fault(self.at(name), "not_a_text")
        return str(value)

    def code(self, name: str = "code") -> str:
        """Read a code that must be there; it may stand in an address."""
        value = self.string(name)
        if not _CODE.fullmatch(value):
            raise fault(self.at(name), "not_a_code")
        return value

    def web_address(self, name: str) -> str:
        """Read the address of a page on the web that must be there."""
        value = self.string(name)
        if not is_web_address(value):
            raise fault(self.at(name), "not_a_web_address")
        return value

    def number(self, name: str, *, at_least: int | None = None) -> int:
        """Read a whole number that must be there."""
        value = self._required(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise fault(self.at(name), "not_a_number")
        if at_least is not None and value < at_least:
            raise fault(self.at(name), "too_small")
        return int(value)

    def time_of_day(self, name: str) -> time:
        """Read a time such as 14:30 that must be there."""
        value = self.string(name)
        if not _TIME.fullmatch(value):
            raise fault(self.at(name), "not_a_time")
        return time.fromisoformat(value)

    def day(self, name: str) -> date:
        """Read a day such as 2026-12-01 that must be there."""
        value = self._required(name)
        if isinstance(value, str) and _DAY.fullmatch(value):
            with suppress(ValueError):
                value = date.fromisoformat(value)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise fault(self.at(name), "not_a_date")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """Read yes or no."""
        if not self._ask(name):
            return default
        value = self._data[name]
        if not isinstance(value, bool):
            raise fault(self.at(name), "not_yes_or_no")
        return value

    def one_of(self, name: str, kind: type[Kind]) -> Kind:
        """Read a member of an enum by its value."""
        value = self.string(name)
        if value not in {member.value for member in kind}:
            raise fault(self.at(name), "unknown_value")
        return kind(value)

    def text(self, name: str) -> LocalText:
        """Read a text in both languages."""
        return text_from_data(self._required(name), self.at(name))

    def strings(self, name: str) -> tuple[str, ...]:
        """Read a list of codes; nothing there is an empty list."""
        return self.parts(name, _string_from_data)

    def texts(self, name: str) -> tuple[LocalText, ...]:
        """Read a list of texts in both languages; nothing there is an empty list."""
        return self.parts(name, text_from_data)

    def parts(self, name: str, read: Callable[[Any, str], Part]) -> tuple[Part, ...]:
        """Read a list of which `read` reads each element with its path; nothing there is an empty list."""
        if not self._ask(name):
            return ()
        value = self._data[name]
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise fault(self.at(name), "not_a_list")
        return tuple(read(element, f"{self.at(name)}[{index}]") for index, element in enumerate(value))

    def part(self, name: str, read: Callable[[Any, str], Part]) -> Part:
        """Read a field that must be there with `read`, which gets its path."""
        return read(self._required(name), self.at(name))

    def maybe(self, name: str, read: Callable[[str], Part]) -> Part | None:
        """Read a field with one of the methods above, or None when it is not there."""
        return read(name) if self._ask(name) else None

    def finish(self) -> None:
        """Refuse fields that nobody asked for: a typing error must not pass in silence.

        :raises InvalidInputError: there are such fields (`unknown_field`).
        """
        left = [name for name in self._data if name not in self._asked]
        if left:
            raise InvalidInputError({self.at(str(name)): "unknown_field" for name in left})

    def _ask(self, name: str) -> bool:
        self._asked.add(name)
        return self.has(name)

    def _required(self, name: str) -> Any:  # noqa: ANN401  what people wrote
        if not self._ask(name):
            raise fault(self.at(name), "required")
        return self._data[name]


def text_from_data(data: object, path: str) -> LocalText:
    """Read a text in both languages.

    :raises InvalidInputError: a language is missing or empty, or there is another one.
    """
    reader = Reader(data, path)
    text = LocalText(nl=reader.string("nl"), en=reader.string("en"))
    reader.finish()
    return text


def is_web_address(text: str) -> bool:
    """Tell whether words are an address that a link may lead to."""
    return _WEB_ADDRESS.fullmatch(text) is not None


def fault(path: str, code: str) -> InvalidInputError:
    """Make the failure of one field."""
    return InvalidInputError({path: code})


def _string_from_data(data: object, path: str) -> str:
    if not isinstance(data, str) or not data.strip():
        raise fault(path, "not_a_text")
    return str(data)
