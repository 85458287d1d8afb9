"""Choosing files in a form, and reading what was chosen."""

from collections.abc import Sequence
from typing import Any, Final

from werkzeug.datastructures import FileStorage
from wtforms import MultipleFileField

from portal.requests.attachments.labels import refusal_sentence
from portal.requests.attachments.rules import TYPES, CheckedFile, RefusedFileError, check_file
from portal.web.uploads import MOST_FILES, most_bytes_per_file
from portal.web.words import _

ACCEPT: Final = ",".join(f".{one}" for one in TYPES)


class FilesField(MultipleFileField):
    """Some files; each is checked when the form is read."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  as WTForms takes them
        super().__init__(*args, render_kw={"accept": ACCEPT}, **options)

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


def read_upload(file: FileStorage) -> CheckedFile:
    """Read one uploaded file, no further than it may be long.

    :raises RefusedFileError: it is not what we take.
    """
    most = most_bytes_per_file()
    return check_file(name=file.filename or "", content=file.stream.read(most + 1), most_bytes=most)
