"""Other answers on which parts of a running request hang: what comes, what goes, what is fixed, and who may."""

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.actions import save_question
from portal.catalog.definition import Need, QuestionKind
from portal.catalog.models import ProductVersion
from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.core.journal import Actor, JournalEntry
from portal.core.references import new_token
from portal.people.models import Person
from portal.people.queries import get_person
from portal.people.roles import Role
from portal.requests.actions.life import start_task
from portal.requests.changing.actions.change import Change
from portal.requests.changing.actions.deciding import decide_otherwise, list_deciding, work_out_deciding
from portal.requests.changing.actions.revising import load_stand
from portal.requests.changing.actions.weaving import dates_with
from portal.requests.changing.joining import Hurdle, Standing
from portal.requests.changing.no_return import Barrier, Window
from portal.requests.models import Request
from portal.requests.queries import get_request_for, get_task_for
from portal.requests.workflow import TaskState
from tests.factories import NOW, ZONE, make_block, make_department, make_line, make_person, make_product, make_request, sign_in
from tests.requests.changing.meetings import fields, plan_of, question


@pytest.fixture
def version(session: Session) -> ProductVersion:
    """Publish a workplace: with a car comes parking, which asks for the plate, and the gate needs parking."""
    make_department(session, "ict")
    car, plate, colour = question("car", QuestionKind.YES_NO), question("plate"), question("colour", need=Need.OPTIONAL)
    big = question("big", need=Need.OPTIONAL, when={"question": "car", "is": True})
    for one in (car, plate, colour, big):
        save_question(session=session, question=one)
    make_block(session, "desk", questions=[car, colour, big])
    make_block(session, "parking", questions=[plate])
    make_block(session, "gate")
    with_car = {"question": "car", "is": True}
    lines = [make_line("desk"), make_line("parking", when=with_car), make_line("gate", when=with_car)]
    return make_product(session, "place", lines, [("gate", "parking")])


def order(session: Session, asker: Person, version: ProductVersion, **answers: Any) -> Request:
    request = make_request(session, asker, version, answers=answers, has_details=True)
    session.commit()
    return request


def decide(session: Session, request: Request, person: Person, *, version: int | None = None, **answers: Any) -> Request:
    loaded = get_request_for(session, by=person, number=request.number, for_change=True)
    seen = loaded.version if version is None else version
    change = Change(request=loaded, person=person, by=Actor(person_id=person.id), at=NOW, zone=ZONE, version=seen)
    decide_otherwise(session=session, change=change, answers=answers, places={})
    session.flush()
    session.expire_all()
    return get_request_for(session, by=get_person(session, person.id), number=loaded.number)


def test_what_is_needed_now_comes_as_in_a_new_order(session: Session, asker: Person, version: ProductVersion) -> None:
    request = order(session, asker, version, car=False, colour="rood")
    stand = load_stand(session=session, request=request, at=NOW, zone=ZONE)
    assert [one.code for one in list_deciding(stand=stand)] == ["car"]
    decision = work_out_deciding(stand=stand, answers={"car": True, "plate": "1-ABC-23"})
    assert [line.block for line in decision.found.lines] == ["parking", "gate"]
    shown = dates_with(stand=decision.stand, found=decision.found)
    with pytest.raises(InvalidInputError):
        decide(session, request, asker, car=True)
    session.rollback()
    changed = decide(session, request, asker, car=True, plate="1-ABC-23")
    assert (shown.expected_at, shown.latest_at) == (changed.expected_at, changed.latest_at)
    assert {one["code"]: one["value"] for one in changed.answers} == {"car": True, "colour": "rood", "plate": "1-ABC-23"}
    plan = plan_of(changed)
    whole = order(session, get_person(session, asker.id), session.get_one(ProductVersion, version.id), car=True, plate="1-ABC-23")
    assert plan == plan_of(whole)
    assert changed.version > 1


def test_what_is_not_needed_any_more_goes_and_can_come_back(session: Session, asker: Person, version: ProductVersion) -> None:
    request = order(session, asker, version, car=True, plate="1-ABC-23", big="een bus")
    stand = load_stand(session=session, request=request, at=NOW, zone=ZONE)
    decision = work_out_deciding(stand=stand, answers={"car": False})
    assert [task.name.nl for task in decision.goes] == ["parking", "gate"]
    shown = dates_with(stand=decision.stand, found=decision.found)
    changed = decide(session, request, asker, car=False)
    assert (shown.expected_at, shown.latest_at) == (changed.expected_at, changed.latest_at)
    assert [task.state for task in changed.tasks] == [TaskState.READY, TaskState.CANCELLED, TaskState.CANCELLED]
    assert changed.cost_cents == 1000
    assert "big" not in {one["code"] for one in changed.answers}, "nobody is asked that without a car"
    types = session.scalars(select(JournalEntry.type).where(JournalEntry.stream == changed.stream).order_by(JournalEntry.id)).all()
    assert types[1:4] == ["line_changed", "line_cancelled", "line_cancelled"]
    back = decide(session, changed, asker, car=True, plate="1-ABC-23")
    assert sorted(task.name.nl for task in back.tasks if task.state is not TaskState.CANCELLED) == ["desk", "gate", "parking"]
    assert back.cost_cents == 3000


