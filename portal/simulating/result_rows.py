"""The rows of what a simulation shows: how the dates of a situation move, and the work of a department per week."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from portal.core.texts import LocalText
from portal.planning.plan import Outlook
from portal.simulating.labels import days_words, spread_sentence
from portal.simulating.tally import DRAFT, MOVED, PROMISED, PUBLISHED, Spread, percentile, spread_of, work_of_department

DAY_MINUTES: Final = 8 * 60
HEIGHT: Final = 56
_GAP: Final = 0.2
_FULL: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SituationRow:
    """How the requests of one situation change; `leads` are the days until a date as promised, published and in the draft."""

    name: LocalText | None
    requests: int
    other_tasks: int
    latest: Spread | None
    leads: Mapping[str, Sequence[str]]
    moves: Mapping[str, str]

    @property
    def sentence(self) -> str:
        """Say how the latest dates move."""
        return self.moves[Outlook.LATEST]

    def share(self, number: int) -> float:
        """Give a number of requests as a share of 100."""
        return round(_FULL * number / self.latest.count, 1) if self.latest else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekBar:
    """The work of one week: tasks and working days on both sides, and where its two bars stand (x in %, heights in pixels)."""

    monday: date
    tasks: tuple[int, int]
    days: tuple[int, int]
    at: float
    width: float
    heights: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentRow:
    """The work of one department; `days` are working days by the norm, published and with the draft."""

    name: LocalText
    days: tuple[int, int]
    tasks: tuple[int, int]
    weeks: Sequence[WeekBar]

    @property
    def is_shifted(self) -> bool:
        """Tell whether only the weeks differ in which the work falls."""
        return self.days[0] == self.days[1] and self.tasks[0] == self.tasks[1]

    @property
    def busiest(self) -> WeekBar:
        """Give the week that is busiest with the draft."""
        return max(self.weeks, key=lambda week: week.days[1])


def situation_row(name: LocalText | None, figures: Mapping[str, Any]) -> SituationRow:
    """Make the row of a situation from its tally."""
    spreads = {outlook: spread_of(figures[outlook].get(MOVED, {})) for outlook in Outlook}
    return SituationRow(
        name=name,
        requests=figures["requests"],
        other_tasks=figures["other_tasks"],
        latest=spreads[Outlook.LATEST],
        moves={outlook: spread_sentence(spread) for outlook, spread in spreads.items()},
        leads={
            outlook: [days_words(percentile(figures[outlook].get(side, {}))) for side in (PROMISED, PUBLISHED, DRAFT)]
            for outlook in Outlook
        },
    )


def department_row(name: LocalText, weeks: Mapping[str, Any], mondays: Sequence[date]) -> DepartmentRow:
    """Make the row of a department from its tally per week, with a bar for each of the weeks."""
    found = {monday_of(week): work for week, work in weeks.items()}
    most = max(side["minutes"] for work in weeks.values() for side in work.values())
    bars = [_week_bar(monday, found.get(monday, {}), place=place, of=len(mondays), most=most) for place, monday in enumerate(mondays)]
    return DepartmentRow(
        name=name,
        days=_both(lambda side: round(work_of_department(weeks, side)["minutes"] / DAY_MINUTES)),
        tasks=_both(lambda side: work_of_department(weeks, side)["tasks"]),
        weeks=bars,
    )


def _week_bar(monday: date, work: Mapping[str, Any], *, place: int, of: int, most: int) -> WeekBar:
    step = _FULL / of
    return WeekBar(
        monday=monday,
        tasks=_both(lambda side: _work(work, side, "tasks")),
        days=_both(lambda side: round(_work(work, side, "minutes") / DAY_MINUTES)),
        at=round(step * (place + _GAP / 2), 2),
        width=round(step * (1 - _GAP), 2),
        heights=_both(lambda side: round(HEIGHT * _work(work, side, "minutes") / most)),
    )


def _both(figure: Callable[[str], int]) -> tuple[int, int]:
    return figure(PUBLISHED), figure(DRAFT)


def _work(week: Mapping[str, Any], side: str, name: str) -> int:
    return int(week.get(side, {}).get(name, 0))


def mondays_of(weeks: Collection[str]) -> Sequence[date]:
    """Give the first days of all weeks from the first to the last, also of those without work."""
    found = {monday_of(week) for week in weeks}
    return [min(found) + timedelta(weeks=number) for number in range((max(found) - min(found)).days // 7 + 1)] if found else []


def monday_of(week: str) -> date:
    """Give the first day of an ISO week such as `2026-W48`."""
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)
