"""Files that people sent: what they are and to what they belong, and apart from that their content, each content once."""

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.catalog.definition import Privacy
from portal.core.columns import Id, Moment, enum_column
from portal.core.db import PERSONAL, Base


class FileContent(Base):
    """The bytes of a file under their fingerprint; `stored_at` is when they were handed in last."""

    __tablename__ = "file_contents"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, info=PERSONAL, deferred=True, deferred_raiseload=True)
    stored_at: Mapped[Moment] = mapped_column(index=True)


class Attachment(Base):
    """A file with a message or note, or an answer to a question of the order; before submitting it belongs to the draft.

    An internal file came with a note: only who may read notes may read it. `size` is in bytes.
    """

    __tablename__ = "attachments"
    __table_args__ = (CheckConstraint("(request_id IS NULL) <> (draft_id IS NULL)", name="belongs_to_one"),)

    id: Mapped[Id]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"), index=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("order_drafts.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    question: Mapped[str | None] = mapped_column(String(60))
    is_internal: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(150), info=PERSONAL)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("file_contents.sha256"), index=True)
    privacy: Mapped[Privacy] = mapped_column(enum_column(Privacy))
    by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    at: Mapped[Moment]
