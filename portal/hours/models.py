"""What follows from a change of the calendars: the open plans that are made again, with how far that is."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.columns import Id, Moment
from portal.core.db import Base
from portal.core.journal import JournalEntry


class CalendarRun(Base):
    """The open requests of one department (None: of all) planned again after one change, in order of their ids.

    `total` is counted when it begins; `looked_at` and `moved` rise with every chunk, up to and with `last_request_id`.
    """

    __tablename__ = "calendar_runs"

    id: Mapped[Id]
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal.id"), unique=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    last_request_id: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    looked_at: Mapped[int] = mapped_column(default=0)
    moved: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[Moment | None]

    entry: Mapped[JournalEntry] = relationship(lazy="raise_on_sql")
