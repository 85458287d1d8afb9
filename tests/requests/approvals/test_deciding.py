"""What waits for an approval, what a decision does to the plan, and who may not decide."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.agreement import ApprovalMode, ApprovalRule, Approver, ApproverKind
from portal.catalog.definition import Need
from portal.catalog.models import ProductVersion
from portal.core.errors import ConflictError, InvalidInputError
from portal.core.journal import Actor, list_entries
from portal.people.models import Department, Person
from portal.people.queries import get_person
from portal.people.roles import Role
from portal.requests.actions.approval import decide_approval
from portal.requests.actions.overdue import remake_overdue
from portal.requests.approvers import Route
from portal.requests.approving import ApprovalState, StepState
from portal.requests.changing.actions.adding import add_line
from portal.requests.changing.actions.cancelling import cancel_request
from portal.requests.changing.actions.change import Change
from portal.requests.models import Approval, ApprovalStep, Request
from portal.requests.queries import get_request_for
from portal.requests.workflow import RequestState, TaskState
from tests.factories import NOW, ZONE, make_block, make_line, make_person, make_product, make_request, sign_in
from tests.requests.approvals.conftest import Case, guarded_block

LATER = NOW + timedelta(hours=2)


def load(session: Session, case: Case) -> Case:
    session.expire_all()
    person = session.scalars(select(Person).where(Person.id == case.employee.id)).one()
    case.request = get_request_for(session, by=person, number=case.request.number, for_change=True)
    return case


def decide(session: Session, case: Case, kind: ApproverKind, person: Person, *, yes: bool, reason: str = "") -> None:
    load(session, case)
    decide_approval(
        session=session,
        request=case.request,
        step=case.step(kind),
        is_approved=yes,
        reason=reason,
        person=person,
        in_place_of=person,
        by=Actor(person_id=person.id),
        at=LATER,
        zone=ZONE,
    )
    session.commit()
    load(session, case)


def seen_on(page: str) -> dict[str, str]:
    """Give the field that tells what a page showed."""
    return dict(re.findall(r'name="(seen)"[^>]*value="([^"]+)"', page))


def states(request: Request) -> dict[str, TaskState]:
    return {task.name.nl: task.state for task in request.tasks}


def test_guarded_tasks_wait_and_the_dates_count_it(session: Session, case: Case) -> None:
    request = load(session, case).request
    assert states(request) == {
        "record": TaskState.READY,
        "account": TaskState.WAITING,
        "laptop": TaskState.WAITING,
        "bag": TaskState.WAITING,
    }
    laptop = next(task for task in request.tasks if task.name.nl == "laptop")
    assert laptop.starts_at >= NOW + timedelta(hours=22), "a working day for the approval comes first"
    assert request.awaits is ApproverKind.MANAGER
    assert {(one.approver_id, one.state) for approval in request.approvals for one in approval.steps} == {
        (case.manager.id, StepState.ASKED),
        (case.holder.id, StepState.ASKED),
    }


def test_below_the_amount_nobody_is_asked(session: Session, case: Case) -> None:
    guarded_block(session, "cable", case_rule(above=1000), 1000)
    version = make_product(session, "cable", [make_line("cable")])
    request = make_request(session, case.employee, version)
    assert (request.approvals, states(request)) == ([], {"cable": TaskState.READY})


def case_rule(*, above: int | None = None, mode: ApprovalMode = ApprovalMode.ALL_OF) -> ApprovalRule:
    approvers = (Approver(kind=ApproverKind.MANAGER), Approver(kind=ApproverKind.BUDGET_HOLDER))
    return ApprovalRule(approvers=approvers, mode=mode, above_cents=above)


def test_approved_tasks_begin_when_their_turn_comes(session: Session, case: Case) -> None:
    decide(session, case, ApproverKind.BUDGET_HOLDER, case.holder, yes=True)
    assert states(case.request)["laptop"] is TaskState.READY
    decide(session, case, ApproverKind.MANAGER, case.manager, yes=True)
    assert states(case.request)["account"] is TaskState.WAITING, "it still comes after the record"
    assert case.request.awaits is None


def test_what_was_refused_leaves_the_plan_and_the_rest_goes_on(session: Session, case: Case) -> None:
    decide(session, case, ApproverKind.BUDGET_HOLDER, case.holder, yes=False, reason="Te duur dit jaar")
    assert states(case.request) == {
        "record": TaskState.READY,
        "account": TaskState.WAITING,
        "laptop": TaskState.REFUSED,
        "bag": TaskState.CANCELLED,
    }
    assert case.request.cost_cents == 1000 + 500, "nobody pays what was refused or fell away"
    told = [one for one in list_entries(session, stream=case.request.stream) if one.type == "approval_refused"]
    assert [(one.actor_id, one.data["text"]) for one in told] == [(case.holder.id, "Te duur dit jaar")]
    assert case.request.state is RequestState.IN_PROGRESS


def test_all_refused_is_a_refused_request(session: Session, case: Case) -> None:
    rule = case_rule(mode=ApprovalMode.IN_ORDER)
    guarded_block(session, "server", rule, 100)
    guarded_block(session, "licence", rule, 100)
    version = make_product(session, "whole", [make_line("server")], approval=rule)
    case.request = make_request(session, case.employee, version)
    session.commit()
    assert [len(one.steps) for one in case.request.approvals] == [2, 2]
    decide(session, case, ApproverKind.MANAGER, case.manager, yes=False, reason="nee")
    assert (case.request.state, states(case.request)) == (RequestState.REFUSED, {"server": TaskState.REFUSED})
    assert {one.state for one in case.request.approvals} == {ApprovalState.REFUSED, ApprovalState.LAPSED}
    assert not any(step.remind_at for one in case.request.approvals for step in one.steps)
    assert case.request.awaits is None


def test_in_order_the_next_is_asked_after_the_first(session: Session, case: Case) -> None:
    guarded_block(session, "server", case_rule(mode=ApprovalMode.IN_ORDER), 100)
    version = make_product(session, "ordered", [make_line("server")])
    case.request = make_request(session, case.employee, version)
    session.commit()
    assert case.step(ApproverKind.BUDGET_HOLDER).state is StepState.WAITING
    decide(session, case, ApproverKind.MANAGER, case.manager, yes=True)
    assert case.step(ApproverKind.BUDGET_HOLDER).state is StepState.ASKED
    assert states(case.request) == {"server": TaskState.WAITING}
    decide(session, case, ApproverKind.BUDGET_HOLDER, case.holder, yes=True)
    assert states(case.request) == {"server": TaskState.READY}


def test_own_request_goes_to_the_manager_above_else_the_owner(session: Session, case: Case, version: ProductVersion) -> None:
    manager = get_person(session, case.manager.id)
    request = make_request(session, manager, version)
    routes = {step.kind: (step.route, step.role) for one in request.approvals for step in one.steps}
    assert routes[ApproverKind.MANAGER] == (Route.UNKNOWN, Role.COORDINATOR), "no manager, no head of the department: the coordinator"
    ict = session.scalars(select(Department).where(Department.code == "ict")).one()
    make_person(session, Role.DEPARTMENT_MANAGER, department=ict)
    ict_id = ict.id
    request = make_request(session, get_person(session, case.manager.id), version)
    step = next(step for one in request.approvals for step in one.steps)
    assert (step.role, step.department_id) == (Role.DEPARTMENT_MANAGER, ict_id)


def test_decided_once_and_a_refusal_says_why(session: Session, case: Case) -> None:
    with pytest.raises(InvalidInputError):
        decide(session, case, ApproverKind.MANAGER, case.manager, yes=False, reason=" ")
    session.rollback()
    decide(session, case, ApproverKind.MANAGER, case.manager, yes=True)
    with pytest.raises(ConflictError):
        decide(session, case, ApproverKind.MANAGER, case.manager, yes=False, reason="toch niet")


def test_a_cancelled_request_asks_nobody_any_more(session: Session, case: Case) -> None:
    load(session, case)
    cancel_request(
        session=session, request=case.request, person=case.employee, by=Actor(person_id=case.employee.id), at=LATER, zone=ZONE, reason="x"
    )
    assert {step.state for one in case.request.approvals for step in one.steps} == {StepState.LAPSED}


def test_when_nobody_answers_the_dates_move_and_say_why(session: Session, case: Case) -> None:
    before = case.request.expected_at
    remake_overdue(session=session, at=NOW + timedelta(days=9), zone=ZONE)
    session.commit()
    load(session, case)
    moved = [one for one in list_entries(session, stream=case.request.stream) if one.type == "dates_changed"]
    assert case.request.expected_at > before
    assert moved
    causes = {one.data["cause"] for one in moved}
    assert causes <= {"approval_still_open", "task_overdue"}


def test_pages_of_who_decides(client: FlaskClient, session: Session, case: Case) -> None:
    address = f"/approvals/{case.request.number}"
    assert client.get("/approvals").status_code == 303, "not signed in"
    sign_in(client, case.manager)
    overview = client.get("/approvals").text
    assert case.request.number in overview
    assert "account" in overview
    assert "laptop" not in overview
    page = client.get(address).text
    assert "Geeft u akkoord" in page
    assert page.count('name="decision" value="approve"') == 1, "only the own line can be decided"
    number = client.get("/approvals", headers={"HX-Request": "true", "HX-Target": "span#approvals-count"}).text
    assert ">1<" in number
    step_id = case.step(ApproverKind.MANAGER).id
    other = case.step(ApproverKind.BUDGET_HOLDER).id
    assert client.post(f"{address}/{other}/decision", data={"decision": "approve"}).status_code == 403
    seen = seen_on(page)
    refused = client.post(f"{address}/{step_id}/decision", data={**seen, "decision": "refuse", "reason": ""})
    assert (refused.status_code, "Schrijf waarom" in refused.text) == (422, True)
    assert client.post(f"{address}/{step_id}/decision", data={**seen, "decision": "approve"}).status_code == 303
    again = client.post(f"{address}/{step_id}/decision", data={**seen, "decision": "refuse", "reason": "nee"})
    assert (again.status_code, "Bram Leidt gaf akkoord" in again.text) == (409, True)
    session.expire_all()
    assert session.get_one(ApprovalStep, step_id).state is StepState.APPROVED
    assert "Niets wacht op uw antwoord" in client.get("/approvals").text


def test_what_changed_since_it_was_shown_is_shown_again_before_it_is_decided(client: FlaskClient, session: Session, case: Case) -> None:
    make_block(session, "screen")
    rule = ApprovalRule(approvers=(Approver(kind=ApproverKind.MANAGER),))
    lines = [make_line("bag"), make_line("screen", need=Need.OPTIONAL, chosen=False)]
    employee = get_person(session, case.employee.id)
    request = make_request(session, employee, make_product(session, "whole", lines, approval=rule))
    session.commit()
    sign_in(client, case.manager)
    address = f"/approvals/{request.number}"
    page = client.get(address).text
    seen = seen_on(page)
    target = f"{address}/{request.approvals[0].steps[0].id}/decision"
    loaded = get_request_for(session, by=employee, number=request.number, for_change=True)
    change = Change(request=loaded, person=employee, by=Actor(), at=NOW, zone=ZONE, version=loaded.version)
    add_line(session=session, change=change, block="screen", answers={}, places={})
    session.commit()
    assert loaded.approvals[0].amount_cents == loaded.cost_cents == 2000, "the approver reads what it costs now"
    shown = client.post(target, data={**seen, "decision": "approve", "reason": "Prima, dank"})
    assert (shown.status_code, "is intussen gewijzigd" in shown.text, "Prima, dank" in shown.text) == (409, True, True)
    session.expire_all()
    assert session.scalars(select(Approval.state).where(Approval.request_id == request.id)).one() is ApprovalState.OPEN
    assert client.post(target, data={**seen_on(shown.text), "decision": "approve"}).status_code == 303
    session.expire_all()
    assert session.scalars(select(Approval.state).where(Approval.request_id == request.id)).one() is ApprovalState.APPROVED


@pytest.mark.parametrize("seen", [{}, {"seen": ""}, {"seen": "anders"}])
@pytest.mark.parametrize("decision", ["approve", "refuse"])
def test_nothing_is_decided_about_what_was_not_shown(
    client: FlaskClient, session: Session, case: Case, decision: str, seen: dict[str, str]
) -> None:
    sign_in(client, case.manager)
    step_id = case.step(ApproverKind.MANAGER).id
    target = f"/approvals/{case.request.number}/{step_id}/decision"
    shown = client.post(target, data={**seen, "decision": decision, "reason": "Te duur"})
    assert (shown.status_code, "nog een keer, en kies daarna" in shown.text, "Te duur" in shown.text) == (409, True, True)
    session.expire_all()
    assert session.get_one(ApprovalStep, step_id).state is StepState.ASKED
    assert client.post(target, data={**seen_on(shown.text), "decision": decision, "reason": "Te duur"}).status_code == 303


@pytest.mark.parametrize("who", ["employee", "stranger"])
def test_others_do_not_see_it(client: FlaskClient, case: Case, who: str) -> None:
    step_id = case.step(ApproverKind.MANAGER).id
    sign_in(client, getattr(case, who))
    assert case.request.number not in client.get("/approvals").text
    assert client.get(f"/approvals/{case.request.number}").status_code == 404
    assert client.post(f"/approvals/{case.request.number}/{step_id}/decision", data={"decision": "approve"}).status_code == 404


def test_the_requester_reads_who_holds_the_ball(client: FlaskClient, session: Session, case: Case) -> None:
    decide(session, case, ApproverKind.BUDGET_HOLDER, case.holder, yes=False, reason="Te duur dit jaar")
    sign_in(client, case.employee)
    page = client.get(f"/requests/{case.request.number}").text
    assert "Wij wachten op akkoord van de leidinggevende van de aanvrager" in page
    assert "Bram Leidt" in page
    assert "Te duur dit jaar" in page
    why = client.get(f"/requests/{case.request.number}/why").text
    assert "Akkoord voor" in why
