"""What a change of the calendars would do to the open requests; nothing is stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.hours.change import Change
from portal.hours.queries import count_touched, list_touched, load_plans
from portal.planning.queries import Calendars, calendars_from, load_calendars, read_rows
from portal.requests.actions.replanning import dates_of
from portal.requests.models import Request

MOST_TRIED: Final = 300  # more would make who looks wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """How many open requests get another expected or latest day, of how many that were tried, of all with work in those days."""

    moved: int
    tried: int
    total: int

    @property
    def is_complete(self) -> bool:
        """Tell whether all were tried."""
        return self.tried == self.total


def effect_of(session: Session, change: Change, *, at: datetime, zone: ZoneInfo) -> Effect:
    """Plan the open requests with work in the changed days as they are and as they would be, and compare."""
    reach = change.reach(zone)
    total = count_touched(session, reach)
    before = load_calendars(session, zone)
    after = calendars_from(change.applied_to(read_rows(session)), zone=zone)
    requests = load_plans(session, list_touched(session, reach, after=0, most=MOST_TRIED))
    moved = sum(_days(one, before, at, zone) != _days(one, after, at, zone) for one in requests)
    return Effect(moved=moved, tried=len(requests), total=total)


def _days(request: Request, calendars: Calendars, at: datetime, zone: ZoneInfo) -> tuple[object, object]:
    dates = dates_of(request=request, calendars=calendars, at=at)
    return dates.expected_at.astimezone(zone).date(), dates.latest_at.astimezone(zone).date()
