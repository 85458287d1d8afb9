"""What happens to standard texts."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.journal import Event

STREAM = "standard_texts"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardTextSaved(Event):
    """A standard text was made or changed; the event keeps how it reads now."""

    type: ClassVar[str] = "standard_text_saved"
    is_public: ClassVar[bool] = False
    text_id: int
    name: dict[str, str]
    text: dict[str, str]
    state: str | None
    product_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardTextRemoved(Event):
    """A standard text was removed."""

    type: ClassVar[str] = "standard_text_removed"
    is_public: ClassVar[bool] = False
    text_id: int
    name: dict[str, str]
