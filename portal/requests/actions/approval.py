"""Deciding about an approval: what was refused leaves the plan, what was approved can begin, the rest goes on."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.core.errors import ConflictError, InvalidInputError
from portal.core.journal import SYSTEM, Actor, Happened, record, record_all
from portal.people.models import Person
from portal.planning.queries import Calendars, load_calendars
from portal.planning.worktime import is_open, next_working_moment
from portal.requests.actions.clocks import settle_legal_term
from portal.requests.actions.replanning import cancel_needing, close_task, release_ready, remake_dates, settle_state
from portal.requests.approvals.actions import (
    FIRST_REMINDER,
    NEXT_REMINDER,
    ask_instead,
    forecast_left,
    learn_approval,
    remind_at,
    settle_approvals,
    tell_asked,
)
from portal.requests.approvals.events import ApprovalEvent, ApprovalGiven, ApprovalRefused, ApprovalReminded
from portal.requests.approvals.queries import MOST_REMINDERS, list_left, list_to_remind
from portal.requests.approving import ApprovalState, StepMove, StepState, check, settle
from portal.requests.models import Approval, ApprovalStep, Request, Task
from portal.requests.planner import guards_of
from portal.requests.queries import get_request_for_change
from portal.requests.workflow import TaskState, TaskStep

MAX_REASON: Final = 2000
BATCH: Final = 100  # steps looked at in one transaction


def decide_approval(
    *,
    session: Session,
    request: Request,
    step: ApprovalStep,
    is_approved: bool,
    reason: str,
    person: Person,
    in_place_of: Person,
    by: Actor,
    at: datetime,
    zone: ZoneInfo,
) -> None:
    """Approve or refuse, for oneself or `in_place_of` somebody (policy.decides_as); load the request `for_change`.

    :raises ConflictError: it was decided already, or is not needed any more.
    :raises InvalidInputError: a refusal without reason, or one that is too long.
    """
    text = reason.strip()
    if step.state is not StepState.ASKED:
        raise ConflictError("decided_already")
    if len(text) > MAX_REASON or not (text or is_approved):
        raise InvalidInputError({"reason": "too_long" if text else "required"})
    step.state = check(step.state, StepMove.APPROVE if is_approved else StepMove.REFUSE)
    step.decided_at, step.decided_by_id, step.reason, step.remind_at = at, person.id, text, None
    step.on_behalf_of_id = in_place_of.id if in_place_of.id != person.id else None
    _carry_out(session, request, step, by=by, at=at, zone=zone)


def _carry_out(session: Session, request: Request, step: ApprovalStep, *, by: Actor, at: datetime, zone: ZoneInfo) -> None:
    """Record the decision and carry out all that follows from it in the plan of the request."""
    approval, calendars = step.approval, load_calendars(session, zone)
    guarded = [task for task in request.tasks if guards_of([approval], task.id)]
    kind = ApprovalGiven if step.state is StepState.APPROVED else ApprovalRefused
    cause = approval_event(kind=kind, step=step, task=guarded[0], text=step.reason)
    record(session, cause, stream=request.stream, by=by, at=at)
    learn_approval(session=session, step=step, calendar=calendars[approval.department_id], at=at)
    _settle_steps(session, request, approval, calendars, guarded[0], at=at)
    forecast_left(session=session, approval=approval, calendar=calendars[approval.department_id])
    happened = _leave_out(request, guarded, by=by, at=at) if approval.state is ApprovalState.REFUSED else []
    settle_approvals(request=request, at=at)
    happened += release_ready(request=request, calendars=calendars, at=at)
    happened += remake_dates(session=session, request=request, calendars=calendars, at=at, zone=zone, cause=cause, by=by)
    record_all(session, happened, stream=request.stream, at=at)
    settle_legal_term(request=request, at=at, zone=zone)
    settle_state(session=session, request=request, by=by, at=at)
    request.version += 1


def approval_event(*, kind: type[ApprovalEvent], step: ApprovalStep, task: Task, **more: str | int) -> ApprovalEvent:
    """Make an event of this kind about a step of an approval that guards a task."""
    approval = step.approval
    words = {"name": approval.name.as_data(), "department": approval.department.name.as_data()}
    return kind(task_id=task.id, approval_id=approval.id, step_id=step.id, kind=step.kind, role=step.role, **words, **more)  # type: ignore[arg-type]


def _settle_steps(session: Session, request: Request, approval: Approval, calendars: Calendars, task: Task, *, at: datetime) -> None:
    """Work out what the decisions come to; who comes next is asked."""
    approval.state, states = settle(approval.mode, [one.state for one in approval.steps])
    approval.settled_at = None if approval.state is ApprovalState.OPEN else at
    for step, state in zip(approval.steps, states, strict=True):
        is_next = state is StepState.ASKED and step.state is StepState.WAITING
        step.state = state
        if is_next:
            step.asked_at, step.remind_at = at, remind_at(calendar=calendars[approval.department_id], at=at, days=FIRST_REMINDER)
            tell_asked(session=session, request=request, step=step, task_id=task.id, at=at)
        elif state is not StepState.ASKED:
            step.remind_at = None


def _leave_out(request: Request, guarded: list[Task], *, by: Actor, at: datetime) -> list[Happened]:
    """Take what was not approved out of the plan, with what cannot be done without it; gives what is to be recorded of it."""
    for task in guarded:
        if task.state is TaskState.WAITING:
            close_task(task=task, step=TaskStep.DENY, at=at)
    return [one for task in guarded for one in cancel_needing(request=request, refused_id=task.id, by=by, at=at)]


def remind_approvers(*, session: Session, at: datetime, zone: ZoneInfo) -> int:
    """Remind who did not answer: after one working day, then every two, three times; after that the service desk sees it.

    A reminder that comes late waits until somebody works again. Returns of how many steps.
    """
    calendars, due = load_calendars(session, zone), list_to_remind(session, at=at, most=BATCH)
    for request_id, step_id in due:
        request, step = _locked_step(session, request_id, step_id)
        if step.state is not StepState.ASKED or step.remind_at is None or step.remind_at > at:
            continue
        calendar = calendars[step.approval.department_id]
        if not is_open(calendar=calendar, at=at):
            step.remind_at = next_working_moment(calendar=calendar, at=at)
            continue
        step.reminders += 1
        step.remind_at = remind_at(calendar=calendar, at=at, days=NEXT_REMINDER) if step.reminders < MOST_REMINDERS else None
        task = _first_guarded(request, step.approval)
        event = approval_event(kind=ApprovalReminded, step=step, task=task, number=step.reminders)
        record(session, event, stream=request.stream, by=SYSTEM, at=at)
    return len(due)


def reroute_left(*, session: Session, at: datetime, zone: ZoneInfo) -> int:
    """Ask somebody else instead of who left the organisation, or of a role that nobody has any more; returns of how many steps."""
    calendars, left = load_calendars(session, zone), list_left(session, most=BATCH)
    for request_id, step_id in left:
        request, step = _locked_step(session, request_id, step_id)
        if step.state is StepState.ASKED:
            ask_instead(session=session, request=request, step=step, calendar=calendars[step.approval.department_id], at=at)
            tell_asked(session=session, request=request, step=step, task_id=_first_guarded(request, step.approval).id, at=at)
    return len(left)


def _locked_step(session: Session, request_id: int, step_id: int) -> tuple[Request, ApprovalStep]:
    request = get_request_for_change(session, request_id)
    return request, next(step for approval in request.approvals for step in approval.steps if step.id == step_id)


def _first_guarded(request: Request, approval: Approval) -> Task:
    return next(task for task in request.tasks if guards_of([approval], task.id))
