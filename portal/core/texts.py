"""Texts that are data: the same words in Dutch and in English."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Dialect
from sqlalchemy.types import TypeDecorator


@dataclass(frozen=True, slots=True)
class LocalText:
    """A text for people in both languages of the portal."""

    nl: str
    en: str

    def in_language(self, language: str) -> str:
        """Give the words in `language` ("nl" or "en"); any other language reads Dutch."""
        return self.en if language == "en" else self.nl

    def as_data(self) -> dict[str, str]:
        """Give the form in which the text is stored: `{"nl": …, "en": …}`."""
        return {"nl": self.nl, "en": self.en}

    @classmethod
    def from_data(cls, data: Mapping[str, str]) -> "LocalText":
        """Read the stored form.

        :raises KeyError: a language is missing.
        """
        return cls(nl=data["nl"], en=data["en"])


class LocalTextType(TypeDecorator[LocalText]):
    """A column that holds a `LocalText` as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: LocalText | None, dialect: Dialect) -> dict[str, str] | None:
        """Turn the text into its stored form."""
        del dialect
        return None if value is None else value.as_data()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> LocalText | None:  # noqa: ANN401  as SQLAlchemy types it
        """Read the stored form."""
        del dialect
        return None if value is None else LocalText.from_data(value)
