"""A request of three tasks, somebody at the desk and somebody behind it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.core.journal import Actor
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.models import Request
from portal.requests.promises.actions import PromiseWish, make_promise
from portal.requests.promises.models import Promise
from portal.requests.promises.workflow import Channel
from portal.requests.queries import get_request_for_change
from tests.factories import NOW, ZONE, make_chain, make_person, make_request

MakePromise = Callable[..., Promise]
AFTERNOON = NOW + timedelta(hours=6)  # Monday 16:00 in Amsterdam


@pytest.fixture
def asker(session: Session) -> Person:
    return make_person(session, name="Mirjam Aanvrager", username="mirjam")


@pytest.fixture
def asked(session: Session, asker: Person) -> Request:
    made = make_request(session, asker, make_chain(session), beneficiary_id=None, beneficiary_name="Bas Begunstigde")
    session.commit()
    return made


@pytest.fixture
def agent(session: Session, asked: Request) -> Person:
    """Somebody at the desk, which sits in the department of the owner."""
    return make_person(session, Role.SERVICE_DESK, name="Yara Balie", department=asked.owner)


@pytest.fixture
def handler(session: Session, asked: Request) -> Person:
    return make_person(session, Role.BACK_OFFICE, name="Hans Behandelaar", department=asked.tasks[0].department)


@pytest.fixture
def promise(session: Session, asked: Request, agent: Person) -> MakePromise:
    """Give a function that makes a promise of the agent, by phone on Monday at 16:00."""

    def make(due_at: datetime = AFTERNOON, at: datetime = NOW, **more: object) -> Promise:
        request = get_request_for_change(session, asked.id)
        wish = {"what": "De uitkomst van de test", "channel": Channel.PHONE, "department_id": request.owner_id, "keeper": agent}
        made = make_promise(
            session=session,
            request=request,
            wish=PromiseWish(due_at=due_at, **(wish | more)),  # type: ignore[arg-type]
            person=agent,
            by=Actor(person_id=agent.id),
            at=at,
            zone=ZONE,
        )
        session.commit()
        return made

    return make


def fresh(session: Session, request: Request) -> Request:
    """Load a request with its tasks, as it is now."""
    return get_request_for_change(session, request.id)
