"""The form in which somebody sends a file with the catalogue."""

from typing import Any, Final

from werkzeug.datastructures import FileStorage
from wtforms import FileField, HiddenField, RadioField

from portal.catalog.catalogue import UploadKind
from portal.composing.exchange_pages import UPLOADS
from portal.composing.forms import choices_of
from portal.web.forms import BaseForm
from portal.web.uploads import MEGABYTE, most_bytes_per_file
from portal.web.words import _, _l

_ACCEPT: Final = ".zip,.csv,.xlsx"


class TakeForm(BaseForm):
    """Taking over the file that the page showed; `seen` is its fingerprint."""

    seen = HiddenField()


class UploadForm(BaseForm):
    """A file, and what it holds."""

    holds = RadioField(_l("What is in the file?"), choices=choices_of((one.value, UPLOADS[one]) for one in UploadKind))
    file = FileField(_l("The file"), render_kw={"accept": _ACCEPT})

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401  as WTForms has it
        """Check that there is a file, and that it is not too big."""
        is_valid, chosen = bool(super().validate(extra_validators)), self.file.data
        if not isinstance(chosen, FileStorage) or not chosen.filename:
            self.add_errors({"file": _("Choose a file.")})
            return False
        self.content = chosen.stream.read(most_bytes_per_file() + 1)
        if not self.content:
            self.add_errors({"file": _("This file is empty. Choose another.")})
        elif len(self.content) > most_bytes_per_file():
            self.add_errors({"file": _("This file is too big. Send at most %(most)d MB.", most=most_bytes_per_file() // MEGABYTE)})
        return is_valid and not self.file.errors

    @property
    def name(self) -> str:
        """Give the name of the file."""
        return str(self.file.data.filename)
