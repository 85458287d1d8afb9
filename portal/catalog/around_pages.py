"""What stands around a product: when the departments are open that work on it, what goes with it, and how often it was on time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from babel.dates import get_day_names
from sqlalchemy.orm import Session

from portal.catalog.matrix.queries import find_figures, list_beside
from portal.catalog.matrix.rules import FEWEST_CASES
from portal.catalog.memory import definition_of
from portal.catalog.models import ProductVersion
from portal.catalog.policy import may_ask
from portal.catalog.queries import published_products
from portal.core.texts import LocalText
from portal.planning.queries import Calendars
from portal.planning.worktime import Calendar, Span, Week
from portal.web.language import current_language

MOST_BESIDE: Final = 4
CLOSED_AHEAD: Final = timedelta(days=30)
_HOUR: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Departments with the same hours: stretches of weekdays with their times, and the coming days that differ (no times: closed)."""

    departments: Sequence[LocalText]
    week: Sequence[tuple[str, str]]
    closed: Sequence[tuple[date, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """All that stands around a product; `related` begins with what its manager chose."""

    hours: Sequence[Hours]
    asked_beside: Sequence[ProductVersion]
    related: Sequence[ProductVersion]
    share_on_time: int | None
    share_satisfied: int | None


def around(
    session: Session,
    version: ProductVersion,
    *,
    departments: Mapping[int, LocalText],
    calendars: Calendars,
    on: date,
    tokens: Collection[str],
) -> Around:
    """Give what stands around a product on a day, for somebody with these tokens."""
    beside = [(pair, other) for pair, other in list_beside(session, version.product_id) if may_ask(other, tokens)]
    figures = find_figures(session, version.product_id)
    chosen = [one for one in published_products(session, definition_of(version).related).values() if may_ask(one, tokens)]
    asked = [other for pair, other in beside if pair.requesters >= FEWEST_CASES and other not in chosen][:MOST_BESIDE]
    alike = [other for pair, other in beside if pair.shared_blocks and other not in (*asked, *chosen)]
    return Around(
        hours=_hours(departments, calendars, on),
        asked_beside=asked,
        related=[*chosen, *alike][: max(MOST_BESIDE, len(chosen))],
        share_on_time=figures.share_on_time if figures else None,
        share_satisfied=figures.share_satisfied if figures else None,
    )


def _hours(departments: Mapping[int, LocalText], calendars: Calendars, on: date) -> Sequence[Hours]:
    same: dict[tuple[tuple[tuple[str, str], ...], tuple[tuple[date, str], ...]], list[LocalText]] = {}
    for department_id, name in departments.items():
        calendar = calendars.get(department_id)
        week = _week_on(calendar, on) if calendar else ()
        if calendar is not None and any(week):
            same.setdefault((_stretches(week), _other_days(calendar, week, on)), []).append(name)
    return [Hours(departments=names, week=week, closed=closed) for (week, closed), names in same.items()]


def _week_on(calendar: Calendar, on: date) -> Week:
    """Give the week that holds on a day: hours can change from a day on."""
    return next((week for until, week in calendar.earlier if on < until), calendar.week)


def _stretches(week: Week) -> tuple[tuple[str, str], ...]:
    """Put days in a row with the same hours together, such as Monday to Friday."""
    names = get_day_names("wide", locale=current_language())
    stretches = [list(group) for _, group in groupby(range(len(week)), key=lambda day: week[day])]
    open_ones = [days for days in stretches if week[days[0]]]
    return tuple(
        (names[days[0]] if len(days) == 1 else f"{names[days[0]]}\u2013{names[days[-1]]}", _times(week[days[0]])) for days in open_ones
    )


def _other_days(calendar: Calendar, week: Week, on: date) -> tuple[tuple[date, str], ...]:
    """Give the coming days on which a department has other hours than on that weekday."""
    coming = sorted(day for day in calendar.exceptions if on <= day <= on + CLOSED_AHEAD and week[day.weekday()])
    return tuple((day, _times(calendar.exceptions[day])) for day in coming)


def _times(spans: Sequence[Span]) -> str:
    return ", ".join(f"{_clock(span.opens)}\u2013{_clock(span.closes)}" for span in spans)


def _clock(minute: int) -> str:
    sign = "." if current_language() == "nl" else ":"
    return f"{minute // _HOUR}{sign}{minute % _HOUR:02}"
