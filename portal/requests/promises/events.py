"""What happens to a promise, on the stream of its request. `channel` is a Channel, moments are in ISO form."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseEvent(Event):
    """Something happened to one promise; `text` is what was written with it and is never shown to the public."""

    promise_id: int
    channel: str
    due_at: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseMade(PromiseEvent):
    """We said when we come back; `text` says what for."""

    type: ClassVar[str] = "promise_made"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseKept(PromiseEvent):
    """We did what we said; `text` is the outcome."""

    type: ClassVar[str] = "promise_kept"
    is_early: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseMoved(PromiseEvent):
    """A promise got another moment before its moment had come; `text` is the reason."""

    type: ClassVar[str] = "promise_moved"
    old_due_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseBroken(PromiseEvent):
    """The moment passed and we did not come back."""

    type: ClassVar[str] = "promise_broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseCancelled(PromiseEvent):
    """The request closed before the moment came."""

    type: ClassVar[str] = "promise_cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseComesDue(PromiseEvent):
    """The moment of a promise is near; who keeps it is told."""

    type: ClassVar[str] = "promise_comes_due"
    is_public: ClassVar[bool] = False
