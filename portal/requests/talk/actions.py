"""Writing about a request: a message, an internal note, a question to the customer, and its answer, each with files."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.core.errors import ForbiddenError, InvalidInputError
from portal.core.journal import Actor, Event, record
from portal.people.models import Person
from portal.people.queries import list_persons_called
from portal.requests.actions.life import answer_question, suspend_task
from portal.requests.attachments.actions import Place, keep_file
from portal.requests.attachments.rules import CheckedFile
from portal.requests.models import Request, Task
from portal.requests.policy import may_read_notes, may_see_request
from portal.requests.talk.events import ColleaguesMentioned, MessageSent, NoteWritten, notes_stream
from portal.requests.talk.models import Message, MessageKind
from portal.requests.talk.rules import MOST_MENTIONS, mentioned_names
from portal.requests.workflow import SuspendReason

MAX_MESSAGE: Final = 4000


class UnknownMentionError(InvalidInputError):
    """Somebody is mentioned who does not exist or may not read it; the same for both."""

    def __init__(self, name: str) -> None:
        """Keep the user name as it was written."""
        super().__init__({"text": "unknown_mention"})
        self.name = name


def write_message(
    *,
    session: Session,
    request: Request,
    person: Person,
    by: Actor,
    at: datetime,
    kind: MessageKind,
    text: str,
    files: Sequence[CheckedFile] = (),
) -> Message:
    """Write to the other side, or a note for colleagues only; colleagues who are mentioned with @ are told.

    Load the request with its tasks.

    :raises InvalidInputError: there is neither text nor a file, the text is too long, or somebody cannot be mentioned.
    :raises ForbiddenError: the person may not write this.
    """
    departments = [task.department_id for task in request.tasks]
    is_colleague = may_read_notes(person, request, departments)
    if not (is_colleague or (kind is MessageKind.MESSAGE and may_see_request(person, request, departments))):
        raise ForbiddenError
    text = _checked(text, files)
    mentioned = _mentioned(session, request, text, is_note=kind is MessageKind.NOTE) if is_colleague else []
    message = Message(request_id=request.id, kind=kind, by_customer=not is_colleague, author_id=person.id, text=text, at=at)
    session.add(message)
    session.flush()
    _keep_files(session, message, files, at=at)
    _note_read(request, message)
    event = _event_of(message, files=len(files))
    stream = notes_stream(request) if kind is MessageKind.NOTE else request.stream
    record(session, event, stream=stream, by=by, at=at)
    ids = [one.id for one in mentioned if one.id != person.id]
    if ids:
        told = ColleaguesMentioned(message_id=message.id, is_note=kind is MessageKind.NOTE, person_ids=ids)
        record(session, told, stream=notes_stream(request), by=by, at=at)
    return message


def ask_customer(
    *,
    session: Session,
    task: Task,
    person: Person,
    by: Actor,
    at: datetime,
    zone: ZoneInfo,
    text: str,
    files: Sequence[CheckedFile] = (),
    version: int | None = None,
) -> None:
    """Ask the customer something: the clock of the task stands still until the answer; files go along as a message.

    :raises InvalidInputError: the question is missing or too long.
    :raises ConflictError: the state does not allow it, or it changed in the meantime.
    :raises ForbiddenError: the person may not work on the task.
    """
    reason = SuspendReason.CUSTOMER
    suspend_task(session=session, task=task, person=person, by=by, at=at, zone=zone, reason=reason, note=text, version=version)
    _send_files(session, task.request, person, by=by, at=at, files=files)


def answer_customer_question(
    *,
    session: Session,
    task: Task,
    person: Person,
    by: Actor,
    at: datetime,
    zone: ZoneInfo,
    text: str,
    files: Sequence[CheckedFile] = (),
) -> None:
    """Give the customer's answer to the open question; files go along as a message.

    :raises InvalidInputError: the answer is missing or too long.
    :raises ConflictError: there is no open question any more.
    :raises ForbiddenError: the person is not the customer.
    """
    answer_question(session=session, task=task, person=person, by=by, at=at, zone=zone, text=text)
    _send_files(session, task.request, person, by=by, at=at, files=files)


def _note_read(request: Request, message: Message) -> None:
    """Keep whether the customer waits for a sign; a note is none, but who writes it has read what came before."""
    if message.by_customer:
        request.unanswered_since = request.unanswered_since or message.at
    elif message.kind is MessageKind.NOTE:
        request.unanswered_since = None
    else:
        request.note_response(at=message.at)


def _send_files(session: Session, request: Request, person: Person, *, by: Actor, at: datetime, files: Sequence[CheckedFile]) -> None:
    if files:
        write_message(session=session, request=request, person=person, by=by, at=at, kind=MessageKind.MESSAGE, text="", files=files)


def _event_of(message: Message, *, files: int) -> Event:
    if message.kind is MessageKind.NOTE:
        return NoteWritten(message_id=message.id, files=files)
    return MessageSent(message_id=message.id, by_customer=message.by_customer, files=files)


def _keep_files(session: Session, message: Message, files: Sequence[CheckedFile], *, at: datetime) -> None:
    is_internal = message.kind is MessageKind.NOTE
    place = Place(request_id=message.request_id, message_id=message.id, is_internal=is_internal)
    for file in files:
        keep_file(session=session, file=file, place=place, person_id=message.author_id, at=at)


def _mentioned(session: Session, request: Request, text: str, *, is_note: bool) -> Collection[Person]:
    """Find the colleagues who are mentioned; in a message, which may be about anything, an unknown @word is just a word."""
    names = mentioned_names(text)[:MOST_MENTIONS]
    departments = [task.department_id for task in request.tasks]
    persons = {one.username: one for one in list_persons_called(session, names)} if names else {}
    for name in names:
        if (name in persons and not may_read_notes(persons[name], request, departments)) or (is_note and name not in persons):
            raise UnknownMentionError(name)
    return persons.values()


def _checked(text: str, files: Sequence[CheckedFile]) -> str:
    text = text.strip()
    if not text and not files:
        raise InvalidInputError({"text": "required"})
    if len(text) > MAX_MESSAGE:
        raise InvalidInputError({"text": "too_long"})
    return text
