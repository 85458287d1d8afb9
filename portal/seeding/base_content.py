"""What the base folder holds: departments, calendar, places and the catalogue, read and checked without a database."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from portal.catalog.codec import block_from_data, product_from_data, question_from_data
from portal.catalog.definition import BlockDefinition, ProductDefinition, Question
from portal.catalog.reader import Reader, fault
from portal.core.texts import LocalText
from portal.planning.holidays import dutch_closed_days
from portal.planning.worktime import CalendarError, Span, span_from_text
from portal.seeding.places import Problems, SeedFile, parts_of, read_seed_file

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FEWEST_YEARS: Final = 2

What = TypeVar("What")


@dataclass(frozen=True, slots=True)
class Placed(Generic[What]):
    """Something that was read, and where it stands."""

    file: SeedFile
    path: str
    what: What


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPlace:
    """A department (with its opening hours per weekday, Monday first) or a location (without)."""

    code: str
    name: LocalText
    week: tuple[tuple[Span, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A day on which a department, or the whole organisation, is closed or has short `hours`."""

    on: date
    name: LocalText
    department: str | None
    hours: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseContent:
    """All of the base folder."""

    departments: tuple[Placed[NamedPlace], ...]
    locations: tuple[Placed[NamedPlace], ...]
    closures: tuple[Placed[Closure], ...]
    questions: tuple[Placed[Question], ...]
    blocks: tuple[Placed[BlockDefinition], ...]
    products: tuple[Placed[ProductDefinition], ...]


def read_base(folder: Path, *, zone: str, problems: Problems) -> BaseContent:
    """Read the base folder; mistakes are noted in `problems` and what holds one is left out."""
    root = folder.parent.parent

    def read(name: str) -> SeedFile:
        return read_seed_file(folder / name, root=root, problems=problems)

    questions = tuple(read_each(read("questions.yaml"), question_from_data, problems))
    library = {placed.what.code: placed.what for placed in questions}
    block_files = [read_seed_file(path, root=root, problems=problems) for path in sorted((folder / "blocks").glob("*.yaml"))]
    product_files = [read_seed_file(path, root=root, problems=problems) for path in sorted((folder / "products").glob("*.yaml"))]
    content = BaseContent(
        departments=tuple(read_each(read("departments.yaml"), _department, problems)),
        locations=tuple(read_each(read("locations.yaml"), _location, problems)),
        closures=tuple(_calendar(read("calendar.yaml"), zone, problems)),
        questions=questions,
        blocks=tuple(
            placed for file in block_files for placed in read_each(file, lambda data, path: block_from_data(data, library, path), problems)
        ),
        products=tuple(placed for file in product_files for placed in _whole(file, product_from_data, problems)),
    )
    for several in (content.departments, content.locations, content.questions, content.blocks, content.products):
        refuse_double(several, "code", problems)
    return content


def read_each(file: SeedFile, read: Callable[[Any, str], What], problems: Problems) -> Iterator[Placed[What]]:
    """Read the elements of a file that is one list; `read` gets each with its path."""
    for path, element in parts_of(file, problems):
        with problems.at(file, path):
            yield Placed(file, path, read(element, path))


def _whole(file: SeedFile, read: Callable[[Any], What], problems: Problems) -> Iterator[Placed[What]]:
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


def _department(data: object, path: str) -> NamedPlace:
    reader = Reader(data, path)
    department = NamedPlace(code=reader.string("code"), name=reader.text("name"), week=reader.part("hours", _week))
    reader.finish()
    return department


def _location(data: object, path: str) -> NamedPlace:
    reader = Reader(data, path)
    location = NamedPlace(code=reader.string("code"), name=reader.text("name"))
    reader.finish()
    return location


def _week(data: object, path: str) -> tuple[tuple[Span, ...], ...]:
    reader = Reader(data, path)
    week = tuple(reader.parts(day, _span) for day in WEEKDAYS)
    reader.finish()
    for day, spans in zip(WEEKDAYS, week, strict=True):
        if any(later.opens < earlier.closes for earlier, later in pairwise(spans)):
            raise fault(reader.at(day), "not_hours")
    return week


def _span(data: object, path: str) -> Span:
    try:
        return span_from_text(str(data))
    except CalendarError as error:
        raise fault(path, "not_hours") from error


def _calendar(file: SeedFile, zone: str, problems: Problems) -> Iterator[Placed[Closure]]:
    """Read the closed days: those of the file, and the public holidays that the file does not name itself."""
    if file.data is None:
        return
    with problems.at(file):
        reader = Reader(file.data)
        if reader.string("zone") != zone:
            problems.add(file, "zone", "other_zone")
        if reader.string("holidays") != "NL":
            problems.add(file, "holidays", "unknown_value")
        years = reader.parts("years", _year)
        if len(years) != _FEWEST_YEARS:
            problems.add(file, "years", "required")
        own = {
            (closure.on, closure.department): Placed(file, path, closure)
            for path, closure in (*reader.parts("closed", _closed), *reader.parts("half_days", _half_day))
        }
        reader.finish()
        yield from (Placed(file, "years", day) for day in _holidays(years) if (day.on, None) not in own)
        yield from own.values()


def _holidays(years: tuple[int, ...]) -> Iterator[Closure]:
    span = range(years[0], years[-1] + 1) if years else range(0)
    english = dutch_closed_days(span, language="en")
    for on, dutch in dutch_closed_days(span).items():
        yield Closure(on=on, name=LocalText(dutch, english[on]), department=None)


def _closed(data: object, path: str) -> tuple[str, Closure]:
    reader = Reader(data, path)
    closure = Closure(on=reader.part("date", _date), name=reader.text("name"), department=reader.maybe("department", reader.string))
    reader.finish()
    return path, closure


def _half_day(data: object, path: str) -> tuple[str, Closure]:
    reader = Reader(data, path)
    hours = reader.parts("hours", _span)
    if len(hours) != 1:
        raise fault(reader.at("hours"), "one_span")
    closure = Closure(
        on=reader.part("date", _date), name=reader.text("name"), department=reader.maybe("department", reader.string), hours=hours[0]
    )
    reader.finish()
    return path, closure


def _year(data: object, path: str) -> int:
    if isinstance(data, bool) or not isinstance(data, int):
        raise fault(path, "not_a_number")
    return data


def _date(data: object, path: str) -> date:
    if not isinstance(data, date):
        raise fault(path, "not_a_date")
    return data
