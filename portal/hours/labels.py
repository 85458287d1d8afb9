"""Words for opening hours, and sentences for what changed in the calendars."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from babel.dates import get_day_names

from portal.core.journal import JournalEntry
from portal.core.texts import LocalText
from portal.hours.models import CalendarRun
from portal.hours.projection import Effect
from portal.hours.rules import HoursFault, write_spans
from portal.planning.worktime import Week
from portal.web.filters import day
from portal.web.language import current_language, local
from portal.web.words import _, _l, ngettext

HOURS_FAULTS: Final[Mapping[HoursFault, Any]] = {
    HoursFault.UNREADABLE: _l("Write hours as 08:00-17:00, and more than one with a comma. Leave it empty when you are closed."),
    HoursFault.REVERSED: _l("This ends before it begins. Write the opening time first."),
    HoursFault.OVERLAP: _l("These hours overlap. Let the second part begin after the first one ends."),
}

FAULTS: Final[Mapping[str, Any]] = {
    "past": _l("This day is over. Choose today or a later day."),
    "double": _l("This day stands in the calendar already. Remove it first if it has to be different."),
    "never_open": _l("Fill in the hours of one day at least: without any opening hours nobody can promise a date."),
    "nothing_changes": _l("These are the hours that hold on that day already."),
}


def weekday_names() -> list[str]:
    """Name the days of the week, Monday first."""
    names = get_day_names("wide", locale=current_language())
    return [str(names[number]) for number in range(7)]


def week_lines(week: Week) -> list[tuple[str, str]]:
    """Tell a week in words: days with the same hours that follow each other stand on one line."""
    names, lines, first = weekday_names(), [], 0
    for weekday in range(1, 8):
        if weekday < len(week) and week[weekday] == week[first]:
            continue
        last = weekday - 1
        days = names[first] if first == last else _("%(first)s to %(last)s", first=names[first], last=names[last])
        lines.append((days, write_spans(week[first]).replace("-", "\u2013") or _("closed")))
        first = weekday
    return lines


def effect_sentence(effect: Effect) -> str:
    """Say what a change does to the open requests."""
    if effect.total == 0:
        return _("No open request has work in these days. No date moves.")
    if effect.is_complete:
        moved = ngettext("This moves the date of %(num)d open request.", "This moves the dates of %(num)d open requests.", effect.moved)
        return moved if effect.moved else _("No date of an open request moves.")
    return _(
        "We tried %(tried)s of the %(total)s open requests with work in these days. Of those, %(moved)s get another date.",
        tried=effect.tried,
        total=effect.total,
        moved=effect.moved,
    )


def progress_sentence(run: CalendarRun) -> str:
    """Say how far the plans are that follow from a change."""
    if run.finished_at is not None:
        looked = ngettext("%(num)d open request was planned again", "%(num)d open requests were planned again", run.looked_at)
        moved = ngettext("the date of %(num)d moved.", "the dates of %(num)d moved.", run.moved) if run.moved else _("no date moved.")
        return f"{looked}; {moved}"
    if run.total is None:
        return _("The open requests are planned again in a moment.")
    return _("%(done)s of %(total)s open requests are planned again.", done=run.looked_at, total=run.total)


def change_sentence(entry: JournalEntry) -> str:
    """Say what changed in the calendars.

    :raises KeyError: the event has no sentence.
    """
    return SENTENCES[entry.type](entry.data)


def _of_whom(data: Mapping[str, Any]) -> str:
    return local(LocalText.from_data(data["department"])) if data["department"] else _("The whole organisation")


def _hours_changed(data: Mapping[str, Any]) -> str:
    since = day(date.fromisoformat(data["valid_from"]))
    return _("%(who)s: other opening hours from %(day)s: %(hours)s.", who=_of_whom(data), day=since, hours=_hours(data["week"]))


def _hours(week: Sequence[str]) -> str:
    names = weekday_names()
    return "; ".join(f"{name} {hours.replace('-', chr(0x2013))}" for name, hours in zip(names, week, strict=True) if hours)


def _day_added(data: Mapping[str, Any]) -> str:
    on, name = day(date.fromisoformat(data["on"])), local(LocalText.from_data(data["name"]))
    if data["hours"]:
        hours = data["hours"].replace("-", "\u2013")
        return _("%(who)s: open only %(hours)s on %(day)s (%(name)s).", who=_of_whom(data), hours=hours, day=on, name=name)
    return _("%(who)s: closed on %(day)s (%(name)s).", who=_of_whom(data), day=on, name=name)


def _day_removed(data: Mapping[str, Any]) -> str:
    on, name = day(date.fromisoformat(data["on"])), local(LocalText.from_data(data["name"]))
    return _("%(who)s: %(day)s (%(name)s) is an ordinary day again.", who=_of_whom(data), day=on, name=name)


SENTENCES: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "hours_changed": _hours_changed,
    "closed_day_added": _day_added,
    "closed_day_removed": _day_removed,
}
