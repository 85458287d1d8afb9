"""Changing answers on which lines or questions hang: what comes, what leaves the plan, and doing it in one go."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from portal.catalog.bundle import all_lines, all_questions, form_questions, offered_lines
from portal.catalog.conditions import asked_codes
from portal.catalog.definition import BlockDefinition, Question, QuestionKind
from portal.core.errors import ConflictError, InvalidInputError
from portal.core.journal import record
from portal.core.texts import LocalText
from portal.requests.actions.replanning import close_task, event_on, follow_through
from portal.requests.changing.actions.change import Change, check_change
from portal.requests.changing.actions.leaving import told_to_handler
from portal.requests.changing.actions.revising import Revision, Stand, lines_that_come, load_stand, revision_of
from portal.requests.changing.actions.rewriting import changes_told, list_changed, rewrite_answers
from portal.requests.changing.actions.weaving import ask_for_lines, store_lines
from portal.requests.changing.joining import Hurdle, Obstacle, Standing
from portal.requests.changing.no_return import Barrier, Window, barrier_of, lost_with
from portal.requests.events import LineAdded, LineCancelled, LineChanged, TaskEvent
from portal.requests.models import Task
from portal.requests.ordering.content import MOST_ROUNDS
from portal.requests.workflow import CLOSED, TaskState, TaskStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What other answers come down to: `stand` is the request as it would be, `goes` are the tasks that leave the plan.

    `asked` are the questions whose answers count, `hidden` those that nobody is asked any more.
    """

    stand: Stand
    found: Revision
    goes: tuple[Task, ...]
    asked: tuple[Question, ...]
    hidden: frozenset[str]


def list_deciding(*, stand: Stand) -> Sequence[Question]:
    """List the questions on which lines or other questions hang, and whose answers can still change.

    Not one on which an approval or the wished day hangs: that is the service desk's, or has a page of its own.
    """
    lines = all_lines(stand.definition, stand.outcome)
    blocks = _in_plan(stand)
    decisive = {code for line in lines for code in asked_codes(line.when)}
    decisive |= {code for one in all_questions(blocks) for code in asked_codes(one.when)}
    decisive -= {stand.definition.wished_date, *_approving(stand, blocks)}
    held = {block for block, one in stand.standing.items() if not one.is_gone and not one.window.is_open}
    for block in held:
        decisive -= {question.code for question in stand.blocks[block].questions}
    decisive -= {code for line in lines if line.block in held for code in asked_codes(line.when)}
    shown = form_questions(blocks, answers=stand.asked, known=stand.facts)
    return [one for one in shown if one.code in decisive and one.kind is not QuestionKind.FILE and one.known is None]


def work_out_deciding(*, stand: Stand, answers: Mapping[str, Any]) -> Decision:
    """Work out what other answers do; `answers` are all to the questions that can change and to those that come up by it."""
    deciding = {one.code for one in list_deciding(stand=stand)}
    known = {*stand.answers, *(one.code for one in form_questions(_in_plan(stand), answers=stand.asked, known=stand.facts))}
    base = {code: value for code, value in stand.asked.items() if code not in deciding}
    kept: dict[str, Any] = {code: stand.answers[code] for code in deciding if code in stand.answers}
    for _round in range(MOST_ROUNDS):
        after = _without(stand, list(_going(stand, {**base, **kept})))
        lines = lines_that_come(stand=stand, answers={**base, **kept})
        blocks = [*_in_plan(after), *(stand.blocks[line.block] for line in lines)]
        shown = form_questions(blocks, answers={**base, **answers}, known=stand.facts)
        asked = tuple(one for one in shown if one.code in deciding or one.code not in known)
        settled = {one.code: answers[one.code] for one in asked if one.code in answers}
        if settled == kept:
            break
        kept = settled
    hidden = {one.code for one in all_questions(blocks) if one.known is None} - {one.code for one in shown}
    after = replace(after, answers={code: value for code, value in {**base, **kept}.items() if code != "outcome"})
    found = revision_of(stand=after, lines=lines, questions=asked, kept=kept)
    found = replace(found, obstacles=(*_stays(stand, after), *found.obstacles))
    goes = tuple(task for task in stand.request.tasks if task.id in after.leaving)
    return Decision(stand=after, found=found, goes=goes, asked=asked, hidden=frozenset(hidden))


