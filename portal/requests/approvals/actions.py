"""Asking for approval: the steps of a new request, and what lapses when it is not needed any more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from portal.catalog.approval_times import Lately, approval_minutes, approver_norm, time_of
from portal.catalog.definition import QuestionKind
from portal.core.journal import SYSTEM, record
from portal.core.references import derive_token, hash_code, new_token
from portal.core.texts import LocalText
from portal.people.models import Department
from portal.people.queries import find_colleague, has_holders, list_persons_named
from portal.planning.actions import RECENT, record_pause
from portal.planning.norm import Norm, NormUnit, norm_minutes
from portal.planning.queries import load_pause_ladders
from portal.planning.worktime import Calendar, add_working_time, working_minutes_between
from portal.requests.approvals.events import ApprovalAsked
from portal.requests.approvals.models import ApprovalLink
from portal.requests.approvals.policy import concerned_in
from portal.requests.approvals.queries import find_link, list_asked_since, list_asked_together, list_deciders
from portal.requests.approvers import Addressee, Circle, Colleague, addressees_of, next_after_role, replacement_of
from portal.requests.approving import OPEN_STEPS, ApprovalState, NeededApproval, StepMove, StepState, check, first_asked
from portal.requests.models import Approval, ApprovalStep, Request
from portal.requests.planner import guards_of
from portal.requests.workflow import CLOSED

PURPOSE: Final = "approval"
LINK_LASTS: Final = timedelta(days=30)
FIRST_REMINDER: Final = 1  # working days after asking
NEXT_REMINDER: Final = 2  # working days after the one before


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """What approvals guard: the tasks of a request, by block; `owner` is the department of the product, in whose hours they come."""

    owner: Department
    names: Mapping[str, LocalText]
    task_ids: Mapping[str, int]
    calendar: Calendar


def ask_approvals(*, session: Session, request: Request, needed: Sequence[NeededApproval], guarded: Guarded, at: datetime) -> None:
    """Store the approvals that a request needs, with who is asked; also for lines that are added later."""
    circle, lately = _circle_of(session, request), load_pause_ladders(session, [guarded.owner.id])[guarded.owner.id]
    made = [_make_approval(one, request, guarded, circle, lately, at=at) for one in needed]
    session.add_all(made)
    session.flush()
    request.has_approvals = True
    for approval in made:
        task_id = approval.task_id or min(guarded.task_ids.values())
        for step in approval.steps:
            if step.state is StepState.ASKED:
                tell_asked(session=session, request=request, step=step, task_id=task_id, at=at)
    request.awaits = request.awaits or made[0].steps[0].kind


def tell_asked(*, session: Session, request: Request, step: ApprovalStep, task_id: int, at: datetime) -> None:
    """Record that somebody is asked; the mail follows from it."""
    approval = step.approval
    event = ApprovalAsked(
        task_id=task_id,
        name=approval.name.as_data(),
        department=approval.department.name.as_data(),
        approval_id=approval.id,
        step_id=step.id,
        kind=step.kind,
        role=step.role,
        route=step.route,
    )
    record(session, event, stream=request.stream, by=SYSTEM, at=at)


def ask_instead(*, session: Session, request: Request, step: ApprovalStep, calendar: Calendar, at: datetime) -> None:
    """Give a step whose approver has left to the one above, or else to the owner of the product, who is reminded from now.

    One that asks a role which nobody has any more goes to a coordinator.
    """
    circle = _circle_of(session, request)
    if step.role is not None:
        found = next_after_role(step.kind, step.role, step.department_id, circle)
    else:
        found = replacement_of(step.kind, step.approver_id, circle)
    step.approver_id, step.role, step.department_id, step.route = found.person_id, found.role, found.department_id, found.route
    step.asked_at, step.reminders = at, 0
    step.remind_at = remind_at(calendar=calendar, at=at, days=FIRST_REMINDER)


def invite(*, session: Session, step: ApprovalStep, request_id: int, today: date, secret: str, at: datetime) -> Sequence[int]:
    """Give who may decide a step a link, also for the requests that were sent in with its own; returns the ids of whom to tell.

    Who is asked about an earlier one of these requests at the same moment hears of all of them by that one.
    """
    together = [
        (one, list_deciders(session, one, concerned=concerned_in(one.approval.request), today=today))
        for one in list_asked_together(session, step, request_id=request_id)
    ]
    earlier = {person_id for one, deciders in together if one.approval.request_id < request_id for person_id in deciders}
    told = [person_id for one, deciders in together if one is step for person_id in deciders if person_id not in earlier]
    for one, deciders in together if told else ():
        asked = [person_id for person_id in deciders if person_id in told]
        give_links(session=session, request_id=one.approval.request_id, person_ids=asked, secret=secret, at=at)
    return told


def give_links(*, session: Session, request_id: int, person_ids: Sequence[int], secret: str, at: datetime) -> None:
    """Give each of these persons a link to decide about a request, unless they have one that works."""
    for person_id in person_ids:
        if find_link(session, request_id=request_id, person_id=person_id, at=at) is None:
            link = ApprovalLink(request_id=request_id, person_id=person_id, seed=new_token(), expires_at=at + LINK_LASTS)
            link.token_hash = hash_code(token_of(link=link, secret=secret))
            session.add(link)
    session.flush()


def token_of(*, link: ApprovalLink, secret: str) -> str:
    """Give the token of a link."""
    return derive_token(secret=secret, purpose=PURPOSE, seed=link.seed)


def settle_approvals(*, request: Request, at: datetime) -> None:
    """Let the approvals lapse whose tasks are all closed, and keep whose approval is waited for, and of what amount."""
    for approval in request.approvals:
        if approval.state is ApprovalState.OPEN and approval.task_id is None:
            approval.amount_cents = request.cost_cents
        guarded = [task for task in request.tasks if guards_of([approval], task.id)]
        if approval.state is ApprovalState.OPEN and all(task.state in CLOSED for task in guarded):
            approval.state, approval.settled_at = ApprovalState.LAPSED, at
            for step in approval.steps:
                if step.state in OPEN_STEPS:
                    step.state, step.remind_at = check(step.state, StepMove.LAPSE), None
    asked = (step.kind for one in request.approvals for step in one.steps if step.state is StepState.ASKED)
    request.awaits = next(asked, None)


def learn_approval(*, session: Session, step: ApprovalStep, calendar: Calendar, at: datetime) -> None:
    """Keep how long an approver took who decides now, for later forecasts; those who are asked tell how long it takes at the least."""
    approval = step.approval

    def waited(since: datetime) -> int:
        return max(0, working_minutes_between(calendar=calendar, start=since, end=at))

    record_pause(
        session=session,
        department_id=approval.department_id,
        reason=step.kind,
        minutes=waited(step.asked_at or approval.asked_at),
        at=at,
        running=[waited(since) for since in list_asked_since(session, step, most=RECENT)],
        norm=approver_norm(calendar.day_minutes),
    )


def forecast_left(*, session: Session, approval: Approval, calendar: Calendar) -> None:
    """Forecast an approval again by those who are still to decide."""
    left = [step.kind for step in approval.steps if step.state in OPEN_STEPS]
    if left:
        lately = load_pause_ladders(session, [approval.department_id])[approval.department_id]
        approval.expected_minutes, approval.latest_minutes = approval_minutes(
            left, approval.mode, day_minutes=calendar.day_minutes, lately=lately
        )


def remind_at(*, calendar: Calendar, at: datetime, days: int) -> datetime:
    """Give the moment of a reminder, so many working days from now."""
    return add_working_time(calendar=calendar, start=at, minutes=norm_minutes(Norm(days, NormUnit.WORKING_DAYS), calendar))


def _circle_of(session: Session, request: Request) -> Circle:
    """Give the people around a request, read when they are needed."""
    concerned = concerned_in(request)

    def find(person_id: int) -> Colleague | None:
        found = find_colleague(session, person_id)
        return Colleague(id=person_id, manager_id=found[0], is_active=found[1]) if found else None

    return Circle(
        requester_id=request.requester_id,
        owner_department_id=request.owner_id,
        concerned=frozenset(concerned),
        find=find,
        has_holders=lambda role, department_id: has_holders(session, role, department_id=department_id, without=concerned),
        budget_holder_id=request.cost_centre.budget_holder_id if request.cost_centre else None,
        answers={one["code"]: _person_of(session, one["value"]) for one in request.answers if one["kind"] == QuestionKind.PERSON},
    )


def _make_approval(needed: NeededApproval, request: Request, guarded: Guarded, circle: Circle, lately: Lately, *, at: datetime) -> Approval:
    time = time_of(needed.rule, day_minutes=guarded.calendar.day_minutes, lately=lately)
    found = addressees_of(needed.rule.approvers, circle)
    states = first_asked(needed.rule.mode, len(found))
    first_reminder = remind_at(calendar=guarded.calendar, at=at, days=FIRST_REMINDER)
    steps = [_make_step(one, state, position=place) for place, (one, state) in enumerate(zip(found, states, strict=True), start=1)]
    for step in steps:
        if step.state is StepState.ASKED:
            step.asked_at, step.remind_at = at, first_reminder
    return Approval(
        request_id=request.id,
        task_id=guarded.task_ids[needed.block] if needed.block else None,
        department=guarded.owner,
        name=guarded.names[needed.block] if needed.block else request.product_version.name,
        mode=needed.rule.mode,
        above_cents=needed.rule.above_cents,
        amount_cents=needed.amount,
        expected_minutes=time.expected_minutes,
        latest_minutes=time.latest_minutes,
        state=ApprovalState.OPEN,
        asked_at=at,
        steps=steps,
    )


def _make_step(one: Addressee, state: StepState, *, position: int) -> ApprovalStep:
    return ApprovalStep(
        position=position,
        kind=one.kind,
        approver_id=one.person_id,
        role=one.role,
        department_id=one.department_id,
        route=one.route,
        state=state,
    )


def _person_of(session: Session, answer: Any) -> int | None:  # noqa: ANN401  as it is kept
    """Give the person who was chosen; answers were texts once, which can mean one person or nobody."""
    if isinstance(answer, Mapping):
        return int(answer["id"])
    found = list_persons_named(session, str(answer))
    return found[0] if len(found) == 1 else None
