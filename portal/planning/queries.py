"""Reading calendars and what building blocks take lately."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from portal.core.errors import NotFoundError
from portal.people.models import Department
from portal.planning.forecast import Ladder
from portal.planning.models import CalendarRevision, ClosedDay, Duration, OpeningHours, Pace, PausePace
from portal.planning.worktime import Calendar, Span, Week

Calendars = Mapping[int, Calendar]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRows:
    """All that the calendars are made of; the hours with the earliest opening first."""

    department_ids: Sequence[int]
    hours: Sequence[OpeningHours]
    closed: Sequence[ClosedDay]


def load_calendars(session: Session, zone: ZoneInfo) -> Calendars:
    """Give the calendar of every department by its id.

    The calendars stay in the process as long as the revision in the database is the same: one small statement.
    """
    revision = session.scalar(_REVISION)
    if revision is None:
        return calendars_from(read_rows(session), zone=zone)
    kept = _kept_calendars(zone, revision)
    if not kept:
        kept.update(calendars_from(read_rows(session), zone=zone))
    return MappingProxyType(kept)


def read_rows(session: Session) -> CalendarRows:
    """Read all that the calendars are made of."""
    return CalendarRows(
        department_ids=session.scalars(select(Department.id)).all(),
        hours=session.scalars(select(OpeningHours).order_by(OpeningHours.opens_minute)).all(),
        closed=session.scalars(select(ClosedDay)).all(),
    )


def calendars_from(rows: CalendarRows, *, zone: ZoneInfo) -> dict[int, Calendar]:
    """Make the calendar of every department of these rows, stored or only tried out, by its id."""
    return {
        department_id: calendar_of(
            zone=zone,
            weeks=weeks_in([one for one in rows.hours if one.department_id == department_id]),
            exceptions=_exceptions(rows.closed, department_id),
        )
        for department_id in rows.department_ids
    }


def calendar_of(*, zone: ZoneInfo, weeks: Mapping[date, Week], exceptions: Mapping[date, tuple[Span, ...]]) -> Calendar:
    """Make a calendar of the weeks by the day from which each holds; without any it is always closed."""
    begins = sorted(weeks)
    earlier = tuple((until, weeks[since]) for since, until in pairwise(begins))
    return Calendar(zone=zone, week=weeks[begins[-1]] if begins else ((),) * 7, exceptions=exceptions, earlier=earlier)


def weeks_in(rows: Collection[OpeningHours]) -> Mapping[date, Week]:
    """Put the rows of one department (earliest opening first) together to weeks, by the day from which each holds."""
    weeks: dict[date, list[list[Span]]] = {}
    for hours in rows:
        week = weeks.setdefault(hours.valid_from, [[] for _ in range(7)])
        week[hours.weekday].append(Span(hours.opens_minute, hours.closes_minute))
    return {since: tuple(tuple(spans) for spans in week) for since, week in weeks.items()}


def list_weeks(session: Session, department_id: int) -> Mapping[date, Week]:
    """Give the weeks of a department by the day from which each holds, the oldest first."""
    rows = select(OpeningHours).where(OpeningHours.department_id == department_id)
    return dict(sorted(weeks_in(session.scalars(rows.order_by(OpeningHours.opens_minute)).all()).items()))


def list_closed_days(session: Session, *, first: date, last: date, department_ids: Collection[int] = ()) -> Sequence[ClosedDay]:
    """List the closed and half days of the whole organisation and of these departments, by date."""
    query = select(ClosedDay).where(ClosedDay.on.between(first, last))
    of_these = or_(ClosedDay.department_id.is_(None), ClosedDay.department_id.in_(department_ids))
    return session.scalars(query.where(of_these).order_by(ClosedDay.on, ClosedDay.department_id, ClosedDay.id)).all()


def get_closed_day(session: Session, day_id: int) -> ClosedDay:
    """Load a closed or half day.

    :raises NotFoundError: there is none.
    """
    day = session.get(ClosedDay, day_id)
    if day is None:
        raise NotFoundError
    return day


def load_paces(session: Session, block_ids: Collection[int]) -> Mapping[int, Pace]:
    """Give what the blocks take lately, by block id; blocks without measurements are left out."""
    paces = session.scalars(select(Pace).where(Pace.block_id.in_(block_ids)))
    return {pace.block_id: pace for pace in paces}


def list_recent(session: Session, *, block_id: int, department_id: int | None, most: int) -> Sequence[int]:
    """List how many minutes the newest tasks of a block took in a department, the newest first."""
    return session.scalars(_RECENT, {"block_id": block_id, "department_id": department_id, "most": most}).all()


def find_pause_ladder(session: Session, *, department_id: int, reason: str) -> list[int] | None:
    """Give how long a department waits for one reason, for every share; None when that never happened."""
    pace = session.get(PausePace, (department_id, reason))
    return pace.ladder if pace else None


def load_pause_ladders(session: Session, department_ids: Collection[int]) -> Mapping[int, Mapping[str, Ladder]]:
    """Give how long these departments wait, by department (id) and reason; what was never measured is left out."""
    ladders: dict[int, dict[str, Ladder]] = {department_id: {} for department_id in department_ids}
    for pace in session.scalars(select(PausePace).where(PausePace.department_id.in_(ladders))):
        ladders[pace.department_id][pace.reason] = pace.ladder
    return ladders


# Made once: a statement costs more to put together than to run.
_REVISION: Final = select(CalendarRevision.number)
_RECENT: Final = (
    select(Duration.minutes)
    .where(Duration.block_id == bindparam("block_id"))
    .where((Duration.department_id == bindparam("department_id")) | Duration.department_id.is_(None))
    .order_by(Duration.finished_at.desc())
    .limit(bindparam("most"))
)


@lru_cache(maxsize=4)
def _kept_calendars(zone: ZoneInfo, revision: int) -> dict[int, Calendar]:
    """Give the same dictionary for the same zone and revision; the caller fills it."""
    del zone, revision
    return {}


def _exceptions(closed: Collection[ClosedDay], department_id: int) -> dict[date, tuple[Span, ...]]:
    """Collect the closed and half days of a department; its own go before those of the whole organisation."""
    exceptions: dict[date, tuple[Span, ...]] = {}
    for day in sorted(closed, key=lambda one: one.department_id is not None):
        if day.department_id in {None, department_id}:
            is_open = day.opens_minute is not None and day.closes_minute is not None
            exceptions[day.on] = (Span(day.opens_minute or 0, day.closes_minute or 0),) if is_open else ()
    return exceptions
