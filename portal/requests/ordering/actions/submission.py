"""Submitting an order: one request per person, all its tasks, their order and dates, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from portal.catalog.definition import QuestionKind
from portal.catalog.queries import audience_now
from portal.core.bulk import reserve_ids
from portal.core.errors import ForbiddenError, InvalidInputError
from portal.core.journal import Actor, record
from portal.core.references import derive_code, hash_of_code, new_token
from portal.people.models import CostCentre, Department, Person
from portal.people.queries import get_person
from portal.requests.actions.clocks import start_clocks
from portal.requests.approvals.actions import Guarded, ask_approvals
from portal.requests.events import RequestSubmitted
from portal.requests.models import Request, Task, TaskDependency
from portal.requests.ordering.actions.files import hand_over_files
from portal.requests.ordering.actions.making import task_values
from portal.requests.ordering.booking import centres_per_person
from portal.requests.ordering.content import OrderContent, describe_answers, wished_day
from portal.requests.ordering.models import OrderDraft
from portal.requests.ordering.policy import may_ask
from portal.requests.ordering.preview import DatedTask, PlanPreview, load_basis, plan_on
from portal.requests.ordering.several.queries import Share, first_share, list_together
from portal.requests.ordering.several.rules import MOST_PERSONS
from portal.requests.workflow import NextKind, RequestState

_TASKS: Final = cast(Table, Task.__table__)
_DEPENDENCIES: Final = cast(Table, TaskDependency.__table__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Who submits, when, and what makes the tracking codes (`secret`)."""

    person: Person
    by: Actor
    at: datetime
    zone: ZoneInfo
    secret: str


def submit_request(
    *, session: Session, draft: OrderDraft, content: OrderContent, person: Person, by: Actor, at: datetime, zone: ZoneInfo, secret: str
) -> Request:
    """Turn a draft for one person into a request with its plan; a draft that was submitted before gives that request again.

    `content` is what the draft comes down to now; `secret` makes the tracking code. Load the draft with `for_change`.

    :raises InvalidInputError: the choice or a required answer is missing.
    :raises ForbiddenError: the product is not for the requester.
    """
    submission = Submission(person=person, by=by, at=at, zone=zone, secret=secret)
    return submit_order(session=session, draft=draft, shares=[first_share(draft, content)], submission=submission)[0]


def submit_order(*, session: Session, draft: OrderDraft, shares: Sequence[Share], submission: Submission) -> Sequence[Request]:
    """Turn a draft into a request with its own plan for each of its people, or into none of them.

    `shares` are what it comes down to for each, the first person first. A draft that was submitted before gives its
    requests again. Load the draft with `for_change`.

    :raises InvalidInputError: the choice or a required answer is missing, or there are too many people.
    :raises ForbiddenError: the product is not for the requester, or not any more.
    """
    if draft.request_id is not None:
        first = session.get_one(Request, draft.request_id)
        return list_together(session, first) or [first]
    if len(shares) > MOST_PERSONS:
        raise InvalidInputError({"people": "too_many"})
    for share in shares:
        _check_complete(share)
    _check_audience(session, draft, submission.person)
    basis = load_basis(session, [share.content for share in shares], zone=submission.zone)
    centres = centres_per_person(session, draft, [share.beneficiary for share in shares])
    plans = [plan_on(basis, share.content, at=submission.at) for share in shares]
    requests = [_make_request(session, draft, share, plan, centre) for share, plan, centre in zip(shares, plans, centres, strict=True)]
    for request, share, plan in zip(requests, shares, plans, strict=True):
        _submit_one(session, request, share.content, plan, draft=draft, submission=submission)
        request.together_id = requests[0].id if len(shares) > 1 else None
    draft.request_id = requests[0].id
    return requests


def _submit_one(
    session: Session, request: Request, content: OrderContent, plan: PlanPreview, *, draft: OrderDraft, submission: Submission
) -> None:
    """Store the request of one person with its tasks, its files and its approvals."""
    at = submission.at
    start_clocks(request=request, definition=content.definition, calendars=plan.calendars, at=at, zone=submission.zone)
    request.submitted_at, request.submitted_by_id = at, submission.person.id
    request.tracking_seed = new_token()
    request.tracking_hash = hash_of_code(secret=submission.secret, seed=request.tracking_seed)
    session.add(request)
    session.flush()
    task_ids = _insert_tasks(session, request, content, plan, at=at)
    hand_over_files(session=session, draft_id=draft.id, request_id=request.id, questions=_file_questions(content))
    record(session, _submitted(request, content, plan), stream=request.stream, by=submission.by, at=at, is_new_stream=True)
    if plan.approvals:
        owner = session.get_one(Department, request.owner_id)
        guarded = Guarded(owner=owner, names=plan.names, task_ids=task_ids, calendar=plan.calendars[owner.id])
        ask_approvals(session=session, request=request, needed=plan.approvals, guarded=guarded, at=at)


