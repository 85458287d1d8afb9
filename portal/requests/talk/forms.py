"""Writing a message, a note or a question, with files; staff may begin with a standard text."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final, Self

from flask_babel import force_locale
from wtforms import HiddenField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from portal.core.errors import InvalidInputError
from portal.core.references import new_token
from portal.people.models import Person
from portal.requests.actions.life import MAX_TEXT
from portal.requests.attachments.forms import FilesField
from portal.requests.attachments.rules import CheckedFile
from portal.requests.models import Request
from portal.requests.questions.checks import AtMost, tidy
from portal.requests.standard_texts.models import StandardText
from portal.requests.standard_texts.rules import Placeholder, fill_placeholders
from portal.requests.talk.actions import MAX_MESSAGE, UnknownMentionError
from portal.web.filters import day
from portal.web.forms import BaseForm
from portal.web.language import local
from portal.web.words import _, _l


class Writing(StrEnum):
    """What one writes."""

    MESSAGE = "message"
    QUESTION = "question"
    NOTE = "note"


class TalkForm(BaseForm):
    """What is written; `task` is the task on whose page one writes, `version` the version of it that the page showed."""

    task = HiddenField()
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    kind = RadioField(_l("What do you want to write?"), default=Writing.MESSAGE, choices=[], validate_choice=False)
    standard_text = SelectField(_l("Begin with a standard text"), choices=[], validate_choice=False)
    text = TextAreaField(_l("Your message"), [AtMost(MAX_MESSAGE)], filters=[tidy])
    files = FilesField(_l("Files"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as Flask-WTF takes them
        super().__init__(*args, **kwargs)
        # The form stands on pages that hold others.
        for field in self:
            field.id = field.label.field_id = f"talk-{field.name}"
        self.checked_files: Sequence[CheckedFile] = ()

    def offer(self, *, is_colleague: bool, may_ask: bool, texts: Sequence[StandardText]) -> None:
        """Offer what this person may write."""
        kinds = [(Writing.MESSAGE, _("A message to the customer"))]
        if may_ask:
            kinds.append((Writing.QUESTION, _("A question to the customer: the clock of this task stands still until the answer")))
        kinds.append((Writing.NOTE, _("An internal note: only colleagues read it")))
        self.kind.choices = [SelectChoice(value.value, words) for value, words in kinds] if is_colleague else []
        named = [SelectChoice(str(one.id), local(one.name)) for one in texts]
        self.standard_text.choices = [SelectChoice("", _("No standard text")), *named] if named else []

    @property
    def wants_text(self) -> bool:
        """Tell whether a standard text was chosen, which is put in the form instead of sending it."""
        return bool(self.standard_text.data) and self.standard_text.data in _values(self.standard_text)

    @property
    def is_possible(self) -> bool:
        """Tell whether what was chosen can still be written: the task may have been put on hold in the meantime."""
        return not self.kind.choices or self.kind.data in _values(self.kind)

    @property
    def writing(self) -> Writing:
        """Give what is written; who may not choose writes a message."""
        return Writing(self.kind.data) if self.kind.data in _values(self.kind) else Writing.MESSAGE

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401  as WTForms has it
        """Check the text, and read the files."""
        is_valid = bool(super().validate(extra_validators))
        self.files.errors = []
        self.checked_files = self.files.read()
        most = MAX_TEXT if self.writing is Writing.QUESTION else MAX_MESSAGE
        if not self.text.errors and len(self.text.data or "") > most:
            self.add_errors({"text": _("A question may have %(most)d characters at most. Shorten it, or send a message.", most=most)})
        is_right = is_valid and not self.files.errors and not self.text.errors
        if not is_right and not self.files.errors:
            self._remind_of_files()
        return is_right

    def show_faults(self, invalid: InvalidInputError) -> None:
        """Show what only the action could find."""
        if isinstance(invalid, UnknownMentionError):
            sentence = _("“@%(name)s” cannot be mentioned: there is no colleague with this user name who may read it.", name=invalid.name)
        else:
            sentence = _("Write something, or choose a file.")
        self.add_errors({"text": sentence})
        self._remind_of_files()

    def _remind_of_files(self) -> None:
        """Say that the files that were right have to be chosen again: a browser does not send them twice."""
        if self.checked_files or self.files.is_chosen:
            self.add_errors({"files": _("Choose your files again. Your browser does not keep them.")})

    def begin_with(self, text: StandardText, *, request: Request, writer: Person) -> None:
        """Put a standard text after what was typed, filled in and in the language of the customer."""
        filled = fill_placeholders(text.text.in_language(request.requester.language), values_of(request, writer))
        self.text.data = "\n\n".join(part for part in ((self.text.data or "").strip(), filled) if part)
        self.standard_text.data = ""
        self.files.errors = []
        self._remind_of_files()

    def renewed(self, *, version: int | None) -> Self:
        """Make this form ready to be sent again."""
        self.version.data, self.version.raw_data = version, None
        self.kind.data = self.writing
        self.form_key.data = new_token()
        return self


def _values(field: SelectField) -> set[str]:
    choices: Any = field.choices or ()
    return {choice.value for choice in choices}


def values_of(request: Request, writer: Person) -> dict[Placeholder, str]:
    """Give what is filled in for a request; needs its requester and the name of its product."""
    language: Final = request.requester.language
    with force_locale(language):
        expected, latest = day(request.expected_at), day(request.latest_at)
    return {
        Placeholder.NAME: request.requester.name,
        Placeholder.NUMBER: request.number,
        Placeholder.PRODUCT: request.product_version.name.in_language(language),
        Placeholder.BENEFICIARY: request.beneficiary_name,
        Placeholder.EXPECTED_DATE: expected,
        Placeholder.LATEST_DATE: latest,
        Placeholder.WRITER: writer.name,
    }
