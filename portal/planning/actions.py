"""Changing calendars, and learning from what was finished."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.core.texts import LocalText
from portal.people.models import Department
from portal.planning.calibration import PROMISED, moved
from portal.planning.forecast import Ladder, estimate, estimate_wait
from portal.planning.models import SINCE_EVER, CalendarRevision, ClosedDay, Duration, OpeningHours, Pace, Pause, PausePace
from portal.planning.queries import list_recent
from portal.planning.worktime import Span

RECENT: Final = 90  # durations that count as "lately"; the newer, the more they weigh
_REVISIONS: Final = 2**31


def save_opening_hours(*, session: Session, department: Department, week: Sequence[Sequence[Span]], valid_from: date = SINCE_EVER) -> None:
    """Give a department its opening hours from a day on: spans of local minutes per weekday, Monday first.

    What holds before that day stays as it was; hours that were to begin on the same day are replaced.
    """
    wanted = {(weekday, span.opens, span.closes) for weekday, spans in enumerate(week) for span in spans}
    same_week = (OpeningHours.department_id == department.id, OpeningHours.valid_from == valid_from)
    hours = session.scalars(select(OpeningHours).where(*same_week)).all()
    if {(one.weekday, one.opens_minute, one.closes_minute) for one in hours} == wanted:
        return
    session.execute(delete(OpeningHours).where(*same_week))
    session.add_all(
        OpeningHours(department_id=department.id, valid_from=valid_from, weekday=weekday, opens_minute=opens, closes_minute=closes)
        for weekday, opens, closes in sorted(wanted)
    )
    _renew_revision(session)


def save_closed_day(*, session: Session, on: date, name: LocalText, department: Department | None, hours: Span | None) -> None:
    """Close a department (None: the whole organisation) on a day, or shorten the day to `hours`."""
    department_id = department.id if department else None
    query = select(ClosedDay).where(ClosedDay.on == on, ClosedDay.department_id.is_not_distinct_from(department_id))
    day = session.scalars(query).one_or_none()
    opens, closes = hours or (None, None)
    if day is not None and (day.name, day.opens_minute, day.closes_minute) == (name, opens, closes):
        return
    if day is None:
        day = ClosedDay(on=on, department_id=department_id)
        session.add(day)
    day.name, day.opens_minute, day.closes_minute = name, opens, closes
    _renew_revision(session)


def remove_closed_day(*, session: Session, day: ClosedDay) -> None:
    """Let a day be an ordinary one again."""
    session.delete(day)
    _renew_revision(session)


def hold_calendars(*, session: Session) -> None:
    """Let nobody else change the calendars until the end of this transaction."""
    session.scalars(select(CalendarRevision).with_for_update()).one_or_none()


def record_duration(
    *,
    session: Session,
    block_id: int,
    department_id: int,
    norm_minutes: int,
    minutes: int,
    latest_minutes: int,
    running: Sequence[int],
    at: datetime,
) -> None:
    """Learn from a finished task, in working minutes without pauses: what it took, and whether that was within its latest.

    `running` is how long other tasks of the block in this department are under way. When a block went to another
    department, what it took before says nothing any more.
    """
    pace = session.get(Pace, block_id, with_for_update=True)
    if pace is None:
        pace = Pace(block_id=block_id, finished=0, finished_in_norm=0, level=PROMISED, judged=0)
    recent = list_recent(session, block_id=block_id, department_id=department_id, most=RECENT - 1)
    session.add(Duration(block_id=block_id, department_id=department_id, norm_minutes=norm_minutes, minutes=minutes, finished_at=at))
    pace.department_id = department_id
    pace.level = moved(pace.level, held=minutes <= latest_minutes, learned=pace.judged)
    pace.judged += 1
    pace.finished += 1
    pace.finished_in_norm += minutes <= norm_minutes
    renew_pace(pace=pace, norm_minutes=norm_minutes, recent=[minutes, *recent], running=running)
    session.add(pace)


def renew_pace(*, pace: Pace, norm_minutes: int, recent: Sequence[int], running: Sequence[int]) -> None:
    """Work out again what a block takes lately in its department, from its newest durations."""
    forecast = estimate(norm_minutes=norm_minutes, recent=recent, running=running, level=pace.level)
    pace.expected_minutes, pace.latest_minutes = forecast.expected_minutes, forecast.latest_minutes
    pace.ladder = list(forecast.ladder)


def record_pause(
    *,
    session: Session,
    department_id: int,
    reason: str,
    minutes: int,
    at: datetime,
    running: Sequence[int] = (),
    norm: Ladder | None = None,
) -> None:
    """Learn from a wait that ended: how many working minutes it took, by its reason.

    `running` is how long others for the same reason last by now; where little was measured it is drawn towards `norm`.
    """
    pace = session.get(PausePace, (department_id, reason), with_for_update=True)
    newest = (
        select(Pause.minutes)
        .where(Pause.department_id == department_id, Pause.reason == reason)
        .order_by(Pause.ended_at.desc())
        .limit(RECENT - 1)
    )
    ladder = list(estimate_wait([minutes, *session.scalars(newest)], running=running, norm=norm))
    session.add(Pause(department_id=department_id, reason=reason, minutes=minutes, ended_at=at))
    if pace is None:
        session.add(PausePace(department_id=department_id, reason=reason, ladder=ladder))
    else:
        pace.ladder = ladder


def _renew_revision(session: Session) -> None:
    """Tell every process that the calendars changed; a number of chance, so that none is ever seen twice."""
    revision = session.scalars(select(CalendarRevision)).one_or_none()
    if revision is None:
        revision = CalendarRevision()
        session.add(revision)
    revision.number = secrets.randbelow(_REVISIONS)
    session.flush()
