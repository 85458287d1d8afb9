"""Reading simulations, and the requests that would have got other tasks."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, defer, joinedload, load_only

from portal.catalog.codec import block_from_data, product_from_data
from portal.catalog.definition import CatalogueKind, Definition
from portal.catalog.models import BlockVersion, BuildingBlock
from portal.catalog.workflow import VersionState
from portal.core.errors import NotFoundError
from portal.core.paging import PAGE_SIZE, Page, decode_key, encode_key
from portal.core.texts import LocalText
from portal.requests.models import Request
from portal.simulating.models import SimulatedChange, Simulation
from portal.simulating.workflow import SimulationState

MOST_SHOWN = 10


def get_simulation(session: Session, kind: CatalogueKind, code: str, simulation_id: int, *, for_change: bool = False) -> Simulation:
    """Load a simulation of a product or a building block with who asked for it; with `for_change` nobody else changes it meanwhile.

    :raises NotFoundError: there is no such simulation.
    """
    query = select(Simulation).where(Simulation.id == simulation_id, Simulation.kind == kind, Simulation.code == code)
    query = query.options(joinedload(Simulation.asked_by))
    if for_change:
        query = query.with_for_update(of=Simulation).execution_options(populate_existing=True)
    simulation = session.scalars(query).unique().one_or_none()
    if simulation is None:
        raise NotFoundError
    return simulation


def find_running(session: Session, simulation_id: int, *, for_change: bool = False) -> Simulation | None:
    """Find a simulation that is still running."""
    query = select(Simulation).where(Simulation.id == simulation_id, Simulation.state == SimulationState.RUNNING)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True) if for_change else query).one_or_none()


def find_same(session: Session, like: Simulation) -> Simulation | None:
    """Find a simulation that runs now and comes down to the same as this one, which is not stored."""
    query = select(Simulation).where(
        Simulation.kind == like.kind,
        Simulation.code == like.code,
        Simulation.fingerprint == like.fingerprint,
        Simulation.since == like.since,
        Simulation.until == like.until,
        Simulation.state == SimulationState.RUNNING,
    )
    return session.scalars(query.limit(1)).one_or_none()


def list_simulations(session: Session, kind: CatalogueKind, code: str) -> Sequence[Simulation]:
    """List the latest simulations of a product or a building block with who asked for them, the newest first."""
    query = select(Simulation).where(Simulation.kind == kind, Simulation.code == code).order_by(Simulation.id.desc()).limit(MOST_SHOWN)
    return session.scalars(query.options(joinedload(Simulation.asked_by), defer(Simulation.definition))).unique().all()


def page_of_changes(session: Session, simulation: Simulation, *, after: str | None = None) -> Page[SimulatedChange]:
    """Give a page of the requests that would have got other tasks, the newest first, each with its request."""
    query = select(SimulatedChange).join(SimulatedChange.request).where(SimulatedChange.simulation_id == simulation.id)
    key = decode_key(after, (int,))
    if key is not None:
        query = query.where(SimulatedChange.request_id < key[0])
    shown = contains_eager(SimulatedChange.request).options(load_only(Request.id, Request.submitted_at))
    rows = session.scalars(query.options(shown).order_by(SimulatedChange.request_id.desc()).limit(PAGE_SIZE + 1)).all()
    next_key = encode_key([rows[PAGE_SIZE - 1].request_id]) if len(rows) > PAGE_SIZE else None
    return Page(rows=rows[:PAGE_SIZE], next_key=next_key, is_first=key is None)


def draft_of(simulation: Simulation) -> Definition:
    """Give the draft as it was when the simulation was asked."""
    is_product = simulation.kind is CatalogueKind.PRODUCTS
    return product_from_data(simulation.definition) if is_product else block_from_data(simulation.definition)


def names_of_blocks(session: Session, codes: Collection[str]) -> Mapping[str, LocalText]:
    """Give the names of building blocks by code: as published, else as they were last."""
    query = select(BuildingBlock.code, BlockVersion.name).join(BlockVersion.block).where(BuildingBlock.code.in_(list(codes)))
    newest_last = query.order_by(BlockVersion.state == VersionState.PUBLISHED, BlockVersion.number)
    return {row.code: row.name for row in session.execute(newest_last)}
