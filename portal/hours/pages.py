"""What the pages of the calendars show: a year at a glance, its closed days, and the latest changes."""

import calendar
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from babel.dates import format_date, get_month_names

from portal.hours.labels import change_sentence, progress_sentence
from portal.hours.models import CalendarRun
from portal.hours.rules import write_spans
from portal.planning.models import ClosedDay
from portal.planning.worktime import Span, Week
from portal.web.language import current_language, local
from portal.web.words import _

_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day in the year: `kind` is open, free (a weekday that is never worked), closed, half or empty (of another month)."""

    number: int | None
    kind: str
    title: str | None = None
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """One month in the year: its weeks, Monday first."""

    name: str
    weeks: Sequence[Sequence[DayCell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """A closed or half day in the list; `is_ours` when it can be removed here."""

    id: int
    on: date
    name: str
    hours: str
    whose: str
    is_ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """A change of the calendars, who made it, and how far the plans are; `percent` while they are being made again."""

    at: datetime
    sentence: str
    who: str | None
    progress: str
    percent: int | None


def months_of(year: int, *, days: Sequence[ClosedDay], week: Week | None, today: date) -> list[Month]:
    """Draw a year; `week` is the ordinary week (None: the whole organisation, of which only the weekend is known)."""
    by_date = {day.on: day for day in sorted(days, key=lambda one: one.department_id is not None)}
    names = get_month_names("wide", context="stand-alone", locale=current_language())
    return [
        Month(
            str(names[month]),
            [[_cell(on, month, by_date, week, today) for on in dates] for dates in calendar.Calendar().monthdatescalendar(year, month)],
        )
        for month in range(1, 13)
    ]


def day_lines(days: Sequence[ClosedDay], *, today: date, department_id: int | None, may_change: bool) -> list[DayLine]:
    """List closed and half days; those of this calendar that are not over can be removed by who may change it."""
    return [
        DayLine(
            id=day.id,
            on=day.on,
            name=local(day.name),
            hours=_open_hours(day),
            whose=_("whole organisation") if day.department_id is None else _("only here"),
            is_ours=may_change and day.department_id == department_id and day.on >= today,
        )
        for day in days
    ]


def change_lines(runs: Sequence[CalendarRun], *, names: Mapping[int, str]) -> list[ChangeLine]:
    """Tell the latest changes, newest first."""
    return [
        ChangeLine(
            at=run.entry.at,
            sentence=change_sentence(run.entry),
            who=names.get(run.entry.actor_id) if run.entry.actor_id else None,
            progress=progress_sentence(run),
            percent=None if run.finished_at else _percent(run),
        )
        for run in runs
    ]


def is_busy(lines: Collection[ChangeLine]) -> bool:
    """Tell whether plans are being made again."""
    return any(line.percent is not None for line in lines)


def _percent(run: CalendarRun) -> int:
    return 100 * run.looked_at // run.total if run.total else 0


def _cell(on: date, month: int, by_date: Mapping[date, ClosedDay], week: Week | None, today: date) -> DayCell:
    if on.month != month:
        return DayCell(None, "empty")
    works = on.weekday() < _SATURDAY if week is None else bool(week[on.weekday()])
    day = by_date.get(on)
    if day is None or not (works or day.opens_minute is not None):
        return DayCell(on.day, "open" if works else "free", is_today=on == today)
    written = format_date(on, "d MMMM", locale=current_language())
    kind = "closed" if day.opens_minute is None else "half"
    return DayCell(on.day, kind, f"{written}: {local(day.name)}, {_open_hours(day)}", on == today)


def _open_hours(day: ClosedDay) -> str:
    if day.opens_minute is None or day.closes_minute is None:
        return _("closed")
    return _("open only %(hours)s", hours=write_spans([Span(day.opens_minute, day.closes_minute)]).replace("-", "\u2013"))
