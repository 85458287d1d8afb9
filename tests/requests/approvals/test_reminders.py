"""Who does not answer is reminded in working hours; who left is replaced."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.agreement import ApproverKind
from portal.core.journal import list_entries
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.actions.approval import remind_approvers, reroute_left
from portal.requests.approvals.queries import list_waiting_for
from portal.requests.approvers import Route
from portal.requests.approving import StepState
from portal.requests.models import ApprovalStep
from tests.factories import NOW, ZONE, make_person, sign_in
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
    assert reroute_left(session=session, at=NOW) == 2
    session.flush()
    assert reroute_left(session=session, at=NOW) == 0
    steps = {step.kind: step for step in session.scalars(select(ApprovalStep))}
    manager, holder = steps[ApproverKind.MANAGER], steps[ApproverKind.BUDGET_HOLDER]
    assert (manager.approver_id, manager.route, manager.state) == (case.stranger.id, Route.GONE, StepState.ASKED)
    assert (holder.approver_id, holder.role, holder.route) == (None, Role.COORDINATOR, Route.GONE)
    assert len(list_waiting_for(session, person_id=case.stranger.id, today=NOW.date())) == 1
