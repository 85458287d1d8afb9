"""Keeping files: each content once, with the message or the answer that it came with, and cleaning up what is left over."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, exists, select, update
from sqlalchemy.dialects.postgresql import Insert as InsertForPostgresql
from sqlalchemy.dialects.sqlite import Insert as InsertForSqlite
from sqlalchemy.orm import Session

from portal.catalog.definition import Privacy, Question
from portal.requests.attachments.models import Attachment, FileContent
from portal.requests.attachments.rules import CheckedFile
from portal.requests.draft_models import OrderDraft

MOST_AT_ONCE: Final = 200


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


def keep_upload(
    *, session: Session, draft: OrderDraft, question: Question, file: CheckedFile, person_id: int, at: datetime
) -> dict[str, Any]:
    """Keep a file as the answer to a question of an order, instead of what was sent before; gives the answer."""
    drop_upload(session=session, draft_id=draft.id, question=question.code)
    place = Place(draft_id=draft.id, question=question.code, privacy=question.privacy)
    kept = keep_file(session=session, file=file, place=place, person_id=person_id, at=at)
    return {"file": kept.id, "name": kept.name, "size": kept.size}


def drop_upload(*, session: Session, draft_id: int, question: str) -> None:
    """Throw away the file that answered a question of an order."""
    session.execute(delete(Attachment).where(Attachment.draft_id == draft_id, Attachment.question == question))


def hand_over_files(*, session: Session, draft_id: int, request_id: int, questions: Collection[str]) -> None:
    """Give a request its own copy of the files that answer these questions; the content is not copied."""
    if not questions:
        return
    uploads = select(Attachment).where(Attachment.draft_id == draft_id, Attachment.question.in_(questions))
    for one in session.scalars(uploads).all():
        about = {"name": one.name, "media_type": one.media_type, "size": one.size, "sha256": one.sha256, "privacy": one.privacy}
        session.add(Attachment(request_id=request_id, question=one.question, is_internal=False, by_id=one.by_id, at=one.at, **about))
    session.flush()


def delete_left_over(*, session: Session, drafts_before: datetime, contents_before: datetime) -> None:
    """Forget the files of orders that were submitted or left alone, and the contents that belong to nothing any more.

    An order that was left alone loses the answer with its file, so that the question is asked again.
    """
    left = select(OrderDraft).join(Attachment, Attachment.draft_id == OrderDraft.id)
    left = left.where(OrderDraft.request_id.is_not(None) | (OrderDraft.changed_at < drafts_before)).distinct().limit(MOST_AT_ONCE)
    for draft in session.scalars(left.with_only_columns(OrderDraft.id)).all():
        _forget_uploads(session, draft)
    is_used = exists().where(Attachment.sha256 == FileContent.sha256)
    session.execute(delete(FileContent).where(FileContent.stored_at < contents_before, ~is_used))


def _forget_uploads(session: Session, draft_id: int) -> None:
    draft = session.get_one(OrderDraft, draft_id)
    questions = set(session.scalars(select(Attachment.question).where(Attachment.draft_id == draft_id)))
    session.execute(delete(Attachment).where(Attachment.draft_id == draft_id))
    if draft.request_id is None:
        draft.answers = {code: answer for code, answer in draft.answers.items() if code not in questions}
        draft.has_details = False


def _store(session: Session, file: CheckedFile, at: datetime) -> None:
    """Store the content unless it is there; then note that it was handed in again, so that it is not cleaned up meanwhile."""
    insert = InsertForPostgresql if session.get_bind().dialect.name == "postgresql" else InsertForSqlite
    values = {"sha256": file.sha256, "content": file.content, "stored_at": at}
    session.execute(insert(FileContent).values(values).on_conflict_do_nothing())
    session.execute(update(FileContent).where(FileContent.sha256 == file.sha256).values(stored_at=at))
