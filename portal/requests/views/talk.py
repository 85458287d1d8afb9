"""The conversation about a request: reading it, writing in it, and the files that came with it."""

from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import ConflictError, InvalidInputError, NotFoundError
from portal.people.queries import names_of
from portal.people.session import current_actor, current_person
from portal.requests.attachments.queries import get_file_for
from portal.requests.attachments.rules import SHOWN_INLINE
from portal.requests.models import Request, Task
from portal.requests.policy import may_see_task
from portal.requests.queries import get_request_for, get_task_for, list_history
from portal.requests.standard_texts.queries import get_text
from portal.requests.talk.actions import ask_customer, write_message
from portal.requests.talk.forms import TalkForm, Writing
from portal.requests.talk.models import MessageKind
from portal.requests.talk.pages import SHOWN_ALONE, load_talk, offer_writing
from portal.web.answers import Answer, page
from portal.web.application import this_app
from portal.web.uploads import file_answer, takes_files
from portal.web.words import _

blueprint: Final = Blueprint("talk", __name__)


@blueprint.get("/requests/<number>/messages")
def conversation(number: str) -> Answer:
    """Show the whole conversation."""
    return _show(get_request_for(db.session(), by=current_person(), number=number))


@blueprint.post("/requests/<number>/messages")
@takes_files
def send(number: str) -> Answer:
    """Send a message, ask a question or leave a note; a standard text that was asked for only fills the form."""
    form = TalkForm()
    shown, task = _load_for_change(number, form)
    offer_writing(db.session(), shown, current_person(), task=task, form=form)
    if not form.is_possible:
        return _show(shown, task, form, HTTPStatus.CONFLICT)
    if form.wants_text:
        form.begin_with(get_text(db.session(), int(form.standard_text.data)), request=shown, writer=current_person())
        return _show(shown, task, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    if not form.validate():
        return _show(shown, task, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _write(shown, task, form)


@blueprint.get("/requests/<number>/files/<int:file_id>")
def file(number: str, file_id: int) -> Response:
    """Give a file to who may read it; only images that we made ourselves are shown in the page."""
    found = get_file_for(db.session(), by=current_person(), number=number, file_id=file_id)
    return file_answer(found.content, name=found.name, media_type=found.media_type, is_shown=found.media_type in SHOWN_INLINE)


def _load_for_change(number: str, form: TalkForm) -> tuple[Request, Task | None]:
    """Load the request, and the task on whose page the form stood."""
    session, person = db.session(), current_person()
    task_id = form.task.data or ""
    if not task_id.isdecimal():
        return get_request_for(session, by=person, number=number, for_change=True), None
    task = get_task_for(session, by=person, task_id=min(int(task_id), 2**31 - 1), for_change=True)
    if task.request.number != number or not may_see_task(person, task):
        raise NotFoundError
    return task.request, task


def _write(shown: Request, task: Task | None, form: TalkForm) -> Answer:
    """Write it; when that cannot be done, show the conversation with what was typed."""
    try:
        with db.session().begin_nested():
            _carry_out(shown, task, form)
    except InvalidInputError as invalid:
        form.show_faults(invalid)
        return _show(shown, task, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    except ConflictError:
        return _show(shown, task, form, HTTPStatus.CONFLICT)
    flash(_("The note is kept. Only colleagues read it.") if form.writing is Writing.NOTE else _("Your message is sent."))
    if task:
        return redirect(url_for("backoffice.task", task_id=task.id, _anchor="messages"), 303)
    return redirect(url_for("requests.detail", number=shown.number, _anchor="messages"), 303)


def _carry_out(shown: Request, task: Task | None, form: TalkForm) -> None:
    known: dict[str, Any] = {
        "session": db.session(),
        "person": current_person(),
        "by": current_actor(),
        "at": utc_now(),
        "text": form.text.data or "",
        "files": form.checked_files,
    }
    if form.writing is Writing.QUESTION and task is not None:
        ask_customer(task=task, zone=this_app().settings.tz, version=form.version.data, **known)
    else:
        write_message(request=shown, kind=MessageKind(form.writing.value), **known)


def _show(shown: Request, task: Task | None = None, form: TalkForm | None = None, status: int = HTTPStatus.OK) -> Answer:
    """Render the conversation on a page of its own."""
    session, person = db.session(), current_person()
    entries = list_history(session, shown)
    names = names_of(session, {entry.actor_id for entry in entries if entry.actor_id})
    if form is not None:
        form.renewed(version=task.version if task else None)
    talk = load_talk(session, shown, person, entries=entries, names=names, task=task, form=form, most=SHOWN_ALONE)
    return page("talk/conversation.html", status, shown=shown, task=task, talk=talk, is_stale=status == HTTPStatus.CONFLICT)
