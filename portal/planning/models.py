"""Opening hours, closed days, and how long building blocks took lately."""

from datetime import date
from typing import Final

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, Moment, partial_index
from portal.core.db import Base
from portal.core.texts import LocalText, LocalTextType
from portal.planning.calibration import PROMISED

SINCE_EVER: Final = date(2000, 1, 1)
"""From when the first hours of a department hold."""


class OpeningHours(Base):
    """One span of one weekday (0 is Monday) in which a department works, in local minutes since midnight.

    All rows of a department with the same `valid_from` make one week, which holds from that day until the next one.
    """

    __tablename__ = "opening_hours"
    __table_args__ = (CheckConstraint("opens_minute < closes_minute", name="opens_before_closes"),)

    id: Mapped[Id]
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), index=True)
    valid_from: Mapped[date] = mapped_column(default=SINCE_EVER)
    weekday: Mapped[int]
    opens_minute: Mapped[int]
    closes_minute: Mapped[int]


class ClosedDay(Base):
    """A day on which a department (or, without one, the whole organisation) is closed, or open for one short span."""

    __tablename__ = "closed_days"
    __table_args__ = (
        Index("ix_closed_days_on", "on"),
        partial_index("uq_closed_days_of_all", "on", where="department_id IS NULL", unique=True),
        Index("uq_closed_days_of_department", "department_id", "on", unique=True),
    )

    id: Mapped[Id]
    on: Mapped[date]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    name: Mapped[LocalText] = mapped_column(LocalTextType)
    opens_minute: Mapped[int | None]
    closes_minute: Mapped[int | None]


class CalendarRevision(Base):
    """One row: a number that rises with every change of hours or closed days, so that processes can keep them in memory."""

    __tablename__ = "calendar_revision"

    id: Mapped[Id]
    number: Mapped[int]


class Duration(Base):
    """How many working minutes one finished task of a building block took in a department, without suspensions."""

    __tablename__ = "durations"
    __table_args__ = (Index("ix_durations_block_id_finished_at", "block_id", "finished_at"),)

    id: Mapped[Id]
    block_id: Mapped[int] = mapped_column(ForeignKey("building_blocks.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    norm_minutes: Mapped[int]
    minutes: Mapped[int]
    finished_at: Mapped[Moment]


class Pace(Base):
    """What a building block takes lately in its department, in working minutes; kept up with every finished task.

    `ladder` gives it for every share (forecast.py). `level` is the share of what was measured that really stands for
    80 %, after `judged` outcomes (calibration.py).
    """

    __tablename__ = "paces"

    block_id: Mapped[int] = mapped_column(ForeignKey("building_blocks.id"), primary_key=True)
    expected_minutes: Mapped[int]
    latest_minutes: Mapped[int]
    finished: Mapped[int]
    finished_in_norm: Mapped[int]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    ladder: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    level: Mapped[float] = mapped_column(default=PROMISED)
    judged: Mapped[int] = mapped_column(default=0)


class Pause(Base):
    """How many working minutes of its department one wait took.

    The reason is that of a suspended task (SuspendReason), or whose approval was waited for (ApproverKind).
    """

    __tablename__ = "pauses"
    __table_args__ = (Index("ix_pauses_department_id_reason", "department_id", "reason", "ended_at"),)

    id: Mapped[Id]
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    reason: Mapped[str] = mapped_column(String(20))
    minutes: Mapped[int]
    ended_at: Mapped[Moment]


class PausePace(Base):
    """How long a department waits lately for one reason, for every share in working minutes; kept up with every pause."""

    __tablename__ = "pause_paces"

    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(20), primary_key=True)
    ladder: Mapped[list[int]] = mapped_column(JSON)
