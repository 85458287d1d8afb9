"""Working back from a wished date: the chance that each line makes it, the last day to ask for it, and what does fit. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from portal.planning.norm import Norm, norm_minutes
from portal.planning.plan import PlannedDates
from portal.planning.queries import Calendars
from portal.planning.spread import Ending, chance_of
from portal.planning.worktime import Calendar, add_working_time, subtract_working_time, working_minutes_between
from portal.requests.ordering.preview import NO_WAITS, DatedTask, Waits, dates_of_tasks
from portal.requests.planner import PlanDates

SAFE: Final = 0.8
EVEN: Final = 0.5
_EXACT: Final = 6  # decimals: what ends exactly in time makes it
_SPARE_DAYS: Final = 21
_MOST_TRIES: Final = 40


class Feasibility(StrEnum):
    """Whether a wished date can be met: with a chance of 80 %, of at least a half, or less."""

    FEASIBLE = "feasible"
    TIGHT = "tight"
    NOT_FEASIBLE = "not_feasible"


def feasibility_of(chance: float) -> Feasibility:
    """Tell what a chance comes down to."""
    if chance >= SAFE:
        return Feasibility.FEASIBLE
    return Feasibility.TIGHT if chance >= EVEN else Feasibility.NOT_FEASIBLE


def chance_in_time(*, expected_at: datetime, latest_at: datetime, wished_on: date, calendar: Calendar, zone: ZoneInfo) -> float:
    """Give the chance to be ready by the end of the wished day, in the opening hours of who is ready last."""
    due = _midnight(wished_on + timedelta(days=1), zone)
    margin = working_minutes_between(calendar=calendar, start=expected_at, end=latest_at)
    left = working_minutes_between(calendar=calendar, start=expected_at, end=due)
    return round(chance_of(Ending(0, margin), by=left), _EXACT)


def notice_ends(notice: Norm, *, wished_on: date, calendar: Calendar, zone: ZoneInfo) -> datetime:
    """Give until when something may be asked for that is wished on a day, with this minimum notice."""
    return subtract_working_time(calendar=calendar, end=_midnight(wished_on, zone), minutes=norm_minutes(notice, calendar))


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """The chance to be ready on the wished day, and the last day to ask for it so that it is safe (None: there never was one).

    `notice` is the minimum notice when that is what it fails on; `is_certain` says that nothing is known of its spread.
    """

    chance: float
    last_day: date | None
    is_certain: bool
    notice: Norm | None = None

    @property
    def feasibility(self) -> Feasibility:
        """Tell what the chance comes down to."""
        return feasibility_of(self.chance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Tasks that do not exist yet and the day on which they are wished; the whole of that day is in time."""

    tasks: Sequence[DatedTask]
    notices: dict[str, Norm]
    calendars: Calendars
    wished: date
    zone: ZoneInfo
    waits: Waits = NO_WAITS
    _dates: dict[datetime, PlanDates] = field(default_factory=dict)

    @property
    def due(self) -> datetime:
        """Give the end of the wished day."""
        return _midnight(self.wished + timedelta(days=1), self.zone)

    def dates(self, at: datetime) -> PlanDates:
        """Give the plan that submitting at `at` makes."""
        if at not in self._dates:
            self._dates[at] = dates_of_tasks(self.tasks, self.calendars, at=at, wished_on=self.wished, waits=self.waits)
        return self._dates[at]

    def chance(self, block: str | None, at: datetime) -> float:
        """Give the chance that a line, or without a block all of them, is ready in time when it is submitted at `at`."""
        if self.missed_notice(block, at) is not None:
            return 0.0
        ending, calendar = self._ending(block, at)
        return chance_in_time(
            expected_at=ending.expected_at, latest_at=ending.latest_at, wished_on=self.wished, calendar=calendar, zone=self.zone
        )

    def missed_notice(self, block: str | None, at: datetime) -> Norm | None:
        """Give the minimum notice for which `at` is too late; None when there is none."""
        missed = [
            notice for task, notice in self._noticed() if block in {None, task.planned.block} and at > self._notice_ends(task, notice)
        ]
        return missed[0] if missed else None

    def prospect(self, block: str | None, at: datetime) -> Prospect:
        """Tell how a line, or without a block the whole, stands towards the wished day when it is submitted at `at`."""
        chance = self.chance(block, at)
        last_day = self._last_day(block, at)
        today = at.astimezone(self.zone).date()
        if chance >= SAFE and (last_day is None or last_day < today):
            last_day = today  # it fits now, though not any more tonight
        ending, _calendar = self._ending(block, at)
        return Prospect(
            chance=chance,
            last_day=last_day,
            is_certain=ending.expected_at == ending.latest_at,
            notice=self.missed_notice(block, at),
        )

    def first_day(self, at: datetime) -> date | None:
        """Give the first day, not before the wished one, for which all of it fits when it is submitted at `at`."""
        aim, first = self, max(self.wished, self._day(self.dates(at).latest_at), *self._after_notices(at))
        for _try in range(_MOST_TRIES):
            aim = replace(self, wished=first, _dates={})
            if aim.chance(None, at) >= SAFE:
                return first
            first = max(first + timedelta(days=1), self._day(aim.dates(at).latest_at))
        return None

    def _last_day(self, block: str | None, at: datetime) -> date | None:
        """Look for the last day on which asking is still safe, until midnight."""
        longest = max(self.dates(at).latest_at - at, timedelta()) * 2
        noticed = [_midnight(self.wished, self.zone) - self._notice_ends(task, notice) for task, notice in self._noticed()]
        most = max([longest, *noticed]).days + _SPARE_DAYS
        days = [self.wished - timedelta(days=back) for back in range(most, -1, -1)]
        safe = bisect_right(days, -SAFE, key=lambda day: -self.chance(block, _midnight(day + timedelta(days=1), self.zone)))
        return days[safe - 1] if safe else None

    def _noticed(self) -> list[tuple[DatedTask, Norm]]:
        return [(task, self.notices[task.planned.block]) for task in self.tasks if task.planned.block in self.notices]

    def _ending(self, block: str | None, at: datetime) -> tuple[PlannedDates, Calendar]:
        dates = self.dates(at)
        chosen = [task for task in self.tasks if block in {None, task.planned.block}]
        last = max(chosen, key=lambda task: dates.tasks[task.planned.block].expected_at)
        planned = dates.tasks[block] if block else PlannedDates(at, dates.expected_at, dates.latest_at)
        return planned, self.calendars[last.version.department_id]

    def _notice_ends(self, task: DatedTask, notice: Norm) -> datetime:
        return notice_ends(notice, wished_on=self.wished, calendar=self.calendars[task.version.department_id], zone=self.zone)

    def _after_notices(self, at: datetime) -> list[date]:
        noticed = [(self.calendars[task.version.department_id], notice) for task, notice in self._noticed()]
        ends = [add_working_time(calendar=calendar, start=at, minutes=norm_minutes(notice, calendar)) for calendar, notice in noticed]
        return [self._day(end) + timedelta(days=1) for end in ends]

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)
