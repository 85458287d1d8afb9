"""The time that approvals take: learnt from what was decided, and forecast from how long it waits already."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.agreement import ApprovalMode, ApprovalRule, Approver, ApproverKind
from portal.catalog.approval_pages import Approvals
from portal.catalog.approval_times import approver_norm
from portal.catalog.memory import definition_of
from portal.catalog.models import ProductVersion
from portal.core.journal import Actor
from portal.people.models import Person
from portal.people.queries import get_person
from portal.planning.actions import record_pause
from portal.planning.models import Pause, PausePace
from portal.planning.queries import load_calendars
from portal.requests.actions.approval import decide_approval
from portal.requests.actions.replanning import dates_of
from portal.requests.models import Approval, Request
from portal.requests.ordering.content import load_content
from portal.requests.ordering.preview import preview_plan
from portal.requests.queries import get_request_for_change
from tests.factories import NOW, ZONE, make_draft, make_line, make_product, make_request
from tests.requests.approvals.conftest import Case, guarded_block

DAY = 540
FRIDAY = NOW + timedelta(days=4)
MANAGER_FIRST = ApprovalRule(
    approvers=(Approver(kind=ApproverKind.MANAGER), Approver(kind=ApproverKind.BUDGET_HOLDER)), mode=ApprovalMode.IN_ORDER
)


def learn(session: Session, department_id: int, kind: ApproverKind, *, minutes: int, times: int = 90) -> None:
    for turn in range(times):
        at = NOW - timedelta(days=100, minutes=-turn)
        record_pause(session=session, department_id=department_id, reason=kind, minutes=minutes, at=at, norm=approver_norm(DAY))


def approval_of(request: Request, kind: ApproverKind) -> Approval:
    return next(one for one in request.approvals if one.steps[0].kind is kind)


@pytest.fixture
def decide(session: Session) -> Callable[[Request, Person], None]:
    """Give a function that lets the one who is asked approve on Friday."""

    def approve(request: Request, person: Person) -> None:
        step = next(step for one in request.approvals for step in one.steps if step.approver_id == person.id)
        decide_approval(
            session=session,
            request=request,
            step=step,
            is_approved=True,
            reason="",
            person=person,
            in_place_of=person,
            by=Actor(person_id=person.id),
            at=FRIDAY,
            zone=ZONE,
        )
        session.flush()

    return approve


def again(session: Session, request: Request) -> Request:
    session.flush()
    session.expire_all()
    return get_request_for_change(session, request.id)


def test_a_decision_is_learnt_by_kind_in_working_minutes_and_drawn_to_the_norm(
    session: Session, case: Case, decide: Callable[[Request, Person], None]
) -> None:
    request = again(session, case.request)
    decide(request, case.manager)
    waits = session.scalars(select(Pause)).all()
    assert [(one.reason, one.department_id, one.minutes) for one in waits] == [("manager", request.owner_id, 4 * DAY)]
    pace = session.get_one(PausePace, (request.owner_id, "manager"))
    assert list(pace.ladder) != approver_norm(DAY)
    assert session.get(PausePace, (request.owner_id, "budget_holder")) is None


def test_what_approvals_take_lately_is_in_the_dates_of_new_requests(session: Session, case: Case, version: ProductVersion) -> None:
    before = again(session, case.request)
    assert approval_of(before, ApproverKind.MANAGER).expected_minutes == DAY
    learn(session, before.owner_id, ApproverKind.MANAGER, minutes=8 * DAY)
    after = again(session, make_request(session, get_person(session, case.employee.id), version))
    assert approval_of(after, ApproverKind.MANAGER).expected_minutes > 6 * DAY
    assert approval_of(after, ApproverKind.BUDGET_HOLDER).expected_minutes == DAY
    assert after.first_expected_at > again(session, before).first_expected_at + timedelta(days=6)


def test_the_longer_it_waits_the_later_it_ends_and_never_earlier(session: Session, case: Case) -> None:
    request = again(session, case.request)
    calendars, last = load_calendars(session, ZONE), request.expected_at
    for days in (1, 2, 3, 5, 9, 20):
        dates = dates_of(request=request, calendars=calendars, at=NOW + timedelta(days=days))
        assert dates.expected_at >= last
        last = dates.expected_at
    assert last > NOW + timedelta(days=20)


def test_when_the_first_of_two_has_decided_the_second_is_forecast_from_then(
    session: Session, case: Case, decide: Callable[[Request, Person], None]
) -> None:
    guarded_block(session, "car", MANAGER_FIRST, 100)
    request = again(session, make_request(session, case.employee, make_product(session, "car", [make_line("car")])))
    approval = request.approvals[0]
    assert (approval.expected_minutes, approval.waits_since) == (2 * DAY, NOW)
    learn(session, request.owner_id, ApproverKind.BUDGET_HOLDER, minutes=4 * DAY)
    decide(request, case.manager)
    assert approval.waits_since == FRIDAY
    assert 3 * DAY < approval.expected_minutes < 5 * DAY
    assert request.expected_at > FRIDAY + timedelta(days=3)


def test_the_catalogue_the_order_and_the_request_tell_the_same_time(session: Session, case: Case) -> None:
    guarded_block(session, "car", MANAGER_FIRST, 100)
    version = make_product(session, "car", [make_line("car")])
    for kind, days in ((ApproverKind.MANAGER, 3), (ApproverKind.BUDGET_HOLDER, 6)):
        learn(session, version.owner_id, kind, minutes=days * DAY)
    session.flush()
    calendars = load_calendars(session, ZONE)
    shown = Approvals(session, rules={"car": MANAGER_FIRST}, calendars=calendars).waits(definition_of(version), owner_id=version.owner_id)
    person = get_person(session, case.employee.id)
    preview = preview_plan(session, load_content(session, make_draft(session, person, version)), at=NOW, zone=ZONE)
    (before,) = preview.waits.steps
    made = again(session, make_request(session, person, version)).approvals[0]
    times = [round(shown["car"][0] * DAY), before.expected_minutes, made.expected_minutes]
    assert times == [made.expected_minutes] * 3
    assert before.latest_minutes == made.latest_minutes
    assert made.expected_minutes > 7 * DAY
