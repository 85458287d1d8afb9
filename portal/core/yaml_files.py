"""Reading YAML so that every mistake can be told with its file, line and field, as many at once as possible."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Generic, Protocol, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from portal.core.errors import InvalidInputError

What = TypeVar("What")

_STEP: Final = re.compile(r"\[(\d+)\]|([^.\[\]]+)")

WORDS: Final[Mapping[str, str]] = {
    "required": "is missing",
    "not_a_mapping": "must be a group of fields",
    "not_a_list": "must be a list",
    "not_a_text": "must be a text",
    "not_a_number": "must be a whole number",
    "not_an_amount": "must be a number, 0 or more",
    "not_a_date": "must be a date such as 2026-12-01",
    "not_yes_or_no": "must be true or false",
    "too_small": "is too small",
    "too_large": "is too large",
    "not_a_price": "must be prices such as 45000, or 0+1250/month until 2026-12-31; 0+1350/month central from 2027-01-01",
    "reversed": "lies before the first day",
    "overlap": "lies in the time of a price before it",
    "too_long": "is too long",
    "unknown_value": "is not one of the possible values",
    "unknown_field": "is not a field; is it spelled wrong?",
    "unknown_question": "is not a question that is known here",
    "unknown_code": "is not in the catalogue; a list changes what is there, it adds nothing",
    "not_a_web_address": "must be an address that begins with http:// or https://",
    "not_a_code": "must be a code: small letters, digits, - and _",
    "unknown_block": "is not a building block",
    "unknown_department": "is not a department",
    "unknown_location": "is not a location",
    "unknown_function": "is not a function",
    "unknown_cost_centre": "is not a cost centre",
    "unknown_person": "is not the user name of a person",
    "unknown_product": "is not a product that is published",
    "unknown_option": "is not one of the options of the question",
    "double_code": "stands there twice",
    "not_hours": "must be opening hours such as 08:00-17:00, in order",
    "one_span": "must be one span of hours",
    "other_zone": "differs from the time zone in the settings (PORTAL_ZONE)",
    "not_asked": "is not asked in this request, so nobody can answer it",
    "not_in_request": "has no task in this request",
    "wrong_order": "is not possible at that point",
    "cycle": "waits for itself in a circle",
}


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A YAML file that was read: its path as it is shown, and what stands in it, lines included."""

    path: str
    data: Any

    def line_of(self, field_path: str) -> int:
        """Give the line (from 1) of a field such as `tree.questions[2].label`, or of the nearest part that is there."""
        line, here = 1, self.data
        for index, name in _STEP.findall(field_path):
            step = int(index) if index else name
            try:
                line = (here.lc.item(step) if index else here.lc.key(step))[0] + 1
                here = here[step]
            except (AttributeError, KeyError, IndexError, TypeError):
                break
        return int(line)


class Source(Protocol):
    """Something that people wrote, of which each field has a line."""

    @property
    def path(self) -> str:
        """Give the path as it is shown."""

    def line_of(self, field_path: str) -> int:
        """Give the line (from 1) of a field."""


@dataclass(frozen=True, slots=True)
class Placed(Generic[What]):
    """Something that was read, and where it stands."""

    file: Source
    path: str
    what: What


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a file."""

    path: str
    line: int
    field: str
    code: str

    def __str__(self) -> str:
        """Tell where it stands and what is wrong."""
        words = WORDS.get(self.code, self.code.replace("_", " "))
        return f"{self.path}, line {self.line}: {self.field + ' ' if self.field else ''}{words}"


class MistakesError(Exception):
    """The files hold mistakes."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep all mistakes, in the order of the files."""
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(slots=True)
class Problems:
    """The mistakes found so far."""

    found: list[Problem] = field(default_factory=list)

    @contextmanager
    def at(self, file: Source, path: str = "", *, inside: str = "") -> Iterator[None]:
        """Note what is refused inside the block as mistakes in `file`.

        `path` is put before fields that do not know in which part of the file they stand, `inside` before that of the answer.
        """
        try:
            yield
        except InvalidInputError as error:
            for name, code in error.errors.items():
                whole = name if name.startswith(path) else ".".join(part for part in (path, inside, name) if part)
                self.add(file, whole, code)

    def add(self, file: Source, field_path: str, code: str) -> None:
        """Note one mistake."""
        self.found.append(Problem(file.path, file.line_of(field_path), field_path, code))

    def raise_if_any(self) -> None:
        """Stop when there were mistakes.

        :raises MistakesError: there were; it names them all.
        """
        if self.found:
            raise MistakesError(self.found)


def read_yaml_file(path: Path, *, root: Path, problems: Problems) -> YamlFile:
    """Read one file; what is no YAML is noted as a mistake and reads as empty."""
    shown = str(path.relative_to(root))
    try:
        return YamlFile(shown, YAML().load(path))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.found.append(Problem(shown, mark.line + 1 if mark else 1, "", str(error.problem or error.context)))
    except OSError:
        problems.found.append(Problem(shown, 1, "", "the file cannot be read"))
    return YamlFile(shown, None)


def parts_of(file: YamlFile, problems: Problems) -> Iterator[tuple[str, Any]]:
    """Walk through the elements of a file that is one list, each with its path."""
    if file.data is None:
        return
    if isinstance(file.data, Mapping) or not isinstance(file.data, Sequence):
        problems.add(file, "", "not_a_list")
        return
    for index, element in enumerate(file.data):
        yield f"[{index}]", element


def read_each(file: YamlFile, read: Callable[[Any, str], What], problems: Problems) -> Iterator[Placed[What]]:
    """Read the elements of a file that is one list; `read` gets each with its path."""
    for path, element in parts_of(file, problems):
        with problems.at(file, path):
            yield Placed(file, path, read(element, path))


def read_whole(file: YamlFile, read: Callable[[Any], What], problems: Problems) -> Iterator[Placed[What]]:
    """Read a file that is one thing."""
    if file.data is not None:
        with problems.at(file):
            yield Placed(file, "", read(file.data))


def refuse_double(several: tuple[Placed[Any], ...], field: str, problems: Problems) -> None:
    """Note what has a code that stood there before; `field` is where the code stands."""
    seen: set[str] = set()
    for placed in several:
        if placed.what.code in seen:
            problems.add(placed.file, f"{placed.path}.{field}" if placed.path else field, "double_code")
        seen.add(placed.what.code)
