"""Other answers about a part of a request: which can change, who may, and who hears of it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.actions import save_question
from portal.catalog.definition import Need, Privacy, Question, QuestionKind
from portal.core.journal import Actor, JournalEntry
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.actions.life import claim_task, start_task
from portal.requests.models import Request
from portal.requests.queries import get_task_for
from tests.factories import NOW, ZONE, make_block, make_department, make_line, make_person, make_product, make_request, sign_in, words


def question(code: str, kind: QuestionKind = QuestionKind.TEXT) -> Question:
    return Question(code=code, kind=kind, label=words(f"{code}?"), need=Need.REQUIRED, privacy=Privacy.NONE)


@pytest.fixture
def questioned(session: Session, asker: Person) -> Request:
    """Submit a request of two lines: `begin` is the wished day, `car` decides a line, both lines ask `colour`, one asks `size`."""
    for code in ("personeel", "ict"):
        make_department(session, code)
    colour, size, car, begin = (
        question("colour"),
        question("size"),
        question("car", QuestionKind.YES_NO),
        question("begin", QuestionKind.DATE),
    )
    for one in (colour, size, car, begin):
        save_question(session=session, question=one)
    make_block(session, "desk", questions=[colour, size, car, begin])
    make_block(session, "chair", department="personeel", questions=[colour])
    make_block(session, "parking")
    lines = [make_line("desk"), make_line("chair"), make_line("parking", when={"question": "car", "is": True})]
    version = make_product(session, "place", lines, wished_date="begin")
    answers = {"colour": "rood", "size": "groot", "car": False, "begin": "2027-03-01"}
    request = make_request(session, asker, version, answers=answers, has_details=True)
    session.commit()
    return request


def path(request: Request, block: str) -> str:
    return f"/requests/{request.number}/change/{next(one.id for one in request.tasks if one.name.nl == block)}/answers"


def test_answers_change_and_every_line_that_asks_them_hears_it(
    client: FlaskClient, session: Session, asker: Person, questioned: Request
) -> None:
    address, chair = path(questioned, "desk"), next(one for one in questioned.tasks if one.name.nl == "chair")
    handler = make_person(session, Role.BACK_OFFICE, department=chair.department)
    task = get_task_for(session, by=handler, task_id=chair.id, for_change=True)
    claim_task(session=session, task=task, person=handler, by=Actor(person_id=handler.id), at=NOW)
    session.commit()
    sign_in(client, asker)
    assert "Antwoorden wijzigen" in client.get(address.rsplit("/", 2)[0]).text
    page = client.get(address).text
    assert "size?" in page
    assert "car?" not in page
    assert "begin?" not in page
    form = {"version": str(questioned.version), "q-colour": "blauw", "q-size": "groot"}
    assert client.post(address, data={**form, "q-colour": ""}).status_code == 422
    assert client.post(address, data={**form, "version": "99"}).status_code == 409
    done = client.post(address, data=form)
    assert done.status_code == 303
    page = client.get(done.headers["Location"]).text
    assert "blauw" in page
    assert "colour? rood → blauw" in page
    told = session.scalars(select(JournalEntry).where(JournalEntry.type == "line_changed")).all()
    assert sorted(entry.data["handler_id"] for entry in told) == [0, handler.id]
    assert client.post(address, data=form).status_code == 409  # what was shown then is not how it stands now


def test_what_is_shared_with_a_line_that_began_is_fixed(client: FlaskClient, session: Session, asker: Person, questioned: Request) -> None:
    desk, chair = path(questioned, "desk"), path(questioned, "chair")
    task = next(one for one in questioned.tasks if one.name.nl == "chair")
    handler = make_person(session, Role.BACK_OFFICE, department=task.department)
    task = get_task_for(session, by=handler, task_id=task.id, for_change=True)
    start_task(session=session, task=task, person=handler, by=Actor(person_id=handler.id), at=NOW, zone=ZONE)
    session.commit()
    sign_in(client, asker)
    page = client.get(desk).text
    assert "size?" in page
    assert "colour?" not in page
    assert client.get(chair).status_code == 404


def test_others_cannot_change_them(client: FlaskClient, session: Session, questioned: Request) -> None:
    address, department = path(questioned, "desk"), questioned.tasks[0].department
    assert client.get(address).status_code == 303
    for person, status in ((make_person(session), 404), (make_person(session, Role.BACK_OFFICE, department=department), 403)):
        sign_in(client, person)
        assert client.get(address).status_code == status
        assert client.post(address, data={"version": "1", "q-colour": "x"}).status_code == status
        client.post("/sign-out")


def test_another_colleague_is_looked_for_and_chosen(client: FlaskClient, session: Session, asker: Person) -> None:
    make_department(session, "ict")
    buddy = question("buddy", QuestionKind.PERSON)
    save_question(session=session, question=buddy)
    make_block(session, "desk", questions=[buddy])
    version = make_product(session, "place", [make_line("desk")])
    old, new = make_person(session, name="Jan de Vries"), make_person(session, name="Jan de Boer")
    answers = {"buddy": {"id": old.id, "name": old.name}}
    request = make_request(session, asker, version, answers=answers, has_details=True)
    session.commit()
    sign_in(client, asker)
    address, form = path(request, "desk"), {"version": str(request.version), "q-buddy": "boer"}
    assert 'value="Jan de Vries"' in client.get(address).text
    looked = client.post(address, data={**form, "search": "q-buddy"})
    assert looked.status_code == 422
    assert "Jan de Boer" in looked.text
    assert client.post(address, data=form).status_code == 303
    session.expire_all()
    assert request.answers[0]["value"] == {"id": new.id, "name": "Jan de Boer"}
