"""Reading files; who may read one is part of loading it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from portal.catalog.memory import block_definition_of
from portal.core.errors import NotFoundError
from portal.people.models import Person
from portal.requests.attachments.models import Attachment, FileContent
from portal.requests.models import Request, Task
from portal.requests.policy import SEES_ALL, departments_of, is_customer, may_read_notes
from portal.requests.queries import get_request_for


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file as a page names it; `size` is in bytes."""

    id: int
    message_id: int | None
    question: str | None
    is_internal: bool
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file with its content."""

    name: str
    media_type: str
    content: bytes


def list_files(session: Session, request: Request, *, with_internal: bool) -> Sequence[FileRow]:
    """List the files of a request, oldest first; internal ones only for who may read notes."""
    rows = session.execute(_files_of_request(), {"request_id": request.id})
    return [FileRow(**row._mapping) for row in rows if with_internal or not row.is_internal]  # noqa: SLF001  as SQLAlchemy documents it


def find_upload(session: Session, *, draft_id: int, question: str) -> Attachment | None:
    """Find the file that was given as the answer to a question of an order."""
    return session.scalars(select(Attachment).where(Attachment.draft_id == draft_id, Attachment.question == question)).first()


def get_file_for(session: Session, *, by: Person, number: str, file_id: int) -> Download:
    """Load a file of a request with its content.

    :raises NotFoundError: there is no such file on this request, or the person may not read it.
    """
    request = get_request_for(session, by=by, number=number)
    file = session.scalars(select(Attachment).where(Attachment.id == file_id, Attachment.request_id == request.id)).one_or_none()
    if file is None or not _may_read(session, by, request, file):
        raise NotFoundError
    content = session.scalars(select(FileContent.content).where(FileContent.sha256 == file.sha256)).one()
    return Download(name=file.name, media_type=file.media_type, content=content)


def _may_read(session: Session, person: Person, request: Request, file: Attachment) -> bool:
    if file.is_internal:
        return may_read_notes(person, request, [task.department_id for task in request.tasks])
    if file.question is None or is_customer(person, request) or person.roles & SEES_ALL:
        return True
    # An answer is for the departments that ask the question.
    own = select(Task).where(Task.request_id == request.id, Task.department_id.in_(departments_of(person)))
    tasks = session.scalars(own.options(joinedload(Task.block_version)).execution_options(populate_existing=True))
    return any(question.code == file.question for task in tasks for question in block_definition_of(task.block_version).questions)


@cache
def _files_of_request() -> Select[int, int | None, str | None, bool, str, str, int]:
    columns = (Attachment.id, Attachment.message_id, Attachment.question, Attachment.is_internal)
    about = (Attachment.name, Attachment.media_type, Attachment.size)
    return select(*columns, *about).where(Attachment.request_id == bindparam("request_id")).order_by(Attachment.id)
