"""Choosing files in a form, and reading what was chosen."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from werkzeug.datastructures import FileStorage
from wtforms import FileField, MultipleFileField
from wtforms.validators import StopValidation

from portal.requests.attachments.labels import refusal_sentence, size_words
from portal.requests.attachments.rules import TYPES, CheckedFile, RefusedFileError, check_file
from portal.web.uploads import MOST_FILES, most_bytes_per_file
from portal.web.words import _

ACCEPT: Final = ",".join(f".{one}" for one in TYPES)


class FilesField(MultipleFileField):
    """Some files; each is checked when the form is read."""

    def __init__(self, label: Any, **options: Any) -> None:  # noqa: ANN401  as WTForms takes them
        super().__init__(label, **{"render_kw": {"accept": ACCEPT}, **options})

    @property
    def is_chosen(self) -> bool:
        """Tell whether there is any file."""
        return any(isinstance(one, FileStorage) and one.filename for one in self.data or ())

    def read(self) -> Sequence[CheckedFile]:
        """Read and check what was chosen; what is refused becomes an error of the field."""
        chosen = [one for one in self.data or () if isinstance(one, FileStorage) and one.filename]
        if len(chosen) > MOST_FILES:
            self.errors = [_("Choose at most %(most)d files at once. You can send more in a next message.", most=MOST_FILES)]
            return ()
        checked: list[CheckedFile] = []
        for one in chosen:
            try:
                checked.append(read_upload(one))
            except RefusedFileError as error:
                self.errors = [*self.errors, refusal_sentence(error, most_bytes=most_bytes_per_file())]
        return checked


class UploadField(FileField):
    """One file that answers a question: what was sent before stays, until another is chosen or it is taken away.

    Its value is `{file, name, size}` of what is kept; `fault` says why what was chosen now is refused.
    """

    def __init__(self, label: Any, checks: list[Any] | None = None, **options: Any) -> None:  # noqa: ANN401  as WTForms takes them
        super().__init__(label, checks, **{"render_kw": {"accept": ACCEPT}, **options})
        self.fault = ""

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:  # noqa: ANN401  as WTForms has it
        """Keep what was sent before, unless it is taken away; the bytes themselves are read by the page."""
        del extra_filters
        self.process_errors, self.object_data, self.raw_data = [], data, None
        is_dropped = bool(formdata) and self.drop_name in formdata
        self.data = None if is_dropped or not isinstance(data, Mapping) else data

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401  as WTForms has it
        """Refuse what was chosen when it is not a file that we take.

        :raises StopValidation: it is not.
        """
        del form
        if self.fault:
            raise StopValidation(self.fault)

    @property
    def drop_name(self) -> str:
        """Give the name of the box to tick to take the file away."""
        return f"{self.name}-drop"

    @property
    def kept_words(self) -> str:
        """Name the file that we have, with its size; nothing when there is none."""
        kept = self.data or self.object_data
        return f"{kept['name']} ({size_words(kept['size'])})" if isinstance(kept, Mapping) else ""


def read_upload(file: FileStorage) -> CheckedFile:
    """Read one uploaded file, no further than it may be long.

    :raises RefusedFileError: it is not what we take.
    """
    most = most_bytes_per_file()
    return check_file(name=file.filename or "", content=file.stream.read(most + 1), most_bytes=most)
