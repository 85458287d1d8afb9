"""Reading calendars and what building blocks take lately."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.people.models import Department
from portal.planning.models import CalendarRevision, ClosedDay, OpeningHours, Pace
from portal.planning.worktime import Calendar, Span

Calendars = Mapping[int, Calendar]


def load_calendars(session: Session, zone: ZoneInfo) -> Calendars:
    """Give the calendar of every department by its id.

    The calendars stay in the process as long as the revision in the database is the same: one small statement.
    """
    revision = session.scalar(select(CalendarRevision.number))
    if revision is None:
        return _read_calendars(session, zone)
    kept = _kept_calendars(zone, revision)
    if not kept:
        kept.update(_read_calendars(session, zone))
    return MappingProxyType(kept)


def load_paces(session: Session, block_ids: Collection[int]) -> Mapping[int, Pace]:
    """Give what the blocks take lately, by block id; blocks without measurements are left out."""
    paces = session.scalars(select(Pace).where(Pace.block_id.in_(block_ids)))
    return {pace.block_id: pace for pace in paces}


@lru_cache(maxsize=4)
def _kept_calendars(zone: ZoneInfo, revision: int) -> dict[int, Calendar]:
    """Give the same dictionary for the same zone and revision; the caller fills it."""
    del zone, revision
    return {}


def _read_calendars(session: Session, zone: ZoneInfo) -> dict[int, Calendar]:
    weeks: dict[int, list[list[Span]]] = {}
    for hours in session.scalars(select(OpeningHours).order_by(OpeningHours.opens_minute)):
        week = weeks.setdefault(hours.department_id, [[] for _ in range(7)])
        week[hours.weekday].append(Span(hours.opens_minute, hours.closes_minute))
    closed = session.scalars(select(ClosedDay)).all()
    return {
        department_id: Calendar(
            zone=zone,
            week=tuple(tuple(spans) for spans in weeks.get(department_id, [[]] * 7)),
            exceptions=_exceptions(closed, department_id),
        )
        for department_id in session.scalars(select(Department.id))
    }


def _exceptions(closed: Collection[ClosedDay], department_id: int) -> dict[date, tuple[Span, ...]]:
    """Collect the closed and half days of a department; its own go before those of the whole organisation."""
    exceptions: dict[date, tuple[Span, ...]] = {}
    for day in sorted(closed, key=lambda one: one.department_id is not None):
        if day.department_id in {None, department_id}:
            is_open = day.opens_minute is not None and day.closes_minute is not None
            exceptions[day.on] = (Span(day.opens_minute or 0, day.closes_minute or 0),) if is_open else ()
    return exceptions
