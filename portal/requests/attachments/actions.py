"""Keeping files: each content once, with the message or the answer that it came with, and cleaning up what is left over."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, update
from sqlalchemy.dialects.postgresql import Insert as InsertForPostgresql
from sqlalchemy.dialects.sqlite import Insert as InsertForSqlite
from sqlalchemy.orm import Session

from portal.catalog.definition import Privacy
from portal.requests.attachments.models import Attachment, FileContent
from portal.requests.attachments.rules import CheckedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """To what a file belongs: a request with a message, or a draft with the question that it answers."""

    request_id: int | None = None
    message_id: int | None = None
    is_internal: bool = False
    draft_id: int | None = None
    question: str | None = None
    privacy: Privacy = Privacy.PERSONAL


def keep_file(*, session: Session, file: CheckedFile, place: Place, person_id: int, at: datetime) -> Attachment:
    """Keep a file that was checked; the same content is stored once."""
    _store(session, file, at)
    attachment = Attachment(
        request_id=place.request_id,
        draft_id=place.draft_id,
        message_id=place.message_id,
        question=place.question,
        is_internal=place.is_internal,
        name=file.name,
        media_type=file.media_type,
        size=len(file.content),
        sha256=file.sha256,
        privacy=place.privacy,
        by_id=person_id,
        at=at,
    )
    session.add(attachment)
    session.flush()
    return attachment


def delete_unused(*, session: Session, before: datetime) -> None:
    """Forget the contents, stored before a moment, that belong to nothing any more."""
    is_used = exists().where(Attachment.sha256 == FileContent.sha256)
    session.execute(delete(FileContent).where(FileContent.stored_at < before, ~is_used))


def _store(session: Session, file: CheckedFile, at: datetime) -> None:
    """Store the content unless it is there; then note that it was handed in again, so that it is not cleaned up meanwhile."""
    insert = InsertForPostgresql if session.get_bind().dialect.name == "postgresql" else InsertForSqlite
    values = {"sha256": file.sha256, "content": file.content, "stored_at": at}
    session.execute(insert(FileContent).values(values).on_conflict_do_nothing())
    session.execute(update(FileContent).where(FileContent.sha256 == file.sha256).values(stored_at=at))
