"""Forms of somebody who follows a request: an answer, a cancellation, a tracking code."""

from collections.abc import Sequence
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from portal.requests.attachments.forms import FilesField
from portal.requests.attachments.rules import CheckedFile
from portal.web.forms import BaseForm, RepeatableForm, Required

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


class CancelForm(BaseForm):
    """Why the request is not needed any more."""

    reason = TextAreaField(
        _l("Why do you cancel this request?"),
        [Required(_l("Write why you cancel it. One sentence is enough.")), _SHORT_ENOUGH],
    )


class CancelLineForm(BaseForm):
    """Cancelling one line as the page showed it; `version` is that of the request."""

    version = HiddenField()

    def shown_version(self) -> int:
        """Give the version that was shown; 0, which no request has, when it is missing."""
        sent = self.version.data or ""
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < _LONGEST_NUMBER else 0


class TrackForm(RepeatableForm):
    """A tracking code, in the address so that the page works without a session."""

    class Meta:
        """A form that only looks something up needs no token."""

        csrf = False

    code = StringField(
        _l("Tracking code"),
        description=_l("You find the code in our e-mail. It has 13 characters. Capitals, spaces and dashes do not matter."),
    )
