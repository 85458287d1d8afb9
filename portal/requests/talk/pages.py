"""What pages show of the conversation: messages, questions with their answers, notes for who may read them, and files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import url_for
from sqlalchemy.orm import Session

from portal.core.journal import JournalEntry
from portal.core.texts import LocalText
from portal.people.models import Person
from portal.requests.attachments.labels import size_words
from portal.requests.attachments.queries import FileRow, list_files
from portal.requests.attachments.rules import SHOWN_INLINE
from portal.requests.events import QuestionAnswered, QuestionAsked
from portal.requests.models import Request, Task
from portal.requests.policy import SEES_ALL, departments_of, is_customer, may_handle_task, may_read_notes
from portal.requests.standard_texts.queries import list_texts_for
from portal.requests.talk.forms import TalkForm
from portal.requests.talk.models import MessageKind
from portal.requests.talk.queries import MessageRow, list_messages
from portal.requests.workflow import TaskStep, steps_from
from portal.web.language import local
from portal.web.words import _

SHOWN_BESIDE: Final = 6
SHOWN_ALONE: Final = 500
_ON_TASK: Final = frozenset({QuestionAsked.type, QuestionAnswered.type})


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """A file as a page shows it."""

    name: str
    size: str
    url: str
    is_image: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkLine:
    """One message, note, question or answer; `kind` chooses its look, `word` says it."""

    kind: str
    word: str | None
    who: str
    at: datetime
    text: str
    files: Sequence[FileLine] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkPage:
    """The conversation about a request, for one reader."""

    number: str
    lines: Sequence[TalkLine]
    earlier: int
    is_colleague: bool
    files: Sequence[FileRow]
    colleagues: Sequence[str]
    form: TalkForm


def load_talk(
    session: Session,
    request: Request,
    person: Person,
    *,
    entries: Sequence[JournalEntry],
    names: Mapping[int, str],
    task: Task | None = None,
    form: TalkForm | None = None,
    most: int = SHOWN_BESIDE,
) -> TalkPage:
    """Read the conversation as this person may know it, with the form to write on.

    `entries` is the history of the request, `names` of who did what; `task` is the one on whose page it stands.
    """
    is_colleague = may_read_notes(person, request, [one.department_id for one in request.tasks])
    files = list_files(session, request, with_internal=is_colleague)
    messages = list_messages(session, request, with_notes=is_colleague, most=SHOWN_ALONE)
    own_tasks = _readable_tasks(person, request)
    questions = [entry for entry in entries if entry.type in _ON_TASK and entry.data["task_id"] in own_tasks]
    lines = sorted(
        [*(_of_message(one, files, request) for one in messages), *(_of_entry(one, names) for one in questions)], key=lambda one: one.at
    )
    form = form or TalkForm(formdata=None, task=str(task.id) if task else "", version=task.version if task else None)
    offer_writing(session, request, person, task=task, form=form)
    return TalkPage(
        number=request.number,
        lines=lines[-most:],
        earlier=max(0, len(lines) - most),
        is_colleague=is_colleague,
        files=files,
        colleagues=sorted(
            {
                f"@{one.handler.username} ({one.handler.name})"
                for one in request.tasks
                if task and one.handler and one.handler_id != person.id
            }
        ),
        form=form,
    )


def offer_writing(session: Session, request: Request, person: Person, *, task: Task | None, form: TalkForm) -> None:
    """Offer in the form what this person may write: a note as a colleague, a question who may put the task on hold."""
    is_colleague = may_read_notes(person, request, [one.department_id for one in request.tasks])
    may_ask = task is not None and may_handle_task(person, task) and TaskStep.SUSPEND in steps_from(task.state)
    form.offer(is_colleague=is_colleague, may_ask=may_ask, texts=list_texts_for(session, request) if is_colleague else ())


def answer_files(files: Sequence[FileRow], number: str) -> dict[str, str]:
    """Give the addresses of the files that answer questions of the order, by question."""
    return {one.question: url_for("talk.file", number=number, file_id=one.id) for one in files if one.question}


def _readable_tasks(person: Person, request: Request) -> frozenset[int]:
    """Give the tasks whose questions the person may read: the customer and the desk all, a department its own."""
    if is_customer(person, request) or person.roles & SEES_ALL:
        return frozenset(task.id for task in request.tasks)
    return frozenset(task.id for task in request.tasks if task.department_id in departments_of(person))


def _of_message(message: MessageRow, files: Sequence[FileRow], request: Request) -> TalkLine:
    is_note = message.kind is MessageKind.NOTE
    about = _("who asked for it") if message.by_customer else (local(message.department) if message.department else "")
    return TalkLine(
        kind="note" if is_note else "customer" if message.by_customer else "message",
        word=_("Internal note: only colleagues read this") if is_note else None,
        who=f"{message.author}, {about}" if about else message.author,
        at=message.at,
        text=message.text,
        files=[_file_line(one, request.number) for one in files if one.message_id == message.id],
    )


def _of_entry(entry: JournalEntry, names: Mapping[int, str]) -> TalkLine:
    is_question = entry.type == QuestionAsked.type
    department, task = (local(LocalText.from_data(entry.data[key])) for key in ("department", "name"))
    who = names.get(entry.actor_id or 0, "")
    return TalkLine(
        kind="question" if is_question else "answer",
        word=_("Question about “%(task)s”", task=task) if is_question else _("Answer to %(department)s", department=department),
        who=f"{who}, {department}" if who and is_question else who or department,
        at=entry.at,
        text=str(entry.data.get("text", "")),
    )


def _file_line(file: FileRow, number: str) -> FileLine:
    url = url_for("talk.file", number=number, file_id=file.id)
    return FileLine(name=file.name, size=size_words(file.size), url=url, is_image=file.media_type in SHOWN_INLINE)
