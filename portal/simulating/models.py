"""Simulations of drafts on past requests, and the requests that would have got other tasks."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.catalog.definition import CatalogueKind
from portal.core.columns import Id, Moment, enum_column
from portal.core.db import PERSONAL, Base
from portal.people.models import Person
from portal.requests.models import Request
from portal.simulating.workflow import SimulationState


class Simulation(Base):
    """Requests of a period, replayed with a draft as it was when somebody asked.

    `definition` is the draft of that moment, `fingerprint` names it; `baseline` is the number of the version that was published.
    `position` is the last request that was replayed, `result` a tally (see `tally`). The days of the period count both.
    """

    __tablename__ = "simulations"
    __table_args__ = (Index("ix_simulations_of", "kind", "code", "id"),)

    id: Mapped[Id]
    kind: Mapped[CatalogueKind] = mapped_column(enum_column(CatalogueKind))
    code: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    edition: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    baseline: Mapped[int]
    since: Mapped[date]
    until: Mapped[date]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    asked_at: Mapped[Moment]
    state: Mapped[SimulationState] = mapped_column(enum_column(SimulationState))
    finished_at: Mapped[Moment | None]
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    asked_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")


class SimulatedChange(Base):
    """A request that would have got other tasks: codes of the blocks that come, go, and move to another department.

    `moved_days` is by how many days the latest date moves; None when it has none on one of the sides.
    """

    __tablename__ = "simulated_changes"

    simulation_id: Mapped[int] = mapped_column(ForeignKey("simulations.id"), primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), primary_key=True, index=True)
    comes: Mapped[list[str]] = mapped_column(JSON)
    goes: Mapped[list[str]] = mapped_column(JSON)
    moves: Mapped[list[str]] = mapped_column(JSON)
    leads_elsewhere: Mapped[bool]
    moved_days: Mapped[int | None]

    request: Mapped[Request] = relationship(lazy="raise_on_sql")
