"""Moving the wished day of a request that runs: what hangs on it, what that does, when it is fixed, and who may."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.actions import publish_block, publish_product, save_question
from portal.catalog.agreement import Anchor, Offset
from portal.catalog.definition import Need, Privacy, Question, QuestionKind
from portal.catalog.memory import block_definition_of
from portal.catalog.models import ProductVersion
from portal.core.clock import utc_now
from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.core.journal import SYSTEM, Actor, JournalEntry
from portal.core.references import new_token
from portal.people.models import Person
from portal.people.queries import get_person
from portal.people.roles import Role
from portal.planning.norm import Norm, NormUnit
from portal.requests.actions.life import claim_task, start_task
from portal.requests.changing.actions.change import Change
from portal.requests.changing.actions.moving import list_fixed, move_wished_date, work_out_move
from portal.requests.changing.actions.revising import load_stand
from portal.requests.models import Request
from portal.requests.queries import get_request_for, get_task_for
from portal.requests.workflow import TaskState
from tests.factories import NOW, ZONE, make_block, make_department, make_line, make_person, make_request, sign_in, words
from tests.requests.changing.meetings import fields
from tests.requests.test_fanout import make_definition

DAY = utc_now().date() + timedelta(days=60)
LATER = DAY + timedelta(days=14)


@pytest.fixture
def version(session: Session) -> ProductVersion:
    """Publish a party: the room asks for the day, the flowers begin two working days before it."""
    make_department(session, "ict")
    begin = Question(
        code="begin", kind=QuestionKind.DATE, label=words("begin?"), need=Need.REQUIRED, privacy=Privacy.NONE, not_in_past=True
    )
    save_question(session=session, question=begin)
    make_block(session, "room", questions=[begin])
    flowers = replace(block_definition_of(make_block(session, "flowers")), notice=Norm(3, NormUnit.WORKING_DAYS))
    publish_block(session=session, definition=flowers, by=SYSTEM, at=NOW)
    make_block(session, "cards")
    return publish(session, [])


def publish(session: Session, more: list[str]) -> ProductVersion:
    starts = Offset(length=Norm(2, NormUnit.WORKING_DAYS), anchor=Anchor.WISHED_DATE)
    lines = [make_line("room"), replace(make_line("flowers"), starts=starts)]
    lines += [make_line(block, when={"question": "begin", "answered": True}) for block in more]
    definition = replace(make_definition(lines, []), wished_date="begin")
    return publish_product(session=session, definition=definition, by=SYSTEM, at=NOW)


@pytest.fixture
def party(session: Session, asker: Person, version: ProductVersion) -> Request:
    request = make_request(session, asker, version, at=utc_now(), answers={"begin": DAY.isoformat()}, has_details=True)
    session.commit()
    return request


def move(session: Session, request: Request, person: Person, day: date, *, version: int | None = None) -> Request:
    loaded = get_request_for(session, by=person, number=request.number, for_change=True)
    seen = loaded.version if version is None else version
    change = Change(request=loaded, person=person, by=Actor(person_id=person.id), at=utc_now(), zone=ZONE, version=seen)
    move_wished_date(session=session, change=change, wished_on=day)
    session.flush()
    session.expire_all()
    return get_request_for(session, by=get_person(session, person.id), number=loaded.number)


def test_moving_gives_the_plan_of_an_order_for_that_day(session: Session, asker: Person, version: ProductVersion, party: Request) -> None:
    shown = work_out_move(stand=load_stand(session=session, request=party, at=utc_now(), zone=ZONE), wished_on=LATER).dates
    flowers = party.tasks[1]
    was, handler = flowers.not_before, make_person(session, Role.BACK_OFFICE, department=flowers.department)
    task = get_task_for(session, by=handler, task_id=flowers.id, for_change=True)
    claim_task(session=session, task=task, person=handler, by=Actor(person_id=handler.id), at=utc_now())
    moved = move(session, party, asker, LATER)
    plan = [(one.not_before, one.latest_start_at) for one in moved.tasks]
    assert (shown.expected_at.date(), shown.latest_at.date()) == (moved.expected_at.date(), moved.latest_at.date())
    assert was is not None
    assert moved.tasks[1].not_before is not None
    assert moved.tasks[1].not_before - was == timedelta(days=14)
    assert moved.wished_on == LATER
    assert [one["value"] for one in moved.answers] == [LATER.isoformat()]
    told = session.scalars(select(JournalEntry).where(JournalEntry.type == "line_changed")).all()
    assert [one.data["handler_id"] for one in told] == [handler.id]
    asker = get_person(session, asker.id)
    version = session.get_one(ProductVersion, version.id)
    anew = make_request(session, asker, version, at=utc_now(), answers={"begin": LATER.isoformat()}, has_details=True)
    assert [(one.not_before, one.latest_start_at) for one in anew.tasks] == plan


def test_what_had_begun_its_turn_waits_again_when_the_day_is_later(session: Session, asker: Person, version: ProductVersion) -> None:
    soon = utc_now().date() + timedelta(days=1)
    request = make_request(session, asker, version, at=utc_now(), answers={"begin": soon.isoformat()}, has_details=True)
    assert request.tasks[1].state is TaskState.READY
    moved = move(session, request, asker, LATER)
    assert moved.tasks[1].state is TaskState.WAITING
    assert move(session, moved, asker, soon).tasks[1].state is TaskState.READY


def test_it_is_refused_to_others_when_stale_past_or_fixed(session: Session, asker: Person, party: Request) -> None:
    handler = make_person(session, Role.BACK_OFFICE, department=party.tasks[0].department)
    with pytest.raises(ForbiddenError):
        move(session, party, handler, LATER)
    with pytest.raises(ConflictError, match="stale_version"):
        move(session, party, asker, LATER, version=99)
    with pytest.raises(InvalidInputError):
        move(session, party, asker, utc_now().date() - timedelta(days=2))
    task = get_task_for(session, by=handler, task_id=party.tasks[0].id, for_change=True)
    start_task(session=session, task=task, person=handler, by=Actor(person_id=handler.id), at=utc_now(), zone=ZONE)
    stand = load_stand(session=session, request=task.request, at=utc_now(), zone=ZONE)
    assert [one.task.name.nl for one in list_fixed(stand=stand)] == ["room"]
    with pytest.raises(ConflictError, match="past_no_return"):
        move(session, party, asker, LATER)


def test_the_page_shows_what_it_does_first(client: FlaskClient, asker: Person, party: Request) -> None:
    sign_in(client, asker)
    path = f"/requests/{party.number}/wished-date"
    assert path in client.get(f"/requests/{party.number}").text
    page = client.get(path).text
    assert "Wat dit verandert" not in page
    assert client.post(path, data=fields(page, begin="2020-01-01")).status_code == 422
    assert client.post(path, data={**fields(page, begin=LATER.isoformat()), "version": "99"}).status_code == 409
    shown = client.post(path, data=fields(page, begin=LATER.isoformat()))
    assert shown.status_code == 422
    assert "Alles is op tijd klaar" in shown.text
    today = utc_now().astimezone(ZONE).date().isoformat()
    assert "Dit is te snel" in client.post(path, data=fields(page, begin=today)).text
    data = fields(shown.text, begin=LATER.isoformat())
    done = client.post(path, data=data)
    assert done.status_code == 303
    assert client.post(path, data=data).location == done.location
    assert "heeft een andere dag gevraagd" in client.get(done.location).text
    assert client.post(path, data={**data, "form_key": new_token()}).status_code == 409


def test_the_page_says_what_keeps_the_day(client: FlaskClient, session: Session, asker: Person, party: Request) -> None:
    handler = make_person(session, Role.BACK_OFFICE, department=party.tasks[0].department)
    task = get_task_for(session, by=handler, task_id=party.tasks[0].id, for_change=True)
    start_task(session=session, task=task, person=handler, by=Actor(person_id=handler.id), at=utc_now(), zone=ZONE)
    session.commit()
    sign_in(client, asker)
    page = client.get(f"/requests/{party.number}/wished-date").text
    assert "room" in page
    assert 'name="seen"' not in page


def test_a_day_that_decides_lines_is_not_moved_here(client: FlaskClient, session: Session, asker: Person, version: ProductVersion) -> None:
    del version
    deciding = publish(session, ["cards"])
    request = make_request(session, asker, deciding, answers={"begin": DAY.isoformat()}, has_details=True)
    session.commit()
    sign_in(client, asker)
    path = f"/requests/{request.number}/wished-date"
    assert "beslist over meer" in client.get(path).text
    assert client.post(path, data={"version": str(request.version), "form_key": "k"}).status_code == 409


def test_others_cannot_move_it(client: FlaskClient, session: Session, party: Request) -> None:
    path = f"/requests/{party.number}/wished-date"
    assert client.get(path).location.startswith("/sign-in?next=")
    handler = make_person(session, Role.BACK_OFFICE, department=party.tasks[0].department)
    for person, status in ((handler, 403), (make_person(session, name="Iemand Anders"), 404)):
        sign_in(client, person)
        assert client.get(path).status_code == status
        assert client.post(path, data={"version": "1", "form_key": new_token()}).status_code == status
        client.post("/sign-out")
    agent = make_person(session, Role.SERVICE_DESK)
    sign_in(client, agent)
    shown = client.post(path, data=fields(client.get(path).text, begin=LATER.isoformat())).text
    assert client.post(path, data=fields(shown, begin=LATER.isoformat())).status_code == 303
    event = session.scalars(select(JournalEntry).where(JournalEntry.type == "wish_moved")).one()
    assert (event.actor_id, event.on_behalf_of_id) == (agent.id, party.requester_id)
