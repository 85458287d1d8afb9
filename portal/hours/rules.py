"""Opening hours as people write them: `08:00-12:30, 13:00-17:00`. Pure."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Final

from portal.planning.worktime import Span, Week
from portal.planning.workyear import DAY_MINUTES

_PART: Final = re.compile(r"(\d{1,2})(?:[:.]([0-5]\d))?\s*(?:-|\u2013|tot|to)\s*(\d{1,2})(?:[:.]([0-5]\d))?")
_BETWEEN: Final = re.compile(r"\s*(?:,|;|\ben\b|\band\b)\s*")


class HoursFault(StrEnum):
    """What is wrong with opening hours that were typed."""

    UNREADABLE = "unreadable"
    REVERSED = "reversed"
    OVERLAP = "overlap"


class HoursError(ValueError):
    """Opening hours that cannot be; `fault` says why, `part` is what was typed."""

    def __init__(self, fault: HoursFault, part: str) -> None:
        """Keep what is wrong, and where."""
        super().__init__(f"{fault}: {part}")
        self.fault = fault
        self.part = part


def parse_spans(text: str) -> tuple[Span, ...]:
    """Read the hours of one day; nothing typed means closed.

    :raises HoursError: it cannot be read, ends before it begins, or two parts overlap.
    """
    parts = [part for part in _BETWEEN.split(text.strip().lower()) if part]
    read = sorted((_span(part), part) for part in parts)
    for (before, _), (after, part) in pairwise(read):
        if after.opens < before.closes:
            raise HoursError(HoursFault.OVERLAP, part)
    return tuple(span for span, _ in read)


def write_spans(spans: Sequence[Span]) -> str:
    """Write the hours of one day as they can be read again; empty when it is closed."""
    return ", ".join(f"{_clock(span.opens)}-{_clock(span.closes)}" for span in spans)


def name_weeks(weeks: Mapping[date, Week]) -> str:
    """Name the hours of a department, so that those that were shown can be compared with those that hold."""
    told = "; ".join(f"{since}: {' / '.join(write_spans(spans) for spans in week)}" for since, week in weeks.items())
    return hashlib.sha256(told.encode()).hexdigest()


def _span(part: str) -> Span:
    found = _PART.fullmatch(part)
    if found is None:
        raise HoursError(HoursFault.UNREADABLE, part)
    hour, minute, until_hour, until_minute = (int(number or 0) for number in found.groups())
    span = Span(hour * 60 + minute, until_hour * 60 + until_minute)
    if max(span) > DAY_MINUTES:
        raise HoursError(HoursFault.UNREADABLE, part)
    if span.opens >= span.closes:
        raise HoursError(HoursFault.REVERSED, part)
    return span


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