def test_the_same_answers_change_nothing(session: Session, asker: Person, version: ProductVersion) -> None:
    request = order(session, asker, version, car=True, plate="1-ABC-23")
    before = request.version
    assert decide(session, request, asker, car=True).version == before


def start(session: Session, request: Request, place: int) -> Person:
    person = make_person(session, Role.BACK_OFFICE, department=request.tasks[place].department)
    task = get_task_for(session, by=person, task_id=request.tasks[place].id, for_change=True)
    start_task(session=session, task=task, person=person, by=Actor(person_id=person.id), at=NOW, zone=ZONE)
    session.commit()
    return person


def test_it_is_fixed_once_a_part_that_hangs_on_it_began(session: Session, asker: Person, version: ProductVersion) -> None:
    request = order(session, asker, version, car=True, plate="1-ABC-23")
    handler = make_person(session, Role.BACK_OFFICE, department=request.tasks[0].department)
    with pytest.raises(ForbiddenError):
        decide(session, request, handler, car=False)
    with pytest.raises(ConflictError, match="stale_version"):
        decide(session, request, asker, version=99, car=False)
    parking = next(place for place, task in enumerate(request.tasks) if task.name.nl == "parking")
    start(session, request, parking)
    with pytest.raises(ConflictError, match="past_no_return"):
        decide(session, request, asker, car=False)


def test_what_would_have_to_stop_with_it_and_cannot_is_named(session: Session, asker: Person, version: ProductVersion) -> None:
    del version
    lines = [make_line("desk"), make_line("parking", when={"question": "car", "is": True}), make_line("gate")]
    request = order(session, asker, make_product(session, "other", lines, [("gate", "parking")]), car=True, plate="1-ABC-23")
    stand = load_stand(session=session, request=request, at=NOW, zone=ZONE)
    assert not work_out_deciding(stand=stand, answers={"car": False}).found.obstacles
    too_late = Standing(state=TaskState.WAITING, window=Window(barrier=Barrier.TOO_LATE))
    stand = replace(stand, standing={**stand.standing, "gate": too_late})
    found = work_out_deciding(stand=stand, answers={"car": False}).found
    assert [(one.hurdle, one.block) for one in found.obstacles] == [(Hurdle.STAYS, "gate")]


def test_the_pages_show_first(client: FlaskClient, session: Session, asker: Person, version: ProductVersion) -> None:
    request = order(session, asker, version, car=False)
    sign_in(client, asker)
    path = f"/requests/{request.number}/decisions"
    assert path in client.get(f"/requests/{request.number}/change").text
    page = client.get(path).text
    assert ("car?" in page, "colour?" in page, "Wat dit verandert" in page) == (True, False, False)
    asked = client.post(path, data=fields(page, car="yes"))
    assert asked.status_code == 422
    assert "plate?" in asked.text
    assert client.post(path, data=fields(asked.text, car="yes", plate="")).status_code == 422
    shown = client.post(path, data=fields(asked.text, car="yes", plate="1-ABC-23")).text
    for told in ("Dit komt erbij", "parking", "gate", "Kosten hiermee"):
        assert told in shown
    data = fields(shown, car="yes", plate="1-ABC-23")
    assert client.post(path, data={**data, "search": "q-car"}).status_code == 422, "looking for a colleague changes nothing"
    done = client.post(path, data=data)
    assert done.status_code == 303
    assert client.post(path, data=data).location == done.location
    assert "1-ABC-23" in client.get(done.location).text
    assert client.post(path, data={**data, "form_key": new_token()}).status_code == 409
    page = client.get(path).text
    shown = client.post(path, data=fields(page, car="no")).text
    assert "Dit vervalt" in shown
    assert client.post(path, data=fields(shown, car="no")).status_code == 303


def test_without_such_answers_the_page_says_so(client: FlaskClient, session: Session, asker: Person, version: ProductVersion) -> None:
    request = order(session, asker, version, car=False)
    start(session, request, 0)
    sign_in(client, asker)
    path = f"/requests/{request.number}/decisions"
    page = client.get(path).text
    assert 'name="seen"' not in page
    assert client.post(path, data={"version": "1", "form_key": "k"}).status_code == 409


def test_others_cannot(client: FlaskClient, session: Session, asker: Person, version: ProductVersion) -> None:
    request = order(session, asker, version, car=False)
    path = f"/requests/{request.number}/decisions"
    assert client.get(path).location.startswith("/sign-in?next=")
    handler = make_person(session, Role.BACK_OFFICE, department=request.tasks[0].department)
    for person, status in ((handler, 403), (make_person(session, name="Iemand Anders"), 404)):
        sign_in(client, person)
        assert client.get(path).status_code == status
        assert client.post(path, data={"version": "1", "form_key": new_token()}).status_code == status
        client.post("/sign-out")
    sign_in(client, make_person(session, Role.SERVICE_DESK))
    assert client.get(path).status_code == 200
