"""A request that is done, with who asked for it and who did it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from portal.core.journal import Actor
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.actions.life import finish_task
from portal.requests.models import Request
from portal.requests.queries import get_request_for_change
from portal.requests.workflow import TaskState
from tests.factories import NOW, ZONE, make_chain, make_person, make_request

DONE_AT = NOW + timedelta(hours=6)
Finish = Callable[..., None]


@pytest.fixture(autouse=True)
def moment() -> object:
    """Let it be the day on which everything was done; a test that travels moves on from there."""
    with time_machine.travel(DONE_AT + timedelta(minutes=5), tick=False) as traveller:
        yield traveller


@pytest.fixture
def noor(session: Session) -> Person:
    return make_person(session)


@pytest.fixture
def finish(session: Session) -> Finish:
    """Give a function that finishes all that can be done of a request, by one person or by people of the departments."""

    def all_of(request: Request, *, at: datetime = DONE_AT, by: Person | None = None) -> None:
        found = get_request_for_change(session, request.id)
        while ready := [one for one in found.tasks if one.state in {TaskState.READY, TaskState.IN_PROGRESS}]:
            for task in ready:
                handler = by or make_person(session, Role.DEPARTMENT_MANAGER, department=task.department)
                finish_task(session=session, task=task, person=handler, by=Actor(person_id=handler.id), at=at, zone=ZONE, result="")
        session.flush()

    return all_of


@pytest.fixture
def done(session: Session, noor: Person, finish: Finish) -> Request:
    """Give a request of Noor that is done."""
    request = make_request(session, noor, make_chain(session))
    finish(request)
    return get_request_for_change(session, request.id)
