"""Adding up what was replayed: per situation how dates move, per department and week the work. Pure, and kept as JSON.

A tally is nested counts, so that the tallies of parts add up to that of the whole. Days are calendar days in the zone of the
organisation; the work of a task is its norm in working minutes, and falls in the ISO week in which it is expected to begin.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from portal.planning.plan import Outlook
from portal.requests.planner import PlanDates
from portal.simulating.replay import Bundle, Replayed

Tally = dict[str, Any]

PROMISED: Final = "promised"
PUBLISHED: Final = "published"
DRAFT: Final = "draft"
MOVED: Final = "moved"
_MEDIAN: Final = 50
_MOST: Final = 80


@dataclass(frozen=True, slots=True)
class Spread:
    """How many days dates move for so many requests: later is more than 0; the middle one, and what 80 % stays within."""

    count: int
    median: int
    most: int
    earlier: int
    same: int
    later: int


def tally_of(replayed: Iterable[Replayed], *, situation_of: Mapping[int, str] | None, zone: ZoneInfo) -> Tally:
    """Add up requests; a situation is their product by `situation_of` (codes by id), or without it their outcome."""
    total: Tally = {"situations": {}, "load": {}}
    for one in replayed:
        situation = situation_of[one.recorded.product_id] if situation_of is not None else one.recorded.outcome or ""
        _add(total["situations"].setdefault(situation, {}), _figures_of(one, zone))
        _add(total["load"], _work_of(PUBLISHED, one.published, one.published_dates, zone))
        _add(total["load"], _work_of(DRAFT, one.draft, one.draft_dates, zone))
    return total


def added(one: Tally, other: Tally) -> Tally:
    """Add two tallies up."""
    total: Tally = {}
    _add(total, one)
    _add(total, other)
    return total


def count_of(tally: Tally, name: str) -> int:
    """Give a count over all situations, such as `requests`."""
    return sum(figures.get(name, 0) for figures in tally.get("situations", {}).values())


def spread_of(days: Mapping[str, int]) -> Spread | None:
    """Describe how many days dates move, from the number of requests per number of days; None when there are none."""
    counts = _counter(days)
    total = counts.total()
    if not total:
        return None
    return Spread(
        count=total,
        median=percentile(days, _MEDIAN) or 0,
        most=percentile(days, _MOST) or 0,
        earlier=sum(number for day, number in counts.items() if day < 0),
        same=counts[0],
        later=sum(number for day, number in counts.items() if day > 0),
    )


def percentile(days: Mapping[str, int], percent: int = _MEDIAN) -> int | None:
    """Give the number of days that `percent` of the requests stay within, by the nearest rank; None when there are none."""
    counts = _counter(days)
    rank = -(-counts.total() * percent // 100)
    for day in sorted(counts):
        rank -= counts[day]
        if rank <= 0:
            return day
    return None


def moved_days(one: Replayed, outlook: Outlook, zone: ZoneInfo) -> int | None:
    """Give by how many days a date moves with the draft; None when it has none on one of the sides."""
    if one.published_dates is None or one.draft_dates is None:
        return None
    return _days(_end(one.published_dates, outlook), _end(one.draft_dates, outlook), zone)


def work_of_department(weeks: Mapping[str, Any], side: str) -> Mapping[str, int]:
    """Add up the tasks and working minutes of a department over its weeks, on one side."""
    total: Tally = {"tasks": 0, "minutes": 0}
    for week in weeks.values():
        _add(total, week.get(side, {}))
    return total


def _figures_of(one: Replayed, zone: ZoneInfo) -> Tally:
    """Give the counts of one request; per outlook the days from asking to its date as promised, published and in the draft."""
    figures: Tally = {
        "requests": 1,
        "other_tasks": int(one.has_other_tasks),
        "asked_anew": int(one.is_asked_anew),
        "elsewhere": int(one.leads_elsewhere),
        "undated": int(not (one.published.is_dated and one.draft.is_dated)),
    }
    at = one.recorded.submitted_at
    promised = {Outlook.EXPECTED: one.recorded.promised_expected_at, Outlook.LATEST: one.recorded.promised_latest_at}
    for outlook in Outlook:
        figures[outlook] = {PROMISED: {str(_days(at, promised[outlook], zone)): 1}}
        for side, dates in ((PUBLISHED, one.published_dates), (DRAFT, one.draft_dates)):
            if dates is not None:
                figures[outlook][side] = {str(_days(at, _end(dates, outlook), zone)): 1}
        moved = moved_days(one, outlook, zone)
        if moved is not None:
            figures[outlook][MOVED] = {str(moved): 1}
    return figures


def _work_of(side: str, bundle: Bundle, dates: PlanDates | None, zone: ZoneInfo) -> Tally:
    """Give the tasks and working minutes that a bundle brings, by department and week."""
    work: Tally = {}
    if dates is None:
        return work
    for task in bundle.tasks:
        year, week, _day = dates.tasks[task.planned.block].starts_at.astimezone(zone).isocalendar()
        figures = {side: {"tasks": 1, "minutes": task.norm_minutes}}
        _add(work, {str(task.version.department_id): {f"{year}-W{week:02}": figures}})
    return work


def _add(total: Tally, more: Tally) -> None:
    for name, value in more.items():
        if isinstance(value, dict):
            _add(total.setdefault(name, {}), value)
        else:
            total[name] = total.get(name, 0) + value


def _counter(days: Mapping[str, int]) -> Counter[int]:
    return Counter({int(day): number for day, number in days.items()})


def _end(dates: PlanDates, outlook: Outlook) -> datetime:
    return dates.expected_at if outlook is Outlook.EXPECTED else dates.latest_at


def _days(since: datetime, until: datetime, zone: ZoneInfo) -> int:
    return (until.astimezone(zone).date() - since.astimezone(zone).date()).days
