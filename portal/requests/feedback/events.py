"""What customers say about a request that is done. The event carries no words: these stand with the rating only."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRated(Event):
    """A customer said how satisfied they are, or changed their mind; `score` is a Score, `door` a Door."""

    type: ClassVar[str] = "request_rated"
    is_public: ClassVar[bool] = False
    score: str
    door: str
    has_reason: bool
