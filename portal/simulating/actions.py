"""Asking for a simulation, keeping what was replayed part by part, and stopping it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from portal.catalog.definition import CatalogueKind
from portal.catalog.memory import read_definition
from portal.catalog.models import CatalogueVersion, ProductVersion
from portal.catalog.publishable import find_faults
from portal.core.bulk import insert_rows
from portal.core.errors import ConflictError
from portal.core.journal import Actor
from portal.core.queue import enqueue
from portal.planning.plan import Outlook
from portal.simulating.models import SimulatedChange, Simulation
from portal.simulating.queries import find_running, find_same
from portal.simulating.stage import Chunk, Period, count_requests, set_stage
from portal.simulating.tally import added, moved_days
from portal.simulating.workflow import SimulationState, SimulationStep, check

SIMULATE: Final = "simulate"
_CHANGES: Final = cast(Table, SimulatedChange.__table__)


def ask_simulation(
    *, session: Session, draft: CatalogueVersion, published: CatalogueVersion, period: Period, by: Actor, at: datetime
) -> Simulation:
    """Ask to replay the requests of a period with a draft, as it is now; gives the one that runs when it was asked before.

    :raises ConflictError: the draft has faults that have to be mended first (`draft_has_faults`).
    """
    definition = read_definition(draft)
    if find_faults(session, definition):
        raise ConflictError("draft_has_faults")
    simulation = Simulation(
        kind=CatalogueKind.PRODUCTS if isinstance(draft, ProductVersion) else CatalogueKind.BLOCKS,
        code=draft.code,
        number=draft.number,
        edition=draft.edition,
        fingerprint=draft.fingerprint,
        definition=draft.definition,
        baseline=published.number,
        since=period.since,
        until=period.until,
        asked_by_id=by.person_id,
        asked_at=at,
        state=SimulationState.RUNNING,
        total=count_requests(session, set_stage(session, definition, period)),
        done=0,
        position=0,
        result={},
    )
    same = find_same(session, simulation)
    if same is not None:
        return same
    session.add(simulation)
    session.flush()
    _go_on(session, simulation, at=at)
    return simulation


def keep_chunk(*, session: Session, simulation_id: int, after: int, chunk: Chunk, period: Period, at: datetime) -> None:
    """Add a part that was replayed after a request (id), and go on; a part that is no longer asked for is dropped."""
    simulation = find_running(session, simulation_id, for_change=True)
    if simulation is None or simulation.position != after:
        return
    simulation.result = added(simulation.result, chunk.tally)
    simulation.done += len(chunk.replayed)
    simulation.position = chunk.last_id
    insert_rows(session, _CHANGES, _rows(simulation, chunk, period))
    if chunk.is_last:
        _end(simulation, SimulationStep.FINISH, at=at)
    else:
        _go_on(session, simulation, at=at)


def cancel_simulation(*, simulation: Simulation, at: datetime) -> None:
    """Stop a simulation; what was replayed so far is not shown.

    :raises IllegalTransitionError: it has ended already.
    """
    _end(simulation, SimulationStep.CANCEL, at=at)


def fail_simulation(*, session: Session, simulation_id: int) -> None:
    """Note that a simulation was given up."""
    simulation = find_running(session, simulation_id, for_change=True)
    if simulation is not None:
        simulation.state = check(simulation.state, SimulationStep.FAIL)


def delete_simulations(*, session: Session, before: datetime) -> None:
    """Forget the simulations that were asked before a moment."""
    old = select(Simulation.id).where(Simulation.asked_at < before)
    session.execute(delete(SimulatedChange).where(SimulatedChange.simulation_id.in_(old)).execution_options(synchronize_session=False))
    session.execute(delete(Simulation).where(Simulation.asked_at < before).execution_options(synchronize_session=False))


def _end(simulation: Simulation, step: SimulationStep, *, at: datetime) -> None:
    simulation.state = check(simulation.state, step)
    simulation.finished_at = at


def _go_on(session: Session, simulation: Simulation, *, at: datetime) -> None:
    payload = {"simulation": simulation.id, "after": simulation.position}
    enqueue(session, kind=SIMULATE, payload=payload, key=f"{SIMULATE}:{simulation.id}:{simulation.position}", at=at)


def _rows(simulation: Simulation, chunk: Chunk, period: Period) -> Iterator[Mapping[str, Any]]:
    for one in chunk.replayed:
        if one.has_other_tasks:
            yield {
                "simulation_id": simulation.id,
                "request_id": one.recorded.request_id,
                "comes": list(one.comes),
                "goes": list(one.goes),
                "moves": list(one.moves),
                "leads_elsewhere": one.leads_elsewhere,
                "moved_days": moved_days(one, Outlook.LATEST, period.zone),
            }
