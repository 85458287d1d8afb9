"""What happens to the synonyms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from portal.core.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SynonymsChanged(Event):
    """Synonyms of some words of the catalogue were added or taken away."""

    type: ClassVar[str] = "synonyms_changed"
    is_public: ClassVar[bool] = False
    means: str
    decides: bool
    added: Sequence[str]
    removed: Sequence[str]
