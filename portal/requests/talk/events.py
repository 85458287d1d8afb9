"""What happens in the conversation about a request. No event carries what was written: that stands with the message only."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.journal import Event
from portal.requests.models import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Event):
    """The customer or somebody who handles the request wrote a message."""

    type: ClassVar[str] = "message_sent"
    is_public: ClassVar[bool] = False
    message_id: int
    by_customer: bool
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten(Event):
    """A colleague wrote an internal note."""

    type: ClassVar[str] = "note_written"
    is_public: ClassVar[bool] = False
    message_id: int
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleaguesMentioned(Event):
    """Colleagues were mentioned in a message or a note; `person_ids` are theirs."""

    type: ClassVar[str] = "colleagues_mentioned"
    is_public: ClassVar[bool] = False
    message_id: int
    is_note: bool
    person_ids: list[int]


def notes_stream(request: Request) -> str:
    """Give the stream in the journal for what only colleagues may know of; the history of the request is another one."""
    return f"request_notes:{request.id}"
