"""The dates of a request as it stands at this moment: what is late or stands still moves on, also when nothing happens."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm.attributes import set_committed_value

from portal.planning.queries import Calendars
from portal.requests.actions.replanning import dates_of
from portal.requests.models import Request
from portal.requests.workflow import CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """What differs from the stored dates: the latest date that was missed, and whether the expected day moved on."""

    missed_at: datetime | None
    has_moved: bool


def project_dates(request: Request, *, calendars: Calendars, at: datetime, zone: ZoneInfo) -> Projection:
    """Give the request and its open tasks the dates they have when the work goes on at `at`. For showing: nothing is stored."""
    if request.closed_at is not None:
        return Projection(missed_at=None, has_moved=False)
    promised, expected = request.latest_at, request.expected_at
    plan = dates_of(request=request, calendars=calendars, at=at)
    for task in request.tasks:
        if task.state not in CLOSED:
            dates = plan.tasks[str(task.id)]
            _show(task, starts_at=dates.starts_at, expected_at=dates.expected_at, latest_at=dates.latest_at)
    _show(request, expected_at=plan.expected_at, latest_at=plan.latest_at)
    moved = plan.expected_at.astimezone(zone).date() != expected.astimezone(zone).date()
    return Projection(missed_at=promised if promised < at else None, has_moved=moved)


def _show(thing: object, **moments: datetime) -> None:
    for name, moment in moments.items():
        set_committed_value(thing, name, moment)
