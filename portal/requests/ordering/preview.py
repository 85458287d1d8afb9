"""The plan before it is submitted: the same tasks, order and dates that submitting would make."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.catalog.agreement import Price
from portal.catalog.approval_times import Lately, time_of
from portal.catalog.definition import Line, Need, ProductDefinition
from portal.catalog.memory import block_definition_of
from portal.catalog.models import BlockVersion
from portal.catalog.prices import Bill, bill_of, price_on
from portal.core.texts import LocalText
from portal.people.queries import departments_by_code
from portal.planning.forecast import Ladder
from portal.planning.models import Pace
from portal.planning.norm import Norm, norm_minutes
from portal.planning.plan import Step
from portal.planning.queries import Calendars, load_calendars, load_paces, load_pause_ladders
from portal.planning.worktime import Calendar
from portal.requests.approving import NeededApproval, needed_approvals
from portal.requests.fanout import PlannedTask, plan_tasks
from portal.requests.ordering.content import OrderContent, wished_day
from portal.requests.planner import PlanDates, earliest_begin, latest_starts, plan_dates


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedTask:
    """A task that does not exist yet, with its durations in working minutes."""

    planned: PlannedTask
    version: BlockVersion
    norm_minutes: int
    expected_minutes: int
    latest_minutes: int
    ladder: Ladder | None
    cut_off: time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """The approvals that come before the tasks, and how the plan sees them."""

    approvals: Sequence[NeededApproval]
    steps: Sequence[Step]

    def before(self, tasks: Iterable[Step]) -> Iterator[Step]:
        """Let the tasks wait for the approvals that guard them."""
        for task in tasks:
            yield replace(task, after=(*task.after, *(one.key for one in self.approvals if one.guards(task.key))))

    def latest_starts(self, tasks: Sequence[Step], *, dates: PlanDates, wished_on: date | None, zone: ZoneInfo) -> Mapping[str, datetime]:
        """Give by when tasks that wait for them must begin."""
        return latest_starts([*self.steps, *tasks], latest_at=dates.latest_at, wished_on=wished_on, zone=zone)

    def dates(self, tasks: Sequence[Step], *, at: datetime) -> PlanDates:
        """Give the dates of tasks that wait for them, when they are submitted at `at`."""
        return plan_dates([*self.steps, *tasks], start=at, now=at, left_out=frozenset(one.key for one in self.steps))


NO_WAITS: Final = Waits(approvals=(), steps=())


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPreview:
    """A plan that was not submitted: the tasks in order, how the plan sees them and their dates by block.

    `prices` are those of the day, of all blocks that are offered; None when a price is not known.
    """

    tasks: Sequence[DatedTask]
    steps: Mapping[str, Step]
    dates: PlanDates
    latest_starts: Mapping[str, datetime]
    calendars: Calendars
    prices: Mapping[str, Price | None]
    approvals: Sequence[NeededApproval]
    waits: Waits
    switched_off: Sequence[Line]
    optional: frozenset[str]

    @property
    def bill(self) -> Bill:
        """Add up what the tasks cost."""
        return bill_of(self.prices[task.planned.block] for task in self.tasks)

    @property
    def names(self) -> Mapping[str, LocalText]:
        """Give the names of the tasks by block."""
        return {task.planned.block: task.version.name for task in self.tasks}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBasis:
    """What plans of a product hang on besides its answers; `owner` is in whose hours is approved, and what that takes lately."""

    calendars: Calendars
    paces: Mapping[int, Pace]
    owner: tuple[Calendar, Lately] | None
    zone: ZoneInfo


def preview_plan(session: Session, content: OrderContent, *, at: datetime, zone: ZoneInfo) -> PlanPreview:
    """Make the plan that submitting at `at` would make.

    :raises PlanError: the dependencies of the product go round in a circle.
    """
    return plan_on(load_basis(session, [content], zone=zone), content, at=at)


def load_basis(session: Session, contents: Sequence[OrderContent], *, zone: ZoneInfo) -> PlanBasis:
    """Load what the plans of these orders of one product hang on: the same statements for any number of them."""
    calendars = load_calendars(session, zone)
    paces = load_paces(session, {one.versions[line.block].block_id for one in contents for line in one.lines})
    definition = contents[0].definition
    is_approved = definition.approval is not None or any(block.approval for one in contents for block in one.blocks.values())
    owner = _owner_of(session, definition, calendars) if is_approved else None
    return PlanBasis(calendars=calendars, paces=paces, owner=owner, zone=zone)


def plan_on(basis: PlanBasis, content: OrderContent, *, at: datetime) -> PlanPreview:
    """Make the plan that submitting at `at` would make, on what was loaded for it.

    :raises PlanError: the dependencies of the product go round in a circle.
    """
    calendars, zone = basis.calendars, basis.zone
    tasks = dated_tasks(content.definition, content.lines, content.versions, paces=basis.paces, calendars=calendars)
    prices = {code: price_on(block.prices, at.astimezone(zone).date()) for code, block in content.blocks.items()}
    approvals = needed_approvals(
        definition=content.definition, lines=content.lines, blocks=content.blocks, answers=content.answers, prices=prices
    )
    steps_before = wait_steps(approvals, basis.owner[0], lately=basis.owner[1]) if basis.owner else ()
    waits = Waits(approvals=approvals, steps=steps_before)
    wished_on = wished_day(content.definition, content.answers)
    steps = {one.key: one for one in waits.before(step_of_dated(task, calendars, at=at, wished_on=wished_on) for task in tasks)}
    dates = waits.dates(list(steps.values()), at=at)
    in_bundle = {line.block for line in content.lines}
    return PlanPreview(
        tasks=tasks,
        steps=steps,
        dates=dates,
        latest_starts=waits.latest_starts(list(steps.values()), dates=dates, wished_on=wished_on, zone=zone),
        calendars=calendars,
        prices=prices,
        approvals=approvals,
        waits=waits,
        switched_off=[line for line in content.offered if line.block not in in_bundle],
        optional=frozenset(line.block for line in content.offered if line.need is not Need.REQUIRED),
    )


def approval_steps(
    session: Session, definition: ProductDefinition, approvals: Sequence[NeededApproval], calendars: Calendars
) -> Sequence[Step]:
    """Describe the approvals as the plan sees them, in the hours of the department that owns the product."""
    if not approvals:
        return ()
    calendar, lately = _owner_of(session, definition, calendars)
    return wait_steps(approvals, calendar, lately=lately)


def wait_steps(approvals: Sequence[NeededApproval], calendar: Calendar, *, lately: Lately) -> Sequence[Step]:
    """Describe approvals as the plan sees them, in these hours and by what they take lately."""
    times = [time_of(one.rule, day_minutes=calendar.day_minutes, lately=lately) for one in approvals]
    return [Step(one.key, calendar, time.expected_minutes, time.latest_minutes) for one, time in zip(approvals, times, strict=True)]


def dated_tasks(
    definition: ProductDefinition,
    lines: Sequence[Line],
    versions: Mapping[str, BlockVersion],
    *,
    paces: Mapping[int, Pace],
    calendars: Calendars,
) -> list[DatedTask]:
    """Give the tasks of a bundle, predecessors first, with their durations; `versions` are the building blocks by code.

    :raises PlanError: the dependencies go round in a circle.
    :raises CalendarError: a department with a norm in days is never open.
    """
    return [dated_task(one, versions[one.block], paces, calendars) for one in plan_tasks(definition=definition, lines=lines)]


def dates_of_tasks(
    tasks: Sequence[DatedTask], calendars: Calendars, *, at: datetime, wished_on: date | None = None, waits: Waits = NO_WAITS
) -> PlanDates:
    """Give the dates that these tasks, not begun yet, have when they are submitted at `at`.

    :raises NeverOpenError: a department is never open.
    """
    return waits.dates(list(waits.before(step_of_dated(task, calendars, at=at, wished_on=wished_on) for task in tasks)), at=at)


def dated_task(planned: PlannedTask, version: BlockVersion, paces: Mapping[int, Pace], calendars: Calendars) -> DatedTask:
    """Give a planned task its durations: the norm of its block, and what the block takes lately."""
    norm = norm_minutes(Norm(version.norm_amount, version.norm_unit), calendars[version.department_id])
    pace = paces.get(version.block_id)
    if pace is not None and pace.department_id not in {None, version.department_id}:
        pace = None  # another department did it until now
    return DatedTask(
        planned=planned,
        version=version,
        norm_minutes=norm,
        expected_minutes=pace.expected_minutes if pace else norm,
        latest_minutes=max(pace.expected_minutes, pace.latest_minutes) if pace else norm,
        ladder=pace.ladder if pace else None,
        cut_off=block_definition_of(version).cut_off,
    )


def step_of_dated(task: DatedTask, calendars: Calendars, *, at: datetime, wished_on: date | None) -> Step:
    """Describe a task that does not exist yet as the plan sees it when it is submitted at `at`; its key is its block."""
    calendar = calendars[task.version.department_id]
    return Step(
        key=task.planned.block,
        calendar=calendar,
        expected_minutes=task.expected_minutes,
        latest_minutes=task.latest_minutes,
        ladder=task.ladder,
        after=task.planned.after_blocks,
        lags={block: norm_minutes(offset, calendar) for block, offset in task.planned.offsets.items()},
        not_before=earliest_begin(starts=task.planned.starts, calendar=calendar, submitted_at=at, wished_on=wished_on),
        cut_off=task.cut_off,
    )


def _owner_of(session: Session, definition: ProductDefinition, calendars: Calendars) -> tuple[Calendar, Lately]:
    owner_id = departments_by_code(session)[definition.owner].id
    return calendars[owner_id], load_pause_ladders(session, [owner_id])[owner_id]
