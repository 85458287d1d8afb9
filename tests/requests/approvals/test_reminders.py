"""Who does not answer is reminded in working hours; who left is replaced."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.agreement import ApproverKind
from portal.core.journal import Actor, JournalEntry, list_entries
from portal.people.models import Person, RoleAssignment
from portal.people.roles import Role
from portal.requests.actions.approval import remind_approvers, reroute_left
from portal.requests.approvals.queries import list_waiting_for
from portal.requests.approvers import Route
from portal.requests.approving import StepState
from portal.requests.changing.actions.cancelling import cancel_request
from portal.requests.models import ApprovalStep
from portal.requests.queries import get_request_for_change
from tests.factories import NOW, ZONE, make_department, make_person, sign_in
from tests.requests.approvals.conftest import Case


def steps_of(session: Session, person: Person) -> ApprovalStep:
    return session.scalars(select(ApprovalStep).where(ApprovalStep.approver_id == person.id)).one()


def test_after_one_day_then_every_two_three_times(client: FlaskClient, session: Session, case: Case) -> None:
    moments = []
    for hour in range(24 * 21):
        at = NOW + timedelta(hours=hour)
        before = steps_of(session, case.manager).reminders
        remind_approvers(session=session, at=at, zone=ZONE)
        session.flush()
        if steps_of(session, case.manager).reminders > before:
            moments.append(at)
    # Monday 10:00; reminded on Tuesday, Thursday and, with the weekend in between, Monday.
    assert [one.weekday() for one in moments] == [1, 3, 0]
    assert all(8 <= one.astimezone(ZONE).hour <= 17 for one in moments)
    told = [one for one in list_entries(session, stream=case.request.stream) if one.type == "approval_reminded"]
    assert sorted(one.data["number"] for one in told) == [1, 1, 2, 2, 3, 3]
    session.commit()
    sign_in(client, make_person(session, Role.COORDINATOR))
    desk = client.get("/desk").text
    assert "Niemand antwoordde na drie herinneringen" in desk
    assert "account en laptop" in desk


def test_who_left_is_replaced_by_the_one_above(session: Session, case: Case) -> None:
    case.manager.manager_id, case.manager.is_active, case.holder.is_active = case.stranger.id, False, False
    session.commit()
    assert reroute_left(session=session, at=NOW, zone=ZONE) == 2
    session.flush()
    assert reroute_left(session=session, at=NOW, zone=ZONE) == 0
    steps = {step.kind: step for step in session.scalars(select(ApprovalStep))}
    manager, holder = steps[ApproverKind.MANAGER], steps[ApproverKind.BUDGET_HOLDER]
    assert (manager.approver_id, manager.route, manager.state) == (case.stranger.id, Route.GONE, StepState.ASKED)
    assert (holder.approver_id, holder.role, holder.route) == (None, Role.COORDINATOR, Route.GONE)
    assert len(list_waiting_for(session, person_id=case.stranger.id, today=NOW.date())) == 1


def asked_of_a_role(session: Session, case: Case, role: Role) -> ApprovalStep:
    """Ask everybody with a role for the product's department instead of the manager, and remind them as often as we do."""
    step = steps_of(session, case.manager)
    step.approver_id, step.role, step.department_id, step.reminders, step.remind_at = None, role, case.request.owner_id, 3, None
    session.commit()
    return step


