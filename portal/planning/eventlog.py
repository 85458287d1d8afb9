"""Event logs: a CSV file of what happened in which case and when, read into the order in which it happened."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

COLUMNS: Final = ("CaseID", "ActivityID", "CompleteTimestamp")
_SEPARATORS: Final = ",;\t"
_DAY_FIRST: Final = ("%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M")
_SLASHES: Final = ("%Y/%m/%d %H:%M:%S.%f", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M")
_SLASHES_DAY_FIRST: Final = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M")
_SLASHES_MONTH_FIRST: Final = ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p")


class EventLogError(Exception):
    """A file that is no event log; `line` (from 1) is where, None for the whole file."""

    def __init__(self, message: str, line: int | None = None) -> None:
        """Keep what is wrong, and where."""
        self.line = line
        super().__init__(message if line is None else f"line {line}: {message}")


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One thing that happened in a case, at an aware moment."""

    case: str
    activity: str
    at: datetime


def read_event_log(lines: Iterable[str]) -> Sequence[LogEvent]:
    """Read the lines of a CSV file with the columns CaseID, ActivityID and CompleteTimestamp, and order them by moment.

    Of equal moments the order of the file is kept. Moments are ISO 8601, or all of them year/month/day, day-month-year,
    day/month/year or month/day/year with a time; of the last two the first that fits every line. Without a zone: UTC.

    :raises EventLogError: a column is missing, or a line cannot be read.
    """
    rows = list(_rows(lines))
    if not rows:
        message = "there is no event in the file"
        raise EventLogError(message)
    moments = _read_moments([(line, text) for line, _, _, text in rows])
    events = [LogEvent(case, activity, at) for (_, case, activity, _), at in zip(rows, moments, strict=True)]
    return sorted(events, key=lambda event: event.at)


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, str, str, str]]:
    """Give line, case, activity and moment of each event as they stand there; empty lines are passed over."""
    given = iter(lines)
    header = next(given, "").lstrip("\ufeff").rstrip("\r\n")
    separator = max(_SEPARATORS, key=header.count)
    names = [name.strip().strip('"').casefold() for name in header.split(separator)]
    missing = [column for column in COLUMNS if column.casefold() not in names]
    if missing:
        message = f"the column {', '.join(missing)} is missing; the first line must name {', '.join(COLUMNS)}"
        raise EventLogError(message, 1)
    places = [names.index(column.casefold()) for column in COLUMNS]
    reader = csv.reader(given, delimiter=separator)
    for row in _checked(reader):
        if not any(cell.strip() for cell in row):
            continue
        line = reader.line_num + 1
        cells = [row[place].strip() if place < len(row) else "" for place in places]
        for column, cell in zip(COLUMNS, cells, strict=True):
            if not cell:
                message = f"{column} is empty"
                raise EventLogError(message, line)
        yield line, *cells  # type: ignore[misc]  # as many cells as columns


def _checked(reader: Iterator[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Read on, and tell in which line that cannot be done."""
    try:
        yield from reader
    except csv.Error as error:
        raise EventLogError(str(error), getattr(reader, "line_num", 0) + 1) from error


def _read_moments(texts: Sequence[tuple[int, str]]) -> Sequence[datetime]:
    """Read all moments in the first way of writing that fits them all."""
    furthest = 0
    for read in _WAYS:
        moments = []
        for _, text in texts:
            at = read(text)
            if at is None:
                break
            moments.append(at if at.tzinfo else at.replace(tzinfo=UTC))
        else:
            return moments
        furthest = max(furthest, len(moments))
    line, text = texts[furthest]
    message = f"{text!r} is not a moment such as 2026-11-21 16:55:38"
    raise EventLogError(message, line)


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _one_of(formats: Sequence[str]) -> Callable[[str], datetime | None]:
    def read(text: str) -> datetime | None:
        for one in formats:
            try:
                return datetime.strptime(text, one).replace(tzinfo=UTC)
            except ValueError:
                continue
        return None

    return read


_WAYS: Final = (_iso, _one_of(_SLASHES), _one_of(_DAY_FIRST), _one_of(_SLASHES_DAY_FIRST), _one_of(_SLASHES_MONTH_FIRST))
