"""The forecast of our own tasks: learnt from what was finished and from pauses, given to what has not begun."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.catalog.models import ProductVersion
from portal.core.journal import SYSTEM
from portal.people.models import Person
from portal.people.roles import Role
from portal.planning.actions import record_duration, record_pause
from portal.planning.models import Pace, PausePace
from portal.planning.queries import load_calendars
from portal.requests.actions.life import finish_task, resume_task, suspend_task
from portal.requests.actions.replanning import dates_of
from portal.requests.models import Request, Task
from portal.requests.queries import get_request_for_change, list_running
from portal.requests.workflow import SuspendReason
from tests.factories import NOW, ZONE, make_chain, make_person, make_request

DAY = 540


@pytest.fixture
def version(session: Session) -> ProductVersion:
    return make_chain(session)


def made(session: Session, version: ProductVersion) -> Request:
    request = make_request(session, make_person(session), version)
    session.flush()
    session.expire_all()
    return get_request_for_change(session, request.id)


def handler_of(session: Session, task: Task) -> Person:
    return make_person(session, Role.BACK_OFFICE, department=task.department)


def learn(session: Session, task: Task, *, minutes: int, times: int, latest: int = DAY) -> Pace:
    for turn in range(times):
        record_duration(
            session=session,
            block_id=task.block_id,
            department_id=task.department_id,
            norm_minutes=DAY,
            minutes=minutes,
            latest_minutes=latest,
            running=(),
            at=NOW - timedelta(days=100 - turn),
        )
    return session.get_one(Pace, task.block_id)


def test_the_level_rises_when_work_is_later_than_the_latest_and_falls_when_it_is_not(session: Session, version: ProductVersion) -> None:
    task = made(session, version).tasks[0]
    late = learn(session, task, minutes=2 * DAY, times=5).level
    assert late > 0.85
    assert learn(session, task, minutes=60, times=20).level < late


def test_what_was_learnt_reaches_new_requests_and_tasks_that_have_not_begun(session: Session, version: ProductVersion) -> None:
    request = made(session, version)
    first, second = request.tasks[0], request.tasks[1]
    learn(session, second, minutes=5 * DAY, times=40)
    before, frozen = request.expected_at, first.expected_minutes
    finish_task(session=session, task=first, person=handler_of(session, first), by=SYSTEM, at=NOW, zone=ZONE, result="")
    assert request.tasks[1].expected_minutes == DAY  # it begins now, with what was known when its predecessor ended
    assert first.expected_minutes == frozen
    third = made(session, version)
    assert third.tasks[1].expected_minutes > 4 * DAY
    assert third.expected_at > before


def test_what_another_department_took_says_nothing(session: Session, version: ProductVersion) -> None:
    task = made(session, version).tasks[1]
    pace = learn(session, task, minutes=5 * DAY, times=40)
    pace.department_id = made(session, version).tasks[0].department_id
    session.flush()
    assert made(session, version).tasks[1].expected_minutes == DAY


def test_what_another_department_has_under_way_says_nothing(session: Session, version: ProductVersion) -> None:
    mine, _, last = made(session, version).tasks[0], made(session, version), made(session, version)
    moved = last.tasks[0]
    assert len(list_running(session, task=mine, most=10)) == 2
    assert len(list_running(session, task=mine, most=1)) == 1
    moved.department_id = last.tasks[1].department_id
    session.flush()
    assert len(list_running(session, task=mine, most=10)) == 1
    assert not list_running(session, task=moved, most=10)


def test_a_suspension_is_forecast_from_earlier_ones_for_the_same_reason(session: Session, version: ProductVersion) -> None:
    request = made(session, version)
    task = request.tasks[0]
    for _ in range(40):
        record_pause(session=session, department_id=task.department_id, reason=SuspendReason.SUPPLIER, minutes=4 * DAY, at=NOW)
    before = request.expected_at
    worker = handler_of(session, task)
    suspend_task(
        session=session, task=task, person=worker, by=SYSTEM, at=NOW, zone=ZONE, reason=SuspendReason.SUPPLIER, note="Wacht op onderdelen."
    )
    assert request.expected_at > before + timedelta(days=3)
    resume_task(session=session, task=task, person=worker, by=SYSTEM, at=NOW + timedelta(days=1), zone=ZONE)
    assert task.pause_ladder is None
    assert request.expected_at <= before + timedelta(days=1, hours=1)
    learnt = session.get_one(PausePace, (task.department_id, SuspendReason.SUPPLIER.value))
    assert 3 * DAY < learnt.ladder[9] < 4 * DAY


def test_a_request_is_never_dated_earlier_by_waiting(session: Session, version: ProductVersion) -> None:
    request = made(session, version)
    learn(session, request.tasks[0], minutes=DAY, times=10)
    calendars, last = load_calendars(session, ZONE), request.expected_at
    for hours in (1, 4, 9, 24, 50, 100, 400):
        dates = dates_of(request=request, calendars=calendars, at=NOW + timedelta(hours=hours))
        assert dates.latest_at >= dates.expected_at >= last
        last = dates.expected_at