@pytest.mark.parametrize("how", ["left", "lost", "elsewhere", "own"])
def test_a_role_that_nobody_has_any_more_goes_on_to_a_coordinator_who_is_reminded(session: Session, case: Case, how: str) -> None:
    step = asked_of_a_role(session, case, Role.DEPARTMENT_MANAGER)
    first, last, chair = (make_person(session, name=name) for name in ("Ans Eerst", "Tom Laatst", "Kim Coordineert"))
    held = [RoleAssignment(person_id=one.id, role=step.role, department_id=step.department_id) for one in (first, last)]
    session.add_all([*held, RoleAssignment(person_id=chair.id, role=Role.COORDINATOR)])
    first.is_active = False
    session.commit()
    monday = NOW + timedelta(days=21, hours=1)
    assert reroute_left(session=session, at=monday, zone=ZONE) == 0, "somebody still has it"
    match how:
        case "left":
            last.is_active = False
        case "lost":
            session.delete(held[1])
        case "elsewhere":
            held[1].department_id = make_department(session, "personeel").id
        case "own":
            case.request.beneficiary_id = last.id
    session.commit()
    assert reroute_left(session=session, at=monday, zone=ZONE) == 1
    session.commit()
    assert (step.approver_id, step.role, step.department_id, step.route) == (None, Role.COORDINATOR, None, Route.GONE)
    assert (step.asked_at, step.reminders, step.remind_at) == (monday, 0, monday + timedelta(days=1))
    asked = [one for one in list_entries(session, stream=case.request.stream) if one.type == "approval_asked" and one.at == monday]
    assert [one.data["route"] for one in asked] == ["gone"], "the coordinator hears of it"
    assert len(list_waiting_for(session, person_id=chair.id, today=monday.date())) == 1
    assert reminded(session, at=monday + timedelta(days=1))[-1] == monday + timedelta(days=1)


def test_a_coordinator_is_the_last_who_can_be_asked(session: Session, case: Case) -> None:
    step = asked_of_a_role(session, case, Role.COORDINATOR)
    for _ in range(2):
        assert reroute_left(session=session, at=NOW + timedelta(days=21), zone=ZONE) == 0, "nobody has that role"
    assert (step.reminders, step.remind_at) == (3, None)


def reminded(session: Session, *, at: datetime) -> list[datetime]:
    """Let the job run, and give when anybody was reminded."""
    remind_approvers(session=session, at=at, zone=ZONE)
    session.flush()
    return sorted({one.at for one in session.scalars(select(JournalEntry).where(JournalEntry.type == "approval_reminded"))})


@pytest.mark.usefixtures("case")
def test_a_reminder_that_comes_late_waits_until_somebody_works(session: Session) -> None:
    evening, morning = NOW + timedelta(days=1, hours=12), NOW + timedelta(days=1, hours=22)
    assert not reminded(session, at=evening), "Tuesday at ten in the evening, after the worker stood still"
    assert not reminded(session, at=morning - timedelta(minutes=1))
    assert reminded(session, at=morning) == [morning], "Wednesday at eight"
    assert reminded(session, at=morning) == [morning], "the job runs twice"
    assert reminded(session, at=morning + timedelta(days=2)) == [morning, morning + timedelta(days=2)]


def test_who_is_asked_instead_is_reminded_from_then_on(session: Session, case: Case) -> None:
    for day in range(15):
        remind_approvers(session=session, at=NOW + timedelta(days=day), zone=ZONE)
    session.flush()
    assert steps_of(session, case.manager).remind_at is None, "three times is enough"
    case.manager.manager_id, case.manager.is_active = case.stranger.id, False
    session.commit()
    later = NOW + timedelta(days=21, hours=1)  # a Monday
    reroute_left(session=session, at=later, zone=ZONE)
    session.flush()
    step = steps_of(session, case.stranger)
    assert (step.reminders, step.remind_at) == (0, later + timedelta(days=1))
    remind_approvers(session=session, at=later + timedelta(days=1), zone=ZONE)
    assert step.reminders == 1


def test_who_has_decided_or_is_not_needed_any_more_is_not_reminded(session: Session, case: Case) -> None:
    request = get_request_for_change(session, case.request.id)
    cancel_request(
        session=session, request=request, person=case.employee, by=Actor(person_id=case.employee.id), at=NOW, zone=ZONE, reason="x"
    )
    session.commit()
    assert not reminded(session, at=NOW + timedelta(days=3))


def test_reminders_keep_the_hour_of_the_clock_when_it_is_put_back(session: Session, case: Case) -> None:
    friday = datetime(2027, 10, 29, 8, 0, tzinfo=UTC)  # 10:00 in Amsterdam; on Sunday the clock goes back
    step = steps_of(session, case.manager)
    step.remind_at = friday
    session.flush()
    assert reminded(session, at=friday) == [friday]
    session.expire_all()
    assert steps_of(session, case.manager).remind_at == datetime(2027, 11, 2, 9, 0, tzinfo=UTC), "Tuesday at ten"
