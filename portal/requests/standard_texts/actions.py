"""Keeping standard texts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from portal.core.errors import ConflictError, InvalidInputError
from portal.core.journal import Actor, record
from portal.core.texts import LocalText
from portal.requests.standard_texts.events import STREAM, StandardTextRemoved, StandardTextSaved
from portal.requests.standard_texts.models import StandardText
from portal.requests.standard_texts.rules import unknown_placeholders
from portal.requests.workflow import RequestState

MAX_NAME: Final = 80
MAX_TEXT: Final = 4000


class UnknownPlaceholderError(InvalidInputError):
    """A text holds something between braces that cannot be filled in."""

    def __init__(self, field: str, names: tuple[str, ...]) -> None:
        """Keep the field and what stands between the braces."""
        super().__init__({field: "unknown_placeholder"})
        self.field, self.names = field, names


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a standard text says, and when it is offered: for one state and one product (its id), or for all."""

    name: LocalText
    text: LocalText
    state: RequestState | None = None
    product_id: int | None = None


def save_text(
    *, session: Session, wording: Wording, by: Actor, at: datetime, text: StandardText | None = None, version: int | None = None
) -> StandardText:
    """Make a standard text, or change `text`; `version` is the one that the page showed.

    :raises InvalidInputError: a name or a text is missing or too long, or a placeholder is unknown.
    :raises ConflictError: somebody else changed it in the meantime.
    """
    _check(wording)
    if text is None:
        text = StandardText(version=0)
        session.add(text)
    elif version is not None and version != text.version:
        raise ConflictError("stale_version")
    text.name, text.text, text.state, text.product_id = wording.name, wording.text, wording.state, wording.product_id
    text.changed_at, text.version = at, text.version + 1
    session.flush()
    event = StandardTextSaved(
        text_id=text.id,
        name=wording.name.as_data(),
        text=wording.text.as_data(),
        state=wording.state,
        product_id=wording.product_id,
    )
    record(session, event, stream=STREAM, by=by, at=at)
    return text


def remove_text(*, session: Session, text: StandardText, by: Actor, at: datetime) -> None:
    """Remove a standard text; what was sent with it stays."""
    record(session, StandardTextRemoved(text_id=text.id, name=text.name.as_data()), stream=STREAM, by=by, at=at)
    session.delete(text)


def _check(wording: Wording) -> None:
    parts = {
        "name_nl": (wording.name.nl, MAX_NAME),
        "name_en": (wording.name.en, MAX_NAME),
        "text_nl": (wording.text.nl, MAX_TEXT),
        "text_en": (wording.text.en, MAX_TEXT),
    }
    errors = {
        field: "too_long" if words.strip() else "required" for field, (words, most) in parts.items() if not 0 < len(words.strip()) <= most
    }
    if errors:
        raise InvalidInputError(errors)
    for field in ("text_nl", "text_en"):
        unknown = unknown_placeholders(parts[field][0])
        if unknown:
            raise UnknownPlaceholderError(field, unknown)
