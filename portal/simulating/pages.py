"""What the pages of a simulation show: the form, how far it is, how dates and work move, and which requests get other tasks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from portal.catalog.definition import CatalogueKind, ProductDefinition
from portal.catalog.memory import read_definition
from portal.catalog.models import CatalogueVersion
from portal.catalog.publishable import find_faults
from portal.catalog.queries import get_version, list_versions, names_of_products
from portal.catalog.workflow import OPEN, VersionState
from portal.core.texts import LocalText
from portal.people.models import Person
from portal.people.queries import list_departments
from portal.requests.policy import SEES_ALL
from portal.simulating.labels import SIMULATION_STATES, STATE_TONES, moved_words
from portal.simulating.models import SimulatedChange, Simulation
from portal.simulating.queries import draft_of, list_simulations, names_of_blocks, page_of_changes
from portal.simulating.result_rows import HEIGHT, DepartmentRow, SituationRow, department_row, mondays_of, situation_row
from portal.simulating.tally import DRAFT, PUBLISHED, count_of
from portal.simulating.workflow import SimulationState

_FULL: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a simulation is about, and where its pages stand."""

    kind: CatalogueKind
    code: str
    name: LocalText


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage:
    """The form with what was replayed before; without `draft` or `published` there is nothing to compare."""

    place: Place
    draft: CatalogueVersion | None
    published: CatalogueVersion | None
    has_faults: bool
    earlier: Sequence[Simulation]
    states: Mapping[SimulationState, str]
    tones: Mapping[SimulationState, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a simulation is."""

    simulation: Simulation
    is_running: bool
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """What a simulation shows. `draft_is` tells whether the draft is still the one that was replayed."""

    place: Place
    simulation: Simulation
    draft_is: str
    counts: Mapping[str, int]
    situations: Sequence[SituationRow]
    departments: Sequence[DepartmentRow]
    unchanged: Sequence[LocalText]
    height: int = HEIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """A request that would have got other tasks."""

    number: str
    submitted_at: datetime
    comes: Sequence[LocalText]
    goes: Sequence[LocalText]
    moves: Sequence[LocalText]
    leads_elsewhere: bool
    moved: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    """The requests that would have got other tasks; `may_open` tells whether the reader may see requests themselves."""

    place: Place
    simulation: Simulation
    total: int
    rows: Sequence[ChangeRow]
    next_key: str | None
    is_first: bool
    may_open: bool


def drafted(session: Session, kind: CatalogueKind, code: str) -> tuple[CatalogueVersion | None, CatalogueVersion | None]:
    """Give the version on its way and the one that is out, where there are such.

    :raises NotFoundError: there is no such product or building block.
    """
    versions = list_versions(session, kind, code)
    draft = next((one for one in versions if one.state in OPEN), None)
    return draft, next((one for one in versions if one.state is VersionState.PUBLISHED), None)


def overview_page(session: Session, kind: CatalogueKind, code: str) -> OverviewPage:
    """Put the form together with what was replayed before.

    :raises NotFoundError: there is no such product or building block.
    """
    draft, published = drafted(session, kind, code)
    newest = published or draft or list_versions(session, kind, code)[0]
    return OverviewPage(
        place=Place(kind=kind, code=code, name=newest.name),
        draft=draft,
        published=published,
        has_faults=draft is not None and bool(find_faults(session, read_definition(draft))),
        earlier=list_simulations(session, kind, code),
        states=SIMULATION_STATES,
        tones=STATE_TONES,
    )


def progress_of(simulation: Simulation) -> Progress:
    """Tell how far a simulation is."""
    return Progress(
        simulation=simulation,
        is_running=simulation.state is SimulationState.RUNNING,
        percent=100 * simulation.done // simulation.total if simulation.total else 0,
    )


def result_page(session: Session, simulation: Simulation) -> ResultPage:
    """Put together what a simulation shows, as far as it is."""
    load = simulation.result.get("load", {})
    names = {str(department.id): department.name for department in list_departments(session)}
    changed = {key: weeks for key, weeks in load.items() if any(week.get(PUBLISHED) != week.get(DRAFT) for week in weeks.values())}
    mondays = mondays_of({week for weeks in load.values() for week in weeks})
    rows = [department_row(names[key], weeks, mondays) for key, weeks in changed.items()]
    return ResultPage(
        place=_place(simulation),
        simulation=simulation,
        draft_is=_draft_is(session, simulation),
        counts={name: count_of(simulation.result, name) for name in ("requests", "other_tasks", "asked_anew", "elsewhere", "undated")},
        situations=_situation_rows(session, simulation),
        departments=sorted(rows, key=lambda row: -abs(row.days[1] - row.days[0])),
        unchanged=[names[key] for key in load if key not in changed],
    )


def changes_page(session: Session, simulation: Simulation, *, by: Person, after: str | None) -> ChangesPage:
    """Put together one page of the requests that would have got other tasks."""
    found = page_of_changes(session, simulation, after=after)
    codes = {code for row in found.rows for code in (*row.comes, *row.goes, *row.moves)}
    names = names_of_blocks(session, codes)
    return ChangesPage(
        place=_place(simulation),
        simulation=simulation,
        total=count_of(simulation.result, "other_tasks"),
        rows=[_change_row(row, names) for row in found.rows],
        next_key=found.next_key,
        is_first=found.is_first,
        may_open=bool(by.roles & SEES_ALL),
    )


def _place(simulation: Simulation) -> Place:
    return Place(kind=simulation.kind, code=simulation.code, name=LocalText.from_data(simulation.definition["name"]))


def _draft_is(session: Session, simulation: Simulation) -> str:
    """Tell what became of the draft that was replayed: `same`, `changed`, `published` or `gone`."""
    version = get_version(session, simulation.kind, simulation.code, simulation.number)
    if version.fingerprint != simulation.fingerprint:
        return "changed"
    if version.state in OPEN:
        return "same"
    return "gone" if version.published_at is None else "published"


def _situation_rows(session: Session, simulation: Simulation) -> Sequence[SituationRow]:
    situations = simulation.result.get("situations", {})
    names = _situation_names(session, simulation, list(situations))
    rows = [situation_row(names.get(code), figures) for code, figures in situations.items()]
    return sorted(rows, key=lambda row: -row.requests)


def _situation_names(session: Session, simulation: Simulation, codes: Sequence[str]) -> Mapping[str, LocalText]:
    """Give the names of products, or of the outcomes of a product; a request without outcome bears none."""
    if simulation.kind is CatalogueKind.BLOCKS:
        return names_of_products(session, codes)
    published = get_version(session, simulation.kind, simulation.code, simulation.baseline)
    definitions = [read_definition(published), draft_of(simulation)]
    trees = [one.tree for one in definitions if isinstance(one, ProductDefinition) and one.tree is not None]
    return {outcome.code: outcome.name for tree in trees for outcome in tree.outcomes}


def _change_row(row: SimulatedChange, names: Mapping[str, LocalText]) -> ChangeRow:
    return ChangeRow(
        number=row.request.number,
        submitted_at=row.request.submitted_at,
        comes=[names[code] for code in row.comes],
        goes=[names[code] for code in row.goes],
        moves=[names[code] for code in row.moves],
        leads_elsewhere=row.leads_elsewhere,
        moved=moved_words(row.moved_days),
    )
