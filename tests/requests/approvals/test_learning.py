"""What is learnt from an approval, and from what nothing is: by kind, once per decision, from when that approver was asked."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.agreement import ApprovalMode, ApprovalRule, Approver, ApproverKind
from portal.catalog.approval_times import approver_norm
from portal.core.journal import Actor
from portal.people.models import Person, Substitute
from portal.planning.actions import record_pause
from portal.planning.models import Pause, PausePace
from portal.requests.actions.approval import decide_approval, reroute_left
from portal.requests.approvals.policy import decides_as
from portal.requests.approvals.queries import list_asked_since, list_principals
from portal.requests.approving import StepState
from portal.requests.changing.actions.cancelling import cancel_request
from portal.requests.models import ApprovalStep, Request
from portal.requests.queries import get_request_for_change
from tests.factories import NOW, ZONE, make_line, make_person, make_product, make_request
from tests.requests.approvals.conftest import Case, guarded_block

DAY = 540
APPROVERS = (Approver(kind=ApproverKind.MANAGER), Approver(kind=ApproverKind.BUDGET_HOLDER))
Decide = Callable[..., None]


@pytest.fixture
def decide(session: Session) -> Decide:
    """Give a function that lets somebody decide so many days after asking, for oneself or as a deputy."""

    def answer(request: Request, kind: ApproverKind, person: Person, *, days: float, yes: bool = True) -> None:
        request, at = again(session, request), NOW + timedelta(days=days)
        step = step_of(request, kind)
        principal = decides_as(person, step, request, principals=list_principals(session, person_id=person.id, today=at.date()))
        assert principal is not None
        common = {"session": session, "request": request, "step": step, "by": Actor(person_id=person.id), "at": at, "zone": ZONE}
        decide_approval(**common, is_approved=yes, reason="" if yes else "Nee.", person=person, in_place_of=principal)  # type: ignore[arg-type]
        session.flush()

    return answer


def again(session: Session, request: Request) -> Request:
    session.flush()
    session.expire_all()
    return get_request_for_change(session, request.id)


def step_of(request: Request, kind: ApproverKind) -> ApprovalStep:
    return next(step for one in request.approvals for step in one.steps if step.kind is kind and step.state is StepState.ASKED)


def learnt(session: Session) -> list[tuple[str, int]]:
    return [(one.reason, one.minutes) for one in session.scalars(select(Pause).order_by(Pause.id))]


def request_with(session: Session, case: Case, mode: ApprovalMode) -> Request:
    guarded_block(session, "car", ApprovalRule(approvers=APPROVERS, mode=mode), 100)
    return again(session, make_request(session, case.employee, make_product(session, "car", [make_line("car")])))


def test_a_deputy_decides_for_the_one_who_was_asked_and_it_counts_as_that_kind(session: Session, case: Case, decide: Decide) -> None:
    deputy = make_person(session, name="Daan Vervangt")
    session.add(Substitute(person_id=case.manager.id, deputy_id=deputy.id, from_on=date(2026, 11, 1), until_on=date(2026, 12, 31)))
    decide(case.request, ApproverKind.MANAGER, deputy, days=1)
    assert learnt(session) == [("manager", DAY)]


def test_of_one_of_them_only_the_one_who_decided_counts(session: Session, case: Case, decide: Decide) -> None:
    request = request_with(session, case, ApprovalMode.ONE_OF)
    other = step_of(request, ApproverKind.BUDGET_HOLDER)
    decide(request, ApproverKind.MANAGER, case.manager, days=2)
    assert learnt(session) == [("manager", 2 * DAY)]
    assert session.get_one(ApprovalStep, other.id).state is StepState.LAPSED


def test_of_all_of_them_each_counts_from_the_same_moment(session: Session, case: Case, decide: Decide) -> None:
    request = request_with(session, case, ApprovalMode.ALL_OF)
    decide(request, ApproverKind.MANAGER, case.manager, days=1)
    decide(request, ApproverKind.BUDGET_HOLDER, case.holder, days=2, yes=False)
    assert learnt(session) == [("manager", DAY), ("budget_holder", 2 * DAY)], "a refusal takes time too"


def test_in_order_the_second_counts_from_when_the_first_had_decided(session: Session, case: Case, decide: Decide) -> None:
    request = request_with(session, case, ApprovalMode.IN_ORDER)
    decide(request, ApproverKind.MANAGER, case.manager, days=3)
    decide(request, ApproverKind.BUDGET_HOLDER, case.holder, days=4)
    assert learnt(session) == [("manager", 3 * DAY), ("budget_holder", DAY)]


def test_from_what_lapses_nothing_is_learnt_and_it_is_not_waited_for_any_more(session: Session, case: Case, decide: Decide) -> None:
    second = again(session, make_request(session, case.employee, case.request.product_version))
    request = again(session, case.request)
    by = Actor(person_id=case.employee.id)
    cancel_request(session=session, request=request, person=case.employee, by=by, at=NOW + timedelta(days=9), zone=ZONE, reason="x")
    session.flush()
    assert learnt(session) == []
    step = step_of(again(session, second), ApproverKind.MANAGER)
    assert list_asked_since(session, step, most=9) == [NOW], "its own, before it is decided"
    decide(second, ApproverKind.MANAGER, case.manager, days=1)
    assert learnt(session) == [("manager", DAY)]


def test_who_is_asked_instead_counts_from_then(session: Session, case: Case, decide: Decide) -> None:
    case.manager.manager_id, case.manager.is_active = case.stranger.id, False
    session.commit()
    reroute_left(session=session, at=NOW + timedelta(days=3), zone=ZONE)
    decide(case.request, ApproverKind.MANAGER, case.stranger, days=4)
    assert learnt(session) == [("manager", DAY)], "of those four days three were nobody's"


def test_a_manager_on_leave_for_weeks_does_not_decide_for_all(session: Session, case: Case) -> None:
    where = {"department_id": case.request.owner_id, "reason": "manager"}
    days = count(1)

    def half_after(*waits: int) -> int:
        for minutes in waits:
            at = NOW + timedelta(days=next(days))
            record_pause(session=session, **where, minutes=minutes, at=at, norm=approver_norm(DAY))  # type: ignore[arg-type]
        session.flush()
        return session.get_one(PausePace, tuple(where.values())).ladder[9]

    usual = half_after(*[DAY // 2] * 20)
    assert abs(half_after(30 * DAY) - usual) < DAY // 8, "one of twenty"
    assert half_after(*[30 * DAY] * 20) > 4 * DAY, "when it is so every time it is believed"
