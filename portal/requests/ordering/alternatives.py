"""What does fit when a wished date does not: without an optional line, another outcome, or the first day on which all of it is ready."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.catalog.bundle import all_lines, bundle_lines, offered_lines
from portal.catalog.checks import OUTCOME
from portal.catalog.choices import known_answers
from portal.catalog.definition import ChoiceTree, Line, Outcome
from portal.catalog.memory import block_definition_of
from portal.catalog.models import BlockVersion
from portal.catalog.prices import price_on
from portal.catalog.queries import published_blocks
from portal.catalog.variants import MOST_PATHS, tree_paths
from portal.planning.norm import Norm
from portal.planning.queries import load_paces
from portal.requests.approving import needed_approvals
from portal.requests.fanout import plan_tasks
from portal.requests.ordering.content import OrderContent, wished_day
from portal.requests.ordering.preview import DatedTask, PlanPreview, Waits, approval_steps, dated_tasks
from portal.requests.ordering.wishing import SAFE, Aim

Path = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherOutcome:
    """An outcome of the choice tree that fits, and the question at which the way to it begins."""

    outcome: Outcome
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternatives:
    """What fits: optional blocks to leave out, other outcomes, and the first day for all of it."""

    without: Sequence[str]
    outcomes: Sequence[OtherOutcome]
    first_day: date | None


def aim_of(content: OrderContent, plan: PlanPreview, *, zone: ZoneInfo) -> Aim | None:
    """Set the plan against the wished day; None when nobody wished one."""
    wished = wished_day(content.definition, content.answers)
    if wished is None:
        return None
    versions = {task.planned.block: task.version for task in plan.tasks}
    return Aim(tasks=plan.tasks, notices=_notices(versions), calendars=plan.calendars, wished=wished, zone=zone, waits=plan.waits)


def alternatives_for(session: Session, content: OrderContent, plan: PlanPreview, aim: Aim, *, at: datetime) -> Alternatives:
    """Look for what does fit, when all of it does not."""
    return Alternatives(
        without=_without(session, content, plan, aim, at),
        outcomes=list(_other_outcomes(session, content, aim, at)),
        first_day=aim.first_day(at),
    )


def _without(session: Session, content: OrderContent, plan: PlanPreview, aim: Aim, at: datetime) -> Sequence[str]:
    """Give the fewest optional blocks without which the rest fits: one, or all of them; empty when that does not help."""
    optional = [line.block for line in content.lines if line.block in plan.optional]
    for left_out in [*([one] for one in optional), optional]:
        lines = [line for line in content.lines if line.block not in left_out]
        if not left_out or not lines:
            continue
        waits = _waits(session, content, lines, content.versions, aim, at=at)
        if replace(aim, tasks=_again(content, plan, lines), waits=waits, _dates={}).chance(None, at) >= SAFE:
            return left_out
    return []


def _again(content: OrderContent, plan: PlanPreview, lines: Sequence[Line]) -> list[DatedTask]:
    """Plan fewer lines with the durations that are known already."""
    known = {task.planned.block: task for task in plan.tasks}
    return [replace(known[one.block], planned=one) for one in plan_tasks(definition=content.definition, lines=lines)]


def _other_outcomes(session: Session, content: OrderContent, aim: Aim, at: datetime) -> Iterator[OtherOutcome]:
    tree = content.definition.tree
    if tree is None or content.outcome is None:
        return
    chosen = {code: str(answer) for code, answer in known_answers(tree, content.answers).items()}
    ways = {code: way for code, way in _nearest_ways(tree, chosen).items() if code != content.outcome.code and tree.outcome(code).is_bundle}
    if not ways:
        return
    blocks = [line.block for code in ways for line in all_lines(content.definition, tree.outcome(code))]
    versions = published_blocks(session, blocks)
    paces = load_paces(session, [version.block_id for version in versions.values()])
    for code, way in ways.items():
        lines = _lines_of(content, tree.outcome(code), way)
        if not lines or any(line.block not in versions for line in lines):
            continue
        tasks = dated_tasks(content.definition, lines, versions, paces=paces, calendars=aim.calendars)
        waits = _waits(session, content, lines, versions, aim, at=at)
        if replace(aim, tasks=tasks, waits=waits, notices=_notices(versions), _dates={}).chance(None, at) >= SAFE:
            yield OtherOutcome(outcome=tree.outcome(code), question=_parting(way, chosen))


def _waits(
    session: Session, content: OrderContent, lines: Sequence[Line], versions: Mapping[str, BlockVersion], aim: Aim, *, at: datetime
) -> Waits:
    """Work out which approvals come before these lines: fewer of them, or cheaper ones, may need none."""
    blocks = {line.block: block_definition_of(versions[line.block]) for line in lines}
    prices = {code: price_on(block.prices, at.astimezone(aim.zone).date()) for code, block in blocks.items()}
    approvals = needed_approvals(definition=content.definition, lines=lines, blocks=blocks, answers=content.answers, prices=prices)
    return Waits(approvals=approvals, steps=approval_steps(session, content.definition, approvals, aim.calendars))


def _lines_of(content: OrderContent, outcome: Outcome, way: Path) -> tuple[Line, ...]:
    """Give the lines of another outcome, with the optional lines switched as they are now."""
    chosen = {line.block for line in content.lines}
    answers = {**content.answers, **way, "outcome": outcome.code}
    offered = [line.block for line in offered_lines(content.definition, outcome=outcome, answers=answers)]
    switched_off = {line.block for line in content.offered} - chosen
    return bundle_lines(
        content.definition, outcome=outcome, answers=answers, skipped=switched_off, added=[block for block in offered if block in chosen]
    )


def _nearest_ways(tree: ChoiceTree, chosen: Path) -> dict[str, Path]:
    """Give for each outcome the way to it that keeps most of what was chosen."""
    nearest: dict[str, Path] = {}
    for path in islice(tree_paths(tree, tree.start, {}), MOST_PATHS):
        code = path.pop(OUTCOME)
        if code not in nearest or _kept(path, chosen) > _kept(nearest[code], chosen):
            nearest[code] = path
    return nearest


def _kept(way: Path, chosen: Path) -> int:
    return sum(chosen.get(question) == answer for question, answer in way.items())


def _parting(way: Path, chosen: Path) -> str:
    return next((question for question, answer in way.items() if chosen.get(question) != answer), next(iter(way)))


def _notices(versions: Mapping[str, BlockVersion]) -> dict[str, Norm]:
    definitions = {block: block_definition_of(version) for block, version in versions.items()}
    return {block: one.notice for block, one in definitions.items() if one.notice is not None}