def find_tracking_code(*, request: Request, secret: str) -> str | None:
    """Give the code with which anybody can follow the request; None when the secret is another one than it was made with."""
    is_right = hash_of_code(secret=secret, seed=request.tracking_seed) == request.tracking_hash
    return derive_code(secret=secret, seed=request.tracking_seed) if is_right else None


def _check_complete(share: Share) -> None:
    if not share.content.is_chosen or not share.content.lines:
        raise InvalidInputError({"choice": "required"})
    if share.missing:
        raise InvalidInputError({question.code: "required" for question in share.missing})


def _check_audience(session: Session, draft: OrderDraft, person: Person) -> None:
    requester = person if draft.requester_id == person.id else get_person(session, draft.requester_id)
    if not may_ask(requester, audience_now(session, draft.product_id)):
        raise ForbiddenError


def _file_questions(content: OrderContent) -> list[str]:
    """List the questions of the order that are answered with a file."""
    return [question.code for question in content.questions if question.kind is QuestionKind.FILE and question.code in content.answers]


def _make_request(session: Session, draft: OrderDraft, share: Share, plan: PlanPreview, centre: CostCentre | None) -> Request:
    content = share.content
    return Request(
        product_id=draft.product_id,
        product_version=draft.product_version,
        requester_id=draft.requester_id,
        beneficiary_id=share.beneficiary.id if share.beneficiary else None,
        beneficiary_name=share.name,
        owner_id=draft.product_version.owner_id,
        outcome=content.outcome.code if content.outcome else None,
        answers=describe_answers(session, content),
        state=RequestState.SUBMITTED,
        wished_on=wished_day(content.definition, content.answers),
        first_expected_at=plan.dates.expected_at,
        first_latest_at=plan.dates.latest_at,
        expected_at=plan.dates.expected_at,
        latest_at=plan.dates.latest_at,
        next_moment_at=plan.dates.expected_at,
        next_kind=NextKind.EXPECTED,
        cost_cents=plan.bill.own.first_year,
        cost_centre=centre,
    )


def _insert_tasks(session: Session, request: Request, content: OrderContent, plan: PlanPreview, *, at: datetime) -> dict[str, int]:
    """Store the tasks and their order, one statement each, however many there are; gives the ids by block."""
    # Keys are taken beforehand, because the order of the tasks needs them.
    keys = reserve_ids(session, _TASKS, len(plan.tasks))
    key_of = {dated.planned.block: key for dated, key in zip(plan.tasks, keys, strict=True)}
    rows = [_task_row(request, content, plan, dated, position=position, at=at) for position, dated in enumerate(plan.tasks, start=1)]
    session.execute(insert(_TASKS), [{"id": key, **row} for key, row in zip(keys, rows, strict=True)])
    after = [
        {
            "task_id": key_of[dated.planned.block],
            "after_id": key_of[block],
            "kind": kind,
            "lag_minutes": plan.steps[dated.planned.block].lags.get(block, 0),
        }
        for dated in plan.tasks
        for block, kind in dated.planned.after
    ]
    if after:
        session.execute(insert(_DEPENDENCIES), after)
    return key_of


def _task_row(
    request: Request, content: OrderContent, plan: PlanPreview, dated: DatedTask, *, position: int, at: datetime
) -> dict[str, object]:
    block = dated.planned.block
    step = plan.steps[block]
    values = task_values(
        dated=dated,
        block=content.blocks[block],
        step=step,
        dates=plan.dates.tasks[block],
        latest_start=plan.latest_starts[block],
        price=plan.prices[block],
        at=at,
        is_ready=not step.after and (step.not_before is None or step.not_before <= at),
    )
    return {"request_id": request.id, "position": position, **values}


def _submitted(request: Request, content: OrderContent, plan: PlanPreview) -> RequestSubmitted:
    return RequestSubmitted(
        request_id=request.id,
        product=content.definition.name.as_data(),
        expected_at=request.expected_at.isoformat(),
        latest_at=request.latest_at.isoformat(),
        tasks=len(plan.tasks),
    )
