"""What pages show of approvals: the lines in the plan, what waits for somebody, and the page on which one decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from portal.catalog.agreement import ApprovalMode
from portal.core.texts import LocalText
from portal.people.models import Person, Substitute
from portal.requests.approval_forms import DecisionForm
from portal.requests.approvals.labels import ROUTES, STEP_STATES, limit_sentence, names_of_steps, title_of, who_words
from portal.requests.approvals.policy import decides_as
from portal.requests.approvals.queries import list_deputies
from portal.requests.approving import ApprovalState, StepState
from portal.requests.follow_forms import seen_of
from portal.requests.models import ApprovalStep, Request
from portal.requests.pages import AnswerRow, PlanLine
from portal.requests.planner import guards_of, is_guarded
from portal.requests.workflow import TaskState
from portal.web.filters import day, money
from portal.web.language import local
from portal.web.words import _

TONES: Final[Mapping[StepState, str]] = {
    StepState.WAITING: "neutral",
    StepState.ASKED: "waiting",
    StepState.APPROVED: "done",
    StepState.REFUSED: "refused",
    StepState.LAPSED: "neutral",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """A request in the list of what waits for somebody."""

    number: str
    product: str
    requester: str
    beneficiary: str
    what: str
    submitted_at: datetime
    cents: int
    in_place_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """One thing to decide, or that was decided; `form` is there while this reader may decide it, `who` is who is asked."""

    step_id: int
    title: str
    who: str
    why: str
    cents: int
    tone: str
    state: str
    told: str
    reason: str
    form: DecisionForm | None
    in_place_of: str | None


def approval_lines(request: Request, *, names: Mapping[int, str] | None = None) -> list[PlanLine]:
    """Show who is asked to approve as lines of the plan, in words for the public; with `names` (by step) also who that is."""
    return [
        PlanLine(
            title=title_of(approval),
            department=", ".join(one for one in (who_words(step), (names or {}).get(step.id)) if one),
            tone=TONES[step.state],
            state=str(STEP_STATES[step.state]),
            when=_when(step),
            reason=_reason(step, names),
            is_current=step.state is StepState.ASKED,
        )
        for approval in request.approvals
        for step in approval.steps
    ]


def load_approval_lines(session: Session, request: Request, *, names: Mapping[int, str] | None, today: date) -> list[PlanLine]:
    """Show who is asked as lines of the plan, with `names` of people (by id) also who stands in for them today."""
    if names is None or not request.approvals:
        return approval_lines(request)
    asked = [step.approver_id for approval in request.approvals for step in approval.steps if step.approver_id is not None]
    deputies = list_deputies(session, person_ids=asked, today=today)
    return approval_lines(request, names=step_names(request, names=names, deputies=deputies))


def step_names(request: Request, *, names: Mapping[int, str], deputies: Sequence[Substitute]) -> dict[int, str]:
    """Name by step who is asked, with who stands in until when, or who decided for whom."""
    return {
        step.id: _named(step, names, [one for one in deputies if one.person_id == step.approver_id])
        for approval in request.approvals
        for step in approval.steps
    }


def people_of(request: Request) -> set[int]:
    """Give the ids of everybody who is asked or decided."""
    steps = [step for approval in request.approvals for step in approval.steps]
    return {one for step in steps for one in (step.approver_id, step.decided_by_id, step.on_behalf_of_id) if one is not None}


def waiting_rows(steps: Sequence[ApprovalStep], *, person: Person | None = None, principals: Sequence[Person] = ()) -> list[WaitingRow]:
    """Show what waits for somebody, one row per request; to a `person` who may answer also for which of the `principals` that is."""
    by_request: dict[int, list[ApprovalStep]] = {}
    for step in steps:
        by_request.setdefault(step.approval.request_id, []).append(step)
    return [_waiting_row(some, person, principals) for some in by_request.values()]


def decision_lines(
    request: Request,
    person: Person,
    *,
    principals: Sequence[Person],
    names: Mapping[int, str],
    sent: tuple[int, DecisionForm] | None = None,
) -> list[DecisionLine]:
    """Show each thing to decide to somebody who may; `sent` is a form that was sent for a step and has mistakes."""
    seen = seen_of_request(request)
    return [
        _decision_line(step, decides_as(person, step, request, principals=principals), person, names, sent, seen=seen)
        for approval in request.approvals
        for step in approval.steps
        if step.state is not StepState.WAITING
    ]


def open_answers(request: Request) -> list[AnswerRow]:
    """Show what was asked and answered to who has to approve; what is sensitive is left out."""
    return [
        AnswerRow(question=local(LocalText.from_data(one["label"])), answer=local(LocalText.from_data(one["shown"])))
        for one in request.answers
        if one["privacy"] != "sensitive"
    ]


def seen_of_request(request: Request) -> str:
    """Give what tells that a request is still what was shown to who has to approve: its parts, answers and costs."""
    parts = [task.id for task in request.tasks if task.state not in {TaskState.REFUSED, TaskState.CANCELLED}]
    answers = {one["code"]: one["value"] for one in request.answers}
    return seen_of({"parts": parts, "answers": answers, "cost": request.cost_cents})


def decided_words(step: ApprovalStep, names: Mapping[int, str]) -> str:
    """Say who decided, and for whom; empty while nobody did."""
    if step.decided_by_id is None:
        return ""
    who, when = _decider(step, names), day(step.decided_at) if step.decided_at else ""
    if step.state is StepState.APPROVED:
        return _("%(who)s approved this on %(day)s.", who=who, day=when)
    return _("%(who)s did not approve this on %(day)s.", who=who, day=when)


def thanks_words(request: Request, step: ApprovalStep) -> str:
    """Say to who just decided what becomes of it: it goes on, or somebody else must still answer."""
    approval = step.approval
    if step.state is StepState.REFUSED:
        return _("It is not approved. The requester is told, with your reason.")
    if approval.state is ApprovalState.OPEN and approval.mode is ApprovalMode.IN_ORDER:
        return _("Thank you. Your approval is noted. We now ask who comes next.")
    guarded = [task for task in request.tasks if task.state is not TaskState.REFUSED and guards_of([approval], task.id)]
    if all(is_guarded(request.approvals, task.id) for task in guarded):
        return _("Thank you. Your approval is noted. Somebody else must still answer before it goes on.")
    return _("Thank you. It is approved and goes on.")


def _decision_line(
    step: ApprovalStep,
    in_place_of: Person | None,
    person: Person,
    names: Mapping[int, str],
    sent: tuple[int, DecisionForm] | None,
    *,
    seen: str,
) -> DecisionLine:
    form = sent[1] if sent and sent[0] == step.id else DecisionForm(formdata=None)
    form.reason.id = f"reason-{step.id}"  # a page may hold several of these forms
    form.reason.label.field_id = form.reason.id
    form.seen.data = seen
    return DecisionLine(
        step_id=step.id,
        title=local(step.approval.name),
        who=_asked_words(step, names),
        why=_why_words(step.approval.above_cents),
        cents=step.approval.amount_cents,
        tone=TONES[step.state],
        state=str(STEP_STATES[step.state]),
        told=decided_words(step, names),
        reason=step.reason,
        form=form if in_place_of else None,
        in_place_of=in_place_of.name if in_place_of and in_place_of.id != person.id else None,
    )


def _asked_words(step: ApprovalStep, names: Mapping[int, str]) -> str:
    """Say by what part somebody is asked, with the name of who that is when it is one person."""
    name = names.get(step.approver_id or 0)
    return _("%(who)s (%(name)s)", who=who_words(step), name=name) if name else who_words(step)


def _why_words(above_cents: int | None) -> str:
    if above_cents is None:
        return _("This always needs an approval.")
    return _("This needs an approval, because it costs more than %(limit)s.", limit=money(above_cents))


def _amount_of(steps: Sequence[ApprovalStep]) -> int:
    """Add up what is to be approved, in euro cents; an approval of the whole request counts its parts already."""
    amounts = {step.approval.id: step.approval.amount_cents for step in steps}
    whole = [step.approval.amount_cents for step in steps if step.approval.task_id is None]
    return max(whole) if whole else sum(amounts.values())


def _waiting_row(steps: Sequence[ApprovalStep], person: Person | None, principals: Sequence[Person]) -> WaitingRow:
    request = steps[0].approval.request
    deciders = [decides_as(person, step, request, principals=principals) for step in steps] if person else []
    return WaitingRow(
        number=request.number,
        product=local(request.product_version.name),
        requester=request.requester.name,
        beneficiary=request.beneficiary_name,
        what=names_of_steps(steps),
        submitted_at=request.submitted_at,
        cents=_amount_of(steps),
        in_place_of=", ".join(dict.fromkeys(one.name for one in deciders if one and one is not person)),
    )


def _when(step: ApprovalStep) -> str:
    if step.decided_at is not None:
        return day(step.decided_at)
    return _("asked on %(day)s", day=day(step.asked_at)) if step.state is StepState.ASKED and step.asked_at else ""


def _reason(step: ApprovalStep, names: Mapping[int, str] | None) -> str | None:
    """Say why it is needed and why somebody else decides; and where names may be shown, what was written."""
    parts = (limit_sentence(step.approval.above_cents), str(ROUTES[step.route]), step.reason if names is not None else "")
    return " ".join(one for one in parts if one) or None


def _named(step: ApprovalStep, names: Mapping[int, str], deputies: Sequence[Substitute]) -> str:
    if step.decided_by_id is not None:
        return _decider(step, names)
    if step.approver_id is None:
        return local(step.department.name) if step.department else ""
    name = names.get(step.approver_id, "")
    if not deputies:
        return name
    return _("%(name)s (deputy until %(day)s: %(deputy)s)", name=name, deputy=deputies[0].deputy.name, day=day(deputies[0].until_on))


def _decider(step: ApprovalStep, names: Mapping[int, str]) -> str:
    name = names.get(step.decided_by_id or 0, "")
    if step.on_behalf_of_id is None:
        return name
    return _("%(name)s on behalf of %(other)s", name=name, other=names.get(step.on_behalf_of_id, ""))
