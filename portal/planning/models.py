"""Opening hours, closed days, and how long building blocks took lately."""

from datetime import date
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, Moment
from portal.core.db import Base
from portal.core.texts import LocalText, LocalTextType

SINCE_EVER: Final = date(2000, 1, 1)
"""From when the first hours of a department hold."""
_OF_ALL: Final = text("department_id IS NULL")


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
        Index("uq_closed_days_of_all", "on", unique=True, sqlite_where=_OF_ALL, postgresql_where=_OF_ALL),
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
    """How many working minutes one finished task of a building block took, without suspensions."""

    __tablename__ = "durations"
    __table_args__ = (Index("ix_durations_block_id_finished_at", "block_id", "finished_at"),)

    id: Mapped[Id]
    block_id: Mapped[int] = mapped_column(ForeignKey("building_blocks.id"))
    norm_minutes: Mapped[int]
    minutes: Mapped[int]
    finished_at: Mapped[Moment]


class Pace(Base):
    """What a building block takes lately, in working minutes; kept up with every finished task."""

    __tablename__ = "paces"

    block_id: Mapped[int] = mapped_column(ForeignKey("building_blocks.id"), primary_key=True)
    expected_minutes: Mapped[int]
    latest_minutes: Mapped[int]
    finished: Mapped[int]
    finished_in_norm: Mapped[int]
