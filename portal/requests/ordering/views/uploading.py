"""Files that answer questions of an order: reading them, and keeping them with the draft."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request

from portal.catalog.definition import Question, QuestionKind
from portal.core.clock import utc_now
from portal.core.db import db
from portal.people.session import current_person
from portal.requests.attachments.forms import UploadField, read_upload
from portal.requests.attachments.labels import refusal_sentence
from portal.requests.attachments.rules import RefusedFileError
from portal.requests.ordering.actions.files import drop_upload, keep_upload
from portal.requests.ordering.content import load_content
from portal.requests.ordering.models import OrderDraft
from portal.requests.questions.form import QuestionForm, field_name
from portal.web.uploads import most_bytes_per_file


@dataclass(slots=True)
class Uploads:
    """The files of an order by question: what is kept, why something was refused, and whether something new came in."""

    kept: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    is_new: bool = False

    def show_faults(self, form: QuestionForm) -> None:
        """Show beside its field why a file was refused."""
        for code, fault in self.faults.items():
            name = field_name(code)
            if name in form and isinstance(form[name], UploadField):
                form[name].fault = fault


def read_uploads(draft: OrderDraft, posted: Mapping[str, str]) -> Uploads:
    """Keep the files that were sent with the draft, and let go of those that were taken away.

    A page that was made on an older version of the draft changes nothing.
    """
    uploads = Uploads()
    content = load_content(db.session(), draft)
    for question in (one for one in content.questions if one.kind is QuestionKind.FILE):
        if draft.answers.get(question.code):
            uploads.kept[question.code] = draft.answers[question.code]
        if posted.get("version") == str(draft.version):
            _read_one(draft, question, posted, uploads)
    return uploads


def _read_one(draft: OrderDraft, question: Question, posted: Mapping[str, str], uploads: Uploads) -> None:
    name, session = field_name(question.code), db.session()
    sent = request.files.get(name)
    if sent is not None and sent.filename:
        try:
            file = read_upload(sent)
        except RefusedFileError as error:
            uploads.faults[question.code] = refusal_sentence(error, most_bytes=most_bytes_per_file())
            return
        uploads.kept[question.code] = keep_upload(
            session=session, draft=draft, question=question, file=file, person_id=current_person().id, at=utc_now()
        )
        uploads.is_new = True
    elif f"{name}-drop" in posted:
        drop_upload(session=session, draft_id=draft.id, question=question.code)
