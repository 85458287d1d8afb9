"""What the pages show about adding a part, other answers on which parts hang, and another wished day: what is possible, and its effect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from portal.catalog.definition import Line
from portal.catalog.price_labels import price_words
from portal.catalog.prices import price_on
from portal.core.texts import LocalText
from portal.planning.norm import Norm
from portal.requests.approvals.labels import needed_sentence
from portal.requests.changing.actions.deciding import Decision
from portal.requests.changing.actions.moving import list_fixed, work_out_move
from portal.requests.changing.actions.revising import Revision, Stand, work_out_adding
from portal.requests.changing.actions.weaving import dates_with, key_of, waits_of
from portal.requests.changing.joining import Obstacle
from portal.requests.changing.labels import HURDLES
from portal.requests.changing.pages import Change, Kept, date_changes, window_words
from portal.requests.cost_pages import Costs, costs_of_request
from portal.requests.follow_forms import seen_of
from portal.requests.models import Task
from portal.requests.ordering.wish_pages import wish_sentence
from portal.requests.ordering.wishing import Prospect, chance_in_time, notice_ends
from portal.requests.planner import PlanDates
from portal.requests.workflow import CLOSED
from portal.web.filters import day
from portal.web.language import local


@dataclass(frozen=True, slots=True, kw_only=True)
class AddableLine:
    """A part that can be added; `refusal` says why not any more."""

    block: str
    name: LocalText
    department: LocalText
    reason: LocalText
    cost: str | None
    refusal: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """A part of the plan with the day it is ready, before and after; a new one has no day before."""

    name: LocalText
    before: str | None
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a change does: the lines that come along and that go, the dates and costs before and after, and who must approve."""

    goes: Sequence[LocalText]
    along: Sequence[LocalText]
    changes: Sequence[Change]
    lines: Sequence[LineChange]
    costs: tuple[Costs, Costs]
    approvals: Sequence[str]
    wish: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddingPage:
    """A part to add; without an `effect` its questions come first. `files` are questions that a message answers."""

    line: AddableLine
    effect: Effect | None
    files: Sequence[LocalText]
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidingPage:
    """Other answers on which lines hang: why they cannot be, or the effect of those that were filled in."""

    refusal: str | None
    effect: Effect | None
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveEffect:
    """What another wished day does: whether it fits, and the dates before and after."""

    wish: str | None
    changes: Sequence[Change]
    lines: Sequence[LineChange]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingPage:
    """Another wished day: the parts that keep it where it is, or the effect of the day that was filled in."""

    fixed: Sequence[Kept]
    effect: MoveEffect | None


def addable_lines(stand: Stand, lines: Sequence[Line]) -> list[AddableLine]:
    """Show what can be added, each with why not when it is too late for it."""
    return [_addable(stand, line, work_out_adding(stand=stand, chosen={line.block}, answers={})) for line in lines]


def adding_page(stand: Stand, line: Line, found: Revision, *, asks_first: bool) -> AddingPage:
    """Put together what adding a line does; the stored dates of the request are as projected for now."""
    shown = _addable(stand, line, found)
    return AddingPage(
        line=shown,
        effect=None if shown.refusal or asks_first or found.missing else _effect(stand, found, chosen=line.block),
        files=[one.label for one in found.files],
        seen=seen_of(found.answers),
    )


def deciding_page(decision: Decision, *, asks_first: bool) -> DecidingPage:
    """Put together what other answers do; the stored dates of the request are as projected for now."""
    found, stand = decision.found, decision.stand
    refusal = _refusal(stand, found.obstacles[0]) if found.obstacles else None
    is_shown = not (refusal or asks_first or found.missing)
    effect = _effect(stand, found, chosen="", goes=decision.goes) if is_shown else None
    return DecidingPage(refusal=refusal, effect=effect, seen=seen_of(found.answers) if effect else "")


def moving_page(stand: Stand, wished_on: date | None) -> MovingPage:
    """Put together what another wished day does; the stored dates of the request are as projected for now."""
    fixed = [Kept(name=one.task.name, why=window_words(one.window)) for one in list_fixed(stand=stand)]
    if wished_on is None or fixed:
        return MovingPage(fixed=fixed, effect=None)
    request, dates = stand.request, work_out_move(stand=stand, wished_on=wished_on).dates
    still_open = {block: task.department_id for block, task in stand.tasks.items() if task.state not in CLOSED}
    effect = MoveEffect(
        wish=_wish_words(stand, dates, wished_on=wished_on, notice=_missed_notice(stand, still_open, wished_on)),
        changes=date_changes((request.expected_at, request.latest_at), (dates.expected_at, dates.latest_at), zone=stand.zone),
        lines=_line_changes(stand, dates),
    )
    return MovingPage(fixed=(), effect=effect)


