"""Forms of somebody who follows a request: an answer, a cancellation, a tracking code."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, Self

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.requests.attachments.forms import FilesField
from portal.requests.attachments.rules import CheckedFile
from portal.requests.models import Task
from portal.web.forms import BaseForm, RepeatableForm, Required
from portal.web.language import local

LONGEST_TEXT: Final = 2000
_LONGEST_NUMBER: Final = 10
_SHORT_ENOUGH: Final = Length(max=LONGEST_TEXT, message=_l("Use at most 2,000 characters."))


class AnswerForm(BaseForm):
    """The customer's answer to a question of a department."""

    text = TextAreaField(_l("Your answer"), [Required(_l("Write your answer.")), _SHORT_ENOUGH])
    files = FilesField(_l("Files with your answer"))
    checked_files: Sequence[CheckedFile] = ()

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401  as WTForms has it
        """Check the text, and read the files."""
        is_valid = bool(super().validate(extra_validators))
        self.files.errors = []
        self.checked_files = self.files.read()
        return is_valid and not self.files.errors


class VersionedForm(BaseForm):
    """A change of a request as the page showed it; `version` is that of the request."""

    version = HiddenField()

    def shown_version(self) -> int:
        """Give the version that was shown; 0, which no request has, when it is missing."""
        sent = self.version.data or ""
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < _LONGEST_NUMBER else 0


class CancelForm(VersionedForm):
    """Why the request is not needed any more; `with_begun` is for the service desk only."""

    reason = TextAreaField(
        _l("Why do you cancel this request?"),
        [Required(_l("Write why you cancel it. One sentence is enough.")), _SHORT_ENOUGH],
    )
    with_begun = BooleanField(
        _l("Also stop what goes on"), description=_l("Only when you agreed it with the departments. Costs that were made are not undone.")
    )


class CancelLineForm(VersionedForm):
    """Cancelling one line."""


class SeenForm(BaseForm):
    """A change that is made only as the page showed it; `seen` tells for which answers it showed what that does.

    What is only shown keeps nothing, not even the key of the form: people go back and fill in something else.
    """

    seen = HiddenField()

    def was_for(self, answers: Mapping[str, Any]) -> bool:
        """Tell whether the page showed what these answers do."""
        return bool(self.seen.data == seen_of(answers))


def seen_of(answers: Mapping[str, Any]) -> str:
    """Name these answers, so that what is sent can be compared with what was shown."""
    return hashlib.sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()


class ReopenForm(BaseForm):
    """What is not right with a request that is done, and which parts have to be done again."""

    reason = TextAreaField(_l("What is not right?"), [Required(_l("Write what is not right. One sentence is enough.")), _SHORT_ENOUGH])
    task = SelectMultipleField(
        _l("Which part is it about?"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("If you do not know, leave it open. Then the department that did the last part looks at it."),
        choices=[],
        coerce=int,
    )

    def offer(self, tasks: Sequence[Task]) -> Self:
        """Give the tasks that can be done again."""
        self.task.choices = [SelectChoice(value=task.id, label=f"{local(task.name)} ({local(task.department.name)})") for task in tasks]
        return self

    def chosen(self) -> list[int]:
        """Give the ids of the parts that were ticked."""
        return list(self.task.data or ())


class TrackForm(RepeatableForm):
    """A tracking code, in the address so that the page works without a session."""

    class Meta:
        """A form that only looks something up needs no token."""

        csrf = False

    code = StringField(
        _l("Tracking code"),
        description=_l("You find the code in our e-mail. It has 13 characters. Capitals, spaces and dashes do not matter."),
    )
