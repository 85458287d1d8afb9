"""The bars of a plan on a picture, and where they stand: moments as places from 0 (first day) to 100 (end of the last day). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

MOST_TICKS: Final = 4
_FULL: Final = 100.0
_WEEK: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One part of a plan in its picture; fields as components/plan_picture.html reads them."""

    label: str
    department: str
    when: str
    state: str
    tone: str
    start: float
    end: float
    latest: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A day along the picture."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Scale:
    """The whole days that a picture shows, in the zone of the organisation."""

    begins_at: datetime
    ends_at: datetime
    zone: ZoneInfo

    def place(self, moment: datetime) -> float:
        """Give the place of a moment; what lies outside the picture stands on its edge."""
        share = (moment - self.begins_at) / (self.ends_at - self.begins_at)
        return round(min(max(share, 0.0), 1.0) * _FULL, 2)

    def is_shown(self, moment: datetime) -> bool:
        """Tell whether a moment lies on the picture."""
        return self.begins_at <= moment <= self.ends_at


def scale_of(moments: Iterable[datetime], *, zone: ZoneInfo) -> Scale:
    """Choose the days that hold all moments (at least one moment is needed)."""
    days = [moment.astimezone(zone).date() for moment in moments]
    return Scale(_midnight(min(days), zone), _midnight(max(days) + timedelta(days=1), zone), zone)


def tick_days(scale: Scale) -> list[date]:
    """Choose the days to write along the picture: evenly spread, at most `MOST_TICKS`, whole weeks when it is long."""
    first, last = scale.begins_at.astimezone(scale.zone).date(), scale.ends_at.astimezone(scale.zone).date()
    days = (last - first).days
    step = max(1, -(-days // MOST_TICKS))
    if step > _WEEK // 2:
        step = -(-step // _WEEK) * _WEEK
    return [first + timedelta(days=offset) for offset in range(0, days, step)]


def start_of(day: date, *, scale: Scale) -> float:
    """Give the place at which a day begins."""
    return scale.place(_midnight(day, scale.zone))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