def decide_otherwise(*, session: Session, change: Change, answers: Mapping[str, Any], places: Mapping[str, LocalText]) -> None:
    """Give other answers on which lines hang; what is not needed any more leaves the plan, what is needed now comes.

    :raises ForbiddenError: the person may not change this request, or it is closed.
    :raises ConflictError: it changed since it was shown, or something that would change is past its point of no return.
    :raises InvalidInputError: a question that must be answered is not.
    """
    check_change(change=change)
    stand = load_stand(session=session, request=change.request, at=change.at, zone=change.zone)
    decision = work_out_deciding(stand=stand, answers=answers)
    if decision.found.obstacles or not list_deciding(stand=stand):
        raise ConflictError("past_no_return")
    if decision.found.missing:
        raise InvalidInputError(dict.fromkeys(decision.found.missing, "required"))
    changed = list_changed(request=stand.request, asked=decision.asked, given=decision.found.answers)
    if changed:
        *others, cause = _carry_out(session, stand, decision, changed, places)
        for event in others:
            record(session, event, stream=change.request.stream, by=change.by, at=change.at)
        change.request.version += 1
        follow_through(session=session, request=change.request, cause=cause, by=change.by, at=change.at, zone=change.zone)


def _carry_out(
    session: Session, stand: Stand, decision: Decision, changed: Sequence[Question], places: Mapping[str, LocalText]
) -> list[TaskEvent]:
    """Change the tasks and the answers; gives what happened, at least that answers changed."""
    given, codes = decision.found.answers, {one.code for one in changed}
    told = changes_told(request=stand.request, changed=changed, given=given, places=places)
    asking = [task for block, task in stand.tasks.items() if codes & {one.code for one in stand.blocks[block].questions}]
    still_open = [task for task in asking if task.state not in CLOSED and task not in decision.goes]
    events: list[TaskEvent] = [replace(told_to_handler(kind=LineChanged, task=task), text=told) for task in still_open]
    for task in decision.goes:
        events.append(told_to_handler(kind=LineCancelled, task=task))
        close_task(task=task, step=TaskStep.CANCEL, at=stand.at)
    made = store_lines(session=session, stand=decision.stand, found=decision.found)
    rewrite_answers(request=stand.request, asked=decision.asked, given=given, places=places, hidden=decision.hidden)
    ask_for_lines(session=session, stand=decision.stand, found=decision.found, made=made)
    events += [event_on(kind=LineAdded, task=task) for task in made.values()]
    return events


def _going(stand: Stand, answers: Mapping[str, Any]) -> Iterator[str]:
    """Name the open blocks that these answers do not ask for any more."""
    before = {line.block for line in offered_lines(stand.definition, outcome=stand.outcome, answers=stand.asked)}
    after = {line.block for line in offered_lines(stand.definition, outcome=stand.outcome, answers=answers)}
    for block, one in stand.standing.items():
        if block in before - after and one.state not in CLOSED:
            yield block


def _without(stand: Stand, blocks: Sequence[str]) -> Stand:
    """Give the stand when these blocks left the plan, with all that cannot be done without them."""
    tasks = stand.request.tasks
    leaving = {stand.tasks[block].id for block in blocks}
    leaving |= {lost for one in leaving for lost in lost_with(one, tasks)}
    gone = Standing(state=TaskState.CANCELLED, window=Window(barrier=Barrier.CLOSED))
    standing = {block: gone if stand.tasks[block].id in leaving else one for block, one in stand.standing.items()}
    return replace(stand, standing=standing, leaving=frozenset(leaving))


def _stays(stand: Stand, after: Stand) -> Iterator[Obstacle]:
    """Find what would have to leave the plan and cannot any more."""
    windows = {stand.tasks[block].id: one.window for block, one in stand.standing.items()}
    for block, task in stand.tasks.items():
        if task.id in after.leaving and barrier_of(task.id, set(), windows) is not None:
            yield Obstacle(hurdle=Hurdle.STAYS, block=block, window=windows[task.id])


def _in_plan(stand: Stand) -> list[BlockDefinition]:
    return [stand.blocks[block] for block, one in stand.standing.items() if not one.is_gone]


def _approving(stand: Stand, blocks: Sequence[BlockDefinition]) -> Iterator[str]:
    """Name the questions on which an approval hangs."""
    for rule in (stand.definition.approval, *(block.approval for block in blocks)):
        if rule is not None:
            yield from asked_codes(rule.when)
            yield from (one.question for one in rule.approvers if one.question is not None)
