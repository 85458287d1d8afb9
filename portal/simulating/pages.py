"""What the pages of a simulation show: the form, how far it is, how dates and work move, and which requests get other tasks."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from portal.catalog.definition import CatalogueKind, ProductDefinition
from portal.catalog.memory import read_definition
from portal.catalog.models import CatalogueVersion
from portal.catalog.queries import find_faults, get_version, list_versions, names_of_products
from portal.catalog.workflow import OPEN, VersionState
from portal.core.texts import LocalText
from portal.people.models import Person
from portal.people.queries import list_departments
from portal.planning.plan import Outlook
from portal.requests.policy import SEES_ALL
from portal.simulating.labels import SIMULATION_STATES, STATE_TONES, days_words, moved_words, spread_sentence
from portal.simulating.models import SimulatedChange, Simulation
from portal.simulating.queries import draft_of, list_simulations, names_of_blocks, page_of_changes
from portal.simulating.tally import DRAFT, MOVED, PROMISED, PUBLISHED, Spread, count_of, percentile, spread_of, work_of_department
from portal.simulating.workflow import SimulationState

DAY_MINUTES: Final = 8 * 60
HEIGHT: Final = 56
_GAP: Final = 0.2
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
class SituationRow:
    """How the requests of one situation change; `leads` are the days until a date as promised, published and in the draft."""

    name: LocalText | None
    requests: int
    other_tasks: int
    latest: Spread | None
    leads: Mapping[str, Sequence[str]]
    moves: Mapping[str, str]

    @property
    def sentence(self) -> str:
        """Say how the latest dates move."""
        return self.moves[Outlook.LATEST]

    def share(self, number: int) -> float:
        """Give a number of requests as a share of 100."""
        return round(_FULL * number / self.latest.count, 1) if self.latest else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekBar:
    """The work of one week: tasks and working days on both sides, and where its two bars stand (x in %, heights in pixels)."""

    monday: date
    tasks: tuple[int, int]
    days: tuple[int, int]
    at: float
    width: float
    heights: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentRow:
    """The work of one department; `days` are working days by the norm, published and with the draft."""

    name: LocalText
    days: tuple[int, int]
    tasks: tuple[int, int]
    weeks: Sequence[WeekBar]

    @property
    def is_shifted(self) -> bool:
        """Tell whether only the weeks differ in which the work falls."""
        return self.days[0] == self.days[1] and self.tasks[0] == self.tasks[1]

    @property
    def busiest(self) -> WeekBar:
        """Give the week that is busiest with the draft."""
        return max(self.weeks, key=lambda week: week.days[1])


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
    mondays = _mondays({week for weeks in load.values() for week in weeks})
    rows = [_department_row(names[key], weeks, mondays) for key, weeks in changed.items()]
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


def monday_of(week: str) -> date:
    """Give the first day of an ISO week such as `2026-W48`."""
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


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
    rows = [_situation_row(names.get(code), figures) for code, figures in situations.items()]
    return sorted(rows, key=lambda row: -row.requests)


def _situation_names(session: Session, simulation: Simulation, codes: Sequence[str]) -> Mapping[str, LocalText]:
    """Give the names of products, or of the outcomes of a product; a request without outcome bears none."""
    if simulation.kind is CatalogueKind.BLOCKS:
        return names_of_products(session, codes)
    published = get_version(session, simulation.kind, simulation.code, simulation.baseline)
    definitions = [read_definition(published), draft_of(simulation)]
    trees = [one.tree for one in definitions if isinstance(one, ProductDefinition) and one.tree is not None]
    return {outcome.code: outcome.name for tree in trees for outcome in tree.outcomes}


def _situation_row(name: LocalText | None, figures: Mapping[str, Any]) -> SituationRow:
    spreads = {outlook: spread_of(figures[outlook].get(MOVED, {})) for outlook in Outlook}
    return SituationRow(
        name=name,
        requests=figures["requests"],
        other_tasks=figures["other_tasks"],
        latest=spreads[Outlook.LATEST],
        moves={outlook: spread_sentence(spread) for outlook, spread in spreads.items()},
        leads={
            outlook: [days_words(percentile(figures[outlook].get(side, {}))) for side in (PROMISED, PUBLISHED, DRAFT)]
            for outlook in Outlook
        },
    )


def _department_row(name: LocalText, weeks: Mapping[str, Any], mondays: Sequence[date]) -> DepartmentRow:
    found = {monday_of(week): work for week, work in weeks.items()}
    most = max(side["minutes"] for work in weeks.values() for side in work.values())
    bars = [_week_bar(monday, found.get(monday, {}), place=place, of=len(mondays), most=most) for place, monday in enumerate(mondays)]
    return DepartmentRow(
        name=name,
        days=_both(lambda side: round(work_of_department(weeks, side)["minutes"] / DAY_MINUTES)),
        tasks=_both(lambda side: work_of_department(weeks, side)["tasks"]),
        weeks=bars,
    )


def _week_bar(monday: date, work: Mapping[str, Any], *, place: int, of: int, most: int) -> WeekBar:
    step = _FULL / of
    return WeekBar(
        monday=monday,
        tasks=_both(lambda side: _work(work, side, "tasks")),
        days=_both(lambda side: round(_work(work, side, "minutes") / DAY_MINUTES)),
        at=round(step * (place + _GAP / 2), 2),
        width=round(step * (1 - _GAP), 2),
        heights=_both(lambda side: round(HEIGHT * _work(work, side, "minutes") / most)),
    )


def _both(figure: Callable[[str], int]) -> tuple[int, int]:
    return figure(PUBLISHED), figure(DRAFT)


def _work(week: Mapping[str, Any], side: str, name: str) -> int:
    return int(week.get(side, {}).get(name, 0))


def _mondays(weeks: Collection[str]) -> Sequence[date]:
    """Give the first days of all weeks from the first to the last, also of those without work."""
    found = {monday_of(week) for week in weeks}
    return [min(found) + timedelta(weeks=number) for number in range((max(found) - min(found)).days // 7 + 1)] if found else []


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
