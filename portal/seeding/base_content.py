"""What the base folder holds: departments, calendar, places and the catalogue, read and checked without a database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Final

from portal.catalog.exchange.folder import CatalogueFiles, read_catalogue
from portal.catalog.reader import Reader, fault
from portal.core.texts import LocalText
from portal.core.yaml_files import Placed, Problems, YamlFile, read_each, read_yaml_file, refuse_double
from portal.planning.holidays import dutch_closed_days
from portal.planning.worktime import CalendarError, Span, span_from_text
from portal.requests.standard_texts.actions import Wording
from portal.requests.workflow import RequestState

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FEWEST_YEARS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPlace:
    """A department (with its opening hours per weekday, Monday first, and its teams), or a location, function or team (without)."""

    code: str
    name: LocalText
    week: tuple[tuple[Span, ...], ...] = ()
    teams: tuple["NamedPlace", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A day on which a department, or the whole organisation, is closed or has short `hours`."""

    on: date
    name: LocalText
    department: str | None
    hours: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Synonym:
    """Words of the catalogue, and what people type when they mean them."""

    means: str
    typed: tuple[str, ...]
    decides: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseContent:
    """All of the base folder."""

    departments: tuple[Placed[NamedPlace], ...]
    locations: tuple[Placed[NamedPlace], ...]
    functions: tuple[Placed[NamedPlace], ...]
    closures: tuple[Placed[Closure], ...]
    catalogue: CatalogueFiles
    synonyms: tuple[Placed[Synonym], ...]
    texts: tuple[Placed[Wording], ...]


def read_base(folder: Path, *, zone: str, problems: Problems) -> BaseContent:
    """Read the base folder; mistakes are noted in `problems` and what holds one is left out."""
    root = folder.parent.parent

    def read(name: str) -> YamlFile:
        return read_yaml_file(folder / name, root=root, problems=problems)

    content = BaseContent(
        departments=tuple(read_each(read("departments.yaml"), _department, problems)),
        locations=tuple(read_each(read("locations.yaml"), _named, problems)),
        functions=tuple(read_each(read("functions.yaml"), _named, problems)),
        closures=tuple(_calendar(read("calendar.yaml"), zone, problems)),
        catalogue=read_catalogue(folder, root=root, problems=problems),
        synonyms=tuple(read_each(read("synonyms.yaml"), _synonym, problems)),
        texts=tuple(read_each(read("texts.yaml"), _standard_text, problems)),
    )
    for several in (content.departments, content.locations, content.functions):
        refuse_double(several, "code", problems)
    return content


def _department(data: object, path: str) -> NamedPlace:
    reader = Reader(data, path)
    department = NamedPlace(
        code=reader.string("code"), name=reader.text("name"), week=reader.part("hours", _week), teams=reader.parts("teams", _named)
    )
    reader.finish()
    return department


def _named(data: object, path: str) -> NamedPlace:
    reader = Reader(data, path)
    named = NamedPlace(code=reader.string("code"), name=reader.text("name"))
    reader.finish()
    return named


def _synonym(data: object, path: str) -> Synonym:
    reader = Reader(data, path)
    synonym = Synonym(means=reader.string("means"), typed=reader.strings("typed"), decides=reader.flag("decides", default=False))
    reader.finish()
    return synonym


def _standard_text(data: object, path: str) -> Wording:
    reader = Reader(data, path)
    state = reader.maybe("state", lambda name: reader.one_of(name, RequestState))
    wording = Wording(name=reader.text("name"), text=reader.text("text"), state=state)
    reader.finish()
    return wording


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


def _calendar(file: YamlFile, zone: str, problems: Problems) -> Iterator[Placed[Closure]]:
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
