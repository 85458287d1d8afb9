"""The files of an order: answers to its questions, handed over to its requests, and forgotten when they have served."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.catalog.definition import Question
from portal.requests.attachments.actions import Place, keep_file
from portal.requests.attachments.models import Attachment
from portal.requests.attachments.rules import CheckedFile
from portal.requests.ordering.models import OrderDraft

MOST_AT_ONCE: Final = 200


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


def forget_left_over(*, session: Session, before: datetime) -> None:
    """Forget the files of orders that were submitted, or left alone since before a moment.

    An order that was left alone loses the answer with its file, so that the question is asked again.
    """
    left = select(OrderDraft).join(Attachment, Attachment.draft_id == OrderDraft.id)
    left = left.where(OrderDraft.request_id.is_not(None) | (OrderDraft.changed_at < before)).distinct().limit(MOST_AT_ONCE)
    for draft in session.scalars(left.with_only_columns(OrderDraft.id)).all():
        _forget_uploads(session, draft)


def _forget_uploads(session: Session, draft_id: int) -> None:
    draft = session.get_one(OrderDraft, draft_id)
    questions = set(session.scalars(select(Attachment.question).where(Attachment.draft_id == draft_id)))
    session.execute(delete(Attachment).where(Attachment.draft_id == draft_id))
    if draft.request_id is None:
        draft.answers = {code: answer for code, answer in draft.answers.items() if code not in questions}
        draft.has_details = False
