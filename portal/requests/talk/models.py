"""What people write to each other about a request."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, Moment, enum_column
from portal.core.db import PERSONAL, Base


class MessageKind(StrEnum):
    """For whom it is: a message is between the customer and who handles the request, a note stays among colleagues."""

    MESSAGE = "message"
    NOTE = "note"


class Message(Base):
    """One message or note, in Markdown; it is never changed. The text may be empty when files say it all."""

    __tablename__ = "messages"
    __table_args__ = (Index("ix_messages_request_id", "request_id", "id"),)

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    kind: Mapped[MessageKind] = mapped_column(enum_column(MessageKind))
    by_customer: Mapped[bool]
    author_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    text: Mapped[str] = mapped_column(Text, info=PERSONAL)
    at: Mapped[Moment]