def _addable(stand: Stand, line: Line, found: Revision) -> AddableLine:
    version, block = stand.versions[line.block], stand.blocks[line.block]
    price = price_on(block.prices, stand.at.astimezone(stand.zone).date())
    return AddableLine(
        block=line.block,
        name=version.name,
        department=version.department.name,
        reason=line.reason,
        cost=price_words(price) if block.prices else None,
        refusal=_refusal(stand, found.obstacles[0]) if found.obstacles else None,
    )


def _refusal(stand: Stand, obstacle: Obstacle) -> str:
    return str(HURDLES[obstacle.hurdle] % {"name": local(stand.blocks[obstacle.block].name)})


def _effect(stand: Stand, found: Revision, *, chosen: str, goes: Sequence[Task] = ()) -> Effect:
    request, dates = stand.request, dates_with(stand=stand, found=found)
    names = {one.block: stand.versions[one.block].name for one in found.lines}
    return Effect(
        goes=[task.name for task in goes],
        along=[names[one.block] for one in found.lines if one.block != chosen],
        changes=date_changes((request.expected_at, request.latest_at), (dates.expected_at, dates.latest_at), zone=stand.zone),
        lines=_line_changes(stand, dates, found.lines),
        costs=(costs_of_request(request), costs_of_request(request, left_out=stand.leaving, added=list(found.prices.values()))),
        approvals=[
            needed_sentence(one, step, names) for one, step in zip(found.approvals, waits_of(stand=stand, found=found), strict=True)
        ],
        wish=_wish(stand, found, dates),
    )


def _line_changes(stand: Stand, dates: PlanDates, new: Sequence[Line] = ()) -> list[LineChange]:
    """List the open parts and the new ones by the day on which they will be ready."""
    rows: list[tuple[datetime, LineChange]] = []
    for task in stand.request.tasks:
        if task.state not in CLOSED and task.id not in stand.leaving:
            after = dates.tasks[str(task.id)].expected_at
            rows.append((after, LineChange(name=task.name, before=day(task.expected_at), after=day(after))))
    for line in new:
        after = dates.tasks[key_of(stand=stand, block=line.block)].expected_at
        rows.append((after, LineChange(name=stand.versions[line.block].name, before=None, after=day(after))))
    return [row for _after, row in sorted(rows, key=lambda one: one[0])]


def _wish(stand: Stand, found: Revision, dates: PlanDates) -> str | None:
    """Say how all of it stands towards the wished day then."""
    if found.wished_on is None:
        return None
    new = {line.block: stand.versions[line.block].department_id for line in found.lines}
    return _wish_words(stand, dates, wished_on=found.wished_on, new=new, notice=_missed_notice(stand, new, found.wished_on))


def _wish_words(
    stand: Stand, dates: PlanDates, *, wished_on: date, new: Mapping[str, int] = MappingProxyType({}), notice: Norm | None = None
) -> str | None:
    """Say how what is left to do stands towards a wished day with these dates; `new` are the departments of new blocks."""
    stays = [task for task in stand.request.tasks if task.state not in CLOSED and task.id not in stand.leaving]
    departments = {str(task.id): task.department_id for task in stays}
    departments |= {key_of(stand=stand, block=block): department_id for block, department_id in new.items()}
    if not departments:
        return None
    last, department = max(departments.items(), key=lambda one: dates.tasks[one[0]].expected_at)
    chance = chance_in_time(
        expected_at=dates.tasks[last].expected_at,
        latest_at=dates.latest_at,
        wished_on=wished_on,
        calendar=stand.calendars[department],
        zone=stand.zone,
    )
    whole = Prospect(chance=0 if notice else chance, last_day=None, is_certain=False, notice=notice)
    return wish_sentence(whole, expected_at=dates.expected_at, wished=wished_on)


def _missed_notice(stand: Stand, departments: Mapping[str, int], wished_on: date) -> Norm | None:
    """Give the minimum notice of a part (its department by block) for which it is too late."""
    for block, department_id in departments.items():
        notice, calendar = stand.blocks[block].notice, stand.calendars[department_id]
        if notice is not None and stand.at > notice_ends(notice, wished_on=wished_on, calendar=calendar, zone=stand.zone):
            return notice
    return None
