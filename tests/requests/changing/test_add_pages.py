"""The pages on which a part is added: asking first, showing what it does, why not any more, and who may."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.journal import Actor, JournalEntry
from portal.core.references import new_token
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.actions.life import finish_task, start_task
from portal.requests.queries import get_request_for, get_task_for
from tests.factories import NOW, ZONE, make_person, sign_in
from tests.requests.changing.meetings import fields, order, product


def test_the_pages_ask_first_then_show_then_add(client: FlaskClient, session: Session, asker: Person) -> None:
    request = order(session, asker, product(session))
    sign_in(client, asker)
    path = f"/requests/{request.number}/additions"
    assert path in client.get(f"/requests/{request.number}").text
    page = client.get(path).text
    assert page.count(f'href="{path}/') == 4
    page = client.get(f"{path}/screen").text
    assert ("size?" in page, "colour?" in page, "Wat dit verandert" in page) == (True, False, False)
    assert client.post(f"{path}/screen", data=fields(page, size="", far="")).status_code == 422
    shown = client.post(f"{path}/screen", data=fields(page, size="groot", far="yes"))
    assert shown.status_code == 422
    assert "length?" in shown.text, "the answer brought a part along that asks more"
    page = client.post(f"{path}/screen", data=fields(shown.text, size="groot", far="yes", length="9 m")).text
    for told in ("Dit komt erbij", "cable", "nieuw: ", "Kosten hiermee"):
        assert told in page
    other = client.post(f"{path}/screen", data=fields(page, size="klein", far="no"))
    assert other.status_code == 422, "other answers are shown first"
    assert "Dit komt erbij" not in other.text
    back = client.post(f"{path}/screen", data=fields(page, size="middel", far="no"))
    assert "Wat dit verandert" in back.text, "going back and filling in something else is the same form again"
    data = fields(other.text, size="klein", far="no")
    assert client.post(f"{path}/screen", data={**data, "search": "q-size"}).status_code == 422, "looking for a colleague adds nothing"
    done = client.post(f"{path}/screen", data=data)
    assert done.status_code == 303
    assert client.post(f"{path}/screen", data=data).location == done.location, "a second click is the same"
    page = client.get(done.location).text
    assert page.count("screen") >= 2
    assert "is door de aanvrager toegevoegd" in page
    assert client.get(f"{path}/screen").status_code == 404
    again = client.post(f"{path}/screen", data={**data, "form_key": "another"})
    assert again.status_code == 409
    assert "Er is niets toegevoegd" in again.text


def test_without_questions_what_it_does_is_shown_at_once_and_stale_pages_add_nothing(
    client: FlaskClient, session: Session, asker: Person
) -> None:
    request = order(session, asker, product(session))
    sign_in(client, asker)
    path = f"/requests/{request.number}/additions"
    page, other = client.get(f"{path}/coffee").text, client.get(f"{path}/clean").text
    assert "Wanneer elk onderdeel klaar is" in page
    assert client.post(f"{path}/coffee", data=fields(page)).status_code == 303
    stale = client.post(f"{path}/clean", data=fields(other))
    assert stale.status_code == 409
    assert client.post(f"{path}/clean", data=fields(stale.text)).status_code == 303


def test_what_is_too_late_says_why_and_a_closed_request_takes_nothing(client: FlaskClient, session: Session, asker: Person) -> None:
    request = order(session, asker, product(session))
    handler = make_person(session, Role.BACK_OFFICE, department=request.tasks[0].department)
    task = get_task_for(session, by=handler, task_id=request.tasks[0].id, for_change=True)
    finish_task(session=session, task=task, person=handler, by=Actor(person_id=handler.id), at=NOW, zone=ZONE, result="")
    session.commit()
    sign_in(client, asker)
    path = f"/requests/{request.number}/additions"
    page = client.get(path).text
    assert "afgesloten" in page
    assert f"/requests/{request.number}/reopening" in page
    assert "tot een bepaald moment" not in client.get(f"/requests/{request.number}/change").text
    assert client.post(f"{path}/coffee", data={"version": str(task.request.version), "form_key": "k"}).status_code == 409


def test_a_follower_that_began_is_named(client: FlaskClient, session: Session, asker: Person) -> None:
    request = order(session, asker, product(session))
    handler = make_person(session, Role.BACK_OFFICE, department=request.tasks[0].department)
    task = get_task_for(session, by=handler, task_id=request.tasks[0].id, for_change=True)
    start_task(session=session, task=task, person=handler, by=Actor(person_id=handler.id), at=NOW, zone=ZONE)
    session.commit()
    sign_in(client, asker)
    path = f"/requests/{request.number}/additions"
    for page in (client.get(path).text, client.get(f"{path}/build").text):
        assert "het moet vóór “room” komen" in page
    assert 'name="seen"' not in client.get(f"{path}/build").text
    version = get_request_for(session, by=asker, number=request.number).version
    assert client.post(f"{path}/build", data={"version": str(version), "form_key": "k"}).status_code == 409


def test_others_cannot_add_and_the_desk_adds_on_behalf(client: FlaskClient, session: Session, asker: Person) -> None:
    request = order(session, asker, product(session))
    path = f"/requests/{request.number}/additions"
    assert client.get(path).location.startswith("/sign-in?next=")
    handler = make_person(session, Role.BACK_OFFICE, department=request.tasks[0].department)
    for person, status in ((handler, 403), (make_person(session, name="Iemand Anders"), 404)):
        sign_in(client, person)
        assert client.get(path).status_code == status
        assert client.get(f"{path}/coffee").status_code == status
        assert client.post(f"{path}/coffee", data={"version": "1", "form_key": new_token()}).status_code == status
        client.post("/sign-out")
    agent = make_person(session, Role.SERVICE_DESK)
    sign_in(client, agent)
    assert client.post(f"{path}/coffee", data=fields(client.get(f"{path}/coffee").text)).status_code == 303
    event = session.scalars(select(JournalEntry).where(JournalEntry.type == "line_added")).one()
    assert (event.actor_id, event.on_behalf_of_id) == (agent.id, asker.id)


def test_the_list_costs_the_same_for_one_and_for_many(client: FlaskClient, session: Session, asker: Person, statements: list[str]) -> None:
    version = product(session)
    few, many = order(session, asker, version, "build", "coffee", "clean"), order(session, asker, version)
    sign_in(client, asker)
    counts = []
    for request in (few, few, many):
        statements.clear()
        assert client.get(f"/requests/{request.number}/additions").status_code == 200
        counts.append(len(statements))
    assert counts[1] == counts[2] <= 14, statements
