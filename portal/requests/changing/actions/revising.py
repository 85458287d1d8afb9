"""What a change of a request that runs comes down to, before it is made: lines that come and go, questions, dates and costs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.catalog.agreement import Price
from portal.catalog.approval_times import Lately
from portal.catalog.bundle import all_lines, answers_from_known, form_questions, offered_lines, visible_answers
from portal.catalog.conditions import is_answered
from portal.catalog.definition import BlockDefinition, Line, Need, Outcome, ProductDefinition, Question, QuestionKind
from portal.catalog.memory import block_definition_of, definition_of
from portal.catalog.models import BlockVersion
from portal.catalog.prices import price_on
from portal.catalog.queries import block_definitions, published_blocks
from portal.people.queries import find_person
from portal.planning.models import Pace
from portal.planning.queries import Calendars, load_calendars, load_paces, load_pause_ladders
from portal.requests.approving import ApprovalState, NeededApproval, needed_for_added
from portal.requests.changing.actions.leaving import load_windows
from portal.requests.changing.joining import Joined, Obstacle, Standing, find_obstacles, join, window_of_new
from portal.requests.changing.no_return import Window
from portal.requests.costs import bill_of_request
from portal.requests.models import Request, Task
from portal.requests.ordering.content import MOST_ROUNDS, wished_day
from portal.requests.ordering.known import known_facts
from portal.requests.workflow import TaskState


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A request that runs beside the version of the product it was made with.

    `tasks` are those of its blocks, by code, the one in the plan before one that left it. `blocks` are as the tasks were made,
    and of what is not in the plan as published now; `versions` only those. `leaving` are tasks (ids) that are supposed to leave
    it, as their standing says. `facts` is what the portal knows without asking, `lately` what approvals take.
    """

    request: Request
    definition: ProductDefinition
    outcome: Outcome | None
    answers: Mapping[str, Any]
    facts: Mapping[str, str]
    tasks: Mapping[str, Task]
    standing: Mapping[str, Standing]
    blocks: Mapping[str, BlockDefinition]
    versions: Mapping[str, BlockVersion]
    calendars: Calendars
    paces: Mapping[int, Pace]
    lately: Lately
    at: datetime
    zone: ZoneInfo
    leaving: frozenset[int] = frozenset()

    @property
    def there(self) -> Sequence[Line]:
        """List the lines that are in the plan."""
        lines = {line.block: line for line in reversed(all_lines(self.definition, self.outcome))}
        return [lines[block] for block, one in self.standing.items() if not one.is_gone and block in lines]

    @property
    def asked(self) -> Mapping[str, Any]:
        """Give all that conditions look at: the answers, and the outcome of the choice tree."""
        return {**self.answers, **({"outcome": self.outcome.code} if self.outcome else {})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What a change comes down to: the lines that come, what is asked about them, and what stands in the way.

    `answers` are only the new ones that count; `missing` are questions that must still be answered.
    """

    lines: tuple[Line, ...]
    joined: Joined
    questions: tuple[Question, ...]
    files: tuple[Question, ...]
    answers: Mapping[str, Any]
    obstacles: tuple[Obstacle, ...]
    approvals: tuple[NeededApproval, ...]
    prices: Mapping[str, Price | None]
    wished_on: date | None

    @property
    def missing(self) -> Sequence[str]:
        """List the codes of the questions that must be answered and are not."""
        return [one.code for one in self.questions if one.need is Need.REQUIRED and not is_answered(self.answers.get(one.code))]


def load_stand(*, session: Session, request: Request, at: datetime, zone: ZoneInfo) -> Stand:
    """Load what changes of a request are worked out from."""
    definition = definition_of(request.product_version)
    made = block_definitions(session, {task.block_version_id for task in request.tasks})
    windows = load_windows(session=session, request=request, at=at, zone=zone)
    tasks = _tasks_by_block(request, made)
    standing = {block: Standing(state=task.state, window=windows[task.id]) for block, task in tasks.items()}
    outcome = definition.tree.outcome(request.outcome) if definition.tree and request.outcome else None
    offered = dict.fromkeys(line.block for line in all_lines(definition, outcome))
    versions = published_blocks(session, [block for block in offered if block not in standing or standing[block].is_gone])
    blocks = {block: made[task.block_version_id] for block, task in tasks.items()}
    return Stand(
        request=request,
        definition=definition,
        outcome=outcome,
        answers={one["code"]: one["value"] for one in request.answers},
        facts=_facts(session, request),
        tasks=tasks,
        standing=standing,
        blocks=blocks | {block: block_definition_of(version) for block, version in versions.items()},
        versions=versions,
        calendars=load_calendars(session, zone),
        paces=load_paces(session, [version.block_id for version in versions.values()]),
        lately=load_pause_ladders(session, [request.owner_id])[request.owner_id],
        at=at,
        zone=zone,
    )


def list_addable(*, stand: Stand) -> Sequence[Line]:
    """List the lines that can be asked for besides: optional ones that are not in the plan, and any that were cancelled."""
    offered = offered_lines(stand.definition, outcome=stand.outcome, answers=stand.asked)
    return [line for line in offered if line.block in stand.versions and (line.need is not Need.REQUIRED or line.block in stand.standing)]


def work_out_adding(*, stand: Stand, chosen: Collection[str], answers: Mapping[str, Any]) -> Revision:
    """Work out what adding these blocks does; `answers` were given to the questions that this asks, by code.

    What these answers make necessary comes along. Answers to questions that are hidden do not count.
    """
    kept: dict[str, Any] = {}
    lines: tuple[Line, ...] = ()
    questions: tuple[Question, ...] = ()
    for _round in range(MOST_ROUNDS):
        lines = lines_that_come(stand=stand, answers={**stand.asked, **kept}, chosen=chosen)
        blocks = [stand.blocks[line.block] for line in lines]
        known = {code: value for code, value in answers_from_known(blocks, stand.facts).items() if code not in stand.answers}
        questions = _open_questions(stand, blocks, {**stand.asked, **known, **answers})
        settled = {**known, **visible_answers(questions, {**stand.asked, **known, **answers})}
        if settled == kept:
            break
        kept = settled
    return revision_of(stand=stand, lines=lines, questions=questions, kept=kept)


def lines_that_come(*, stand: Stand, answers: Mapping[str, Any], chosen: Collection[str] = ()) -> tuple[Line, ...]:
    """Give the chosen lines, and the required ones that all these answers bring along."""
    before = {line.block for line in offered_lines(stand.definition, outcome=stand.outcome, answers=stand.asked)}
    offered = offered_lines(stand.definition, outcome=stand.outcome, answers=answers)
    can_come = [line for line in offered if line.block in stand.versions]
    return tuple(
        line for line in can_come if line.block in chosen or (line.need is Need.REQUIRED and line.block not in before | _refused(stand))
    )


def revision_of(*, stand: Stand, lines: tuple[Line, ...], questions: tuple[Question, ...], kept: Mapping[str, Any]) -> Revision:
    """Work out what it does when these lines come; `kept` are the new answers."""
    joined = join(definition=stand.definition, there=stand.there, new=lines)
    wished_on = stand.request.wished_on or wished_day(stand.definition, kept)
    prices = {line.block: price_on(stand.blocks[line.block].prices, stand.at.astimezone(stand.zone).date()) for line in lines}
    return Revision(
        lines=lines,
        joined=joined,
        questions=tuple(one for one in questions if one.kind is not QuestionKind.FILE),
        files=tuple(one for one in questions if one.kind is QuestionKind.FILE),
        answers=kept,
        obstacles=tuple(_obstacles(stand, joined, wished_on)),
        approvals=_approvals(stand, lines, kept, prices),
        prices=prices,
        wished_on=wished_on,
    )


def _tasks_by_block(request: Request, made: Mapping[int, BlockDefinition]) -> Mapping[str, Task]:
    """Give the task of each block: the one in the plan, else the last that left it."""
    left_first = sorted(request.tasks, key=lambda task: task.state not in {TaskState.REFUSED, TaskState.CANCELLED})
    last = {made[task.block_version_id].code: task for task in left_first}
    return {block: task for task in request.tasks for block in [made[task.block_version_id].code] if last[block] is task}


def _facts(session: Session, request: Request) -> Mapping[str, str]:
    """Give what is known about the persons of a request; of who left, nothing any more."""
    requester = find_person(session, request.requester_id)
    beneficiary = find_person(session, request.beneficiary_id) if request.beneficiary_id else None
    if requester is None:
        return {}
    found = known_facts(requester=requester, beneficiary=beneficiary, beneficiary_name=request.beneficiary_name)
    return {name: fact.value for name, fact in found.items()}


def _refused(stand: Stand) -> set[str]:
    return {block for block, one in stand.standing.items() if one.state is TaskState.REFUSED}


def _open_questions(stand: Stand, blocks: Sequence[BlockDefinition], answers: Mapping[str, Any]) -> tuple[Question, ...]:
    """List the questions of these blocks that nobody answered yet."""
    asked = form_questions(blocks, answers=answers, known=stand.facts)
    return tuple(question for question in asked if question.code not in stand.answers)


def _obstacles(stand: Stand, joined: Joined, wished_on: date | None) -> Sequence[Obstacle]:
    windows: dict[str, Window] = {
        task.block: window_of_new(
            stand.blocks[task.block].no_return,
            wished_on=wished_on,
            calendar=stand.calendars[stand.versions[task.block].department_id],
            now=stand.at,
        )
        for task in joined.tasks
    }
    return list(find_obstacles(definition=stand.definition, joined=joined, standing=stand.standing, windows=windows))


def _approvals(
    stand: Stand, lines: Sequence[Line], answers: Mapping[str, Any], prices: Mapping[str, Price | None]
) -> tuple[NeededApproval, ...]:
    bill = bill_of_request(stand.request, left_out=stand.leaving, added=list(prices.values()))
    return needed_for_added(
        definition=stand.definition,
        lines=lines,
        blocks=stand.blocks,
        answers={**stand.asked, **answers},
        prices=prices,
        total=bill.own.first_year,
        is_asked=any(one.task_id is None and one.state is ApprovalState.OPEN for one in stand.request.approvals),
    )
