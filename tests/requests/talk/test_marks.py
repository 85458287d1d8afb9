"""The mark of a message that waits for a sign of a person: who sets it, what takes it away, and what becomes of it at the end."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.core.journal import Actor
from portal.people.models import Person
from portal.people.queries import get_person
from portal.people.roles import Role
from portal.requests.actions.life import claim_task, finish_task, release_task
from portal.requests.actions.reopening import reopen_request
from portal.requests.models import Request
from portal.requests.promises.actions import PromiseWish, keep_promise, make_promise, move_promise
from portal.requests.promises.models import Promise
from portal.requests.promises.queries import get_promise_for
from portal.requests.promises.workflow import Channel
from portal.requests.queries import get_request_for_change
from tests.factories import NOW, ZONE, make_person, sign_in
from tests.requests.talk.conftest import PDF, Crew, Write

QUEUE = "/tasks?tab=to_do"
DUE = NOW + timedelta(days=1)


def is_marked(client: FlaskClient, person: Person, address: str = QUEUE) -> bool:
    sign_in(client, person)
    return "nieuw bericht" in client.get(address).text


def waits_since(session: Session, asked: Request) -> datetime | None:
    session.expire_all()
    return session.get_one(Request, asked.id).unanswered_since


def promise_to(session: Session, asked: Request, desk: Person) -> Promise:
    request = get_request_for_change(session, asked.id)
    wish = PromiseWish(what="Wij bellen", channel=Channel.PHONE, due_at=DUE, department_id=request.owner_id, keeper=desk)
    made = make_promise(session=session, request=request, wish=wish, person=get_person(session, desk.id), by=Actor(), at=NOW, zone=ZONE)
    session.commit()
    return made


@pytest.mark.parametrize("how", ["make", "keep", "move"])
def test_a_promise_is_a_sign_of_a_person(session: Session, asked: Request, crew: Crew, write: Write, how: str) -> None:
    made = promise_to(session, asked, crew.desk) if how != "make" else None
    assert write(crew.asker, "Wanneer hoor ik iets?").status_code == 303
    assert waits_since(session, asked) is not None
    if made is None:
        promise_to(session, asked, crew.desk)
    else:
        desk = get_person(session, crew.desk.id)
        common: dict[str, Any] = {"session": session, "person": desk, "by": Actor(), "at": NOW, "zone": ZONE}
        promise = get_promise_for(session, by=desk, promise_id=made.id, for_change=True)
        if how == "keep":
            keep_promise(**common, promise=promise, outcome="Gebeld.")
        else:
            move_promise(**common, promise=promise, due_at=DUE + timedelta(days=1), reason="Morgen.")
        session.commit()
    assert waits_since(session, asked) is None
    assert session.get_one(Request, asked.id).responded_at == NOW, "the first answer"


def test_colleagues_mark_nothing_for_each_other_and_one_sign_counts_for_all(
    client: FlaskClient, session: Session, asked: Request, crew: Crew, write: Write
) -> None:
    second = make_person(session, Role.BACK_OFFICE, department=asked.tasks[0].department)
    session.commit()
    for by, more in ((crew.handler, {}), (crew.desk, {}), (crew.other, {"kind": "note"})):
        assert write(by, "@hans kijk hier eens naar", **more).status_code == 303
        assert waits_since(session, asked) is None
    write(crew.asker, "Kan het eerder?")
    assert [is_marked(client, one) for one in (crew.handler, second)] == [True, True]
    assert not is_marked(client, crew.asker, "/requests")
    session.expire_all()
    request = get_request_for_change(session, asked.id)
    person = get_person(session, second.id)
    claim_task(session=session, task=request.tasks[0], person=person, by=Actor(person_id=second.id), at=NOW)
    release_task(session=session, task=request.tasks[0], person=person, by=Actor(person_id=second.id), at=NOW)
    session.commit()
    assert [is_marked(client, one) for one in (crew.handler, second)] == [False, False]


def test_the_moment_of_the_first_message_counts_and_a_mention_changes_nothing(
    session: Session, asked: Request, crew: Crew, write: Write
) -> None:
    write(crew.asker, "Eén.")
    first = waits_since(session, asked)
    write(crew.asker, "Twee, met een bestand.", ("a.pdf", PDF))
    assert waits_since(session, asked) == first is not None
    assert write(crew.asker, "@hans, leest u dit?").status_code == 303
    assert waits_since(session, asked) == first


def finish(session: Session, asked: Request) -> None:
    request = get_request_for_change(session, asked.id)
    for task in request.tasks:
        person = get_person(session, make_person(session, Role.BACK_OFFICE, department=task.department).id)
        finish_task(session=session, task=task, person=person, by=Actor(person_id=person.id), at=NOW, zone=ZONE, result="Klaar.")
    session.commit()


WRITTEN = "/desk?show=written"


@pytest.mark.parametrize(("who", "kind"), [("desk", "message"), ("desk", "note"), ("other", "message")])
def test_a_message_after_the_end_stays_at_the_desk_until_somebody_gives_a_sign(
    client: FlaskClient, session: Session, asked: Request, crew: Crew, write: Write, *, who: str, kind: str
) -> None:
    finish(session, asked)
    assert not is_marked(client, crew.desk, WRITTEN)
    assert write(crew.asker, "Het werkt niet.").status_code == 303
    sign_in(client, crew.desk)
    assert f'href="{WRITTEN}"' in client.get("/desk").text, "a way to it"
    shown = client.get(WRITTEN).text
    assert f"/requests/{asked.number}" in shown
    assert "nieuw bericht" in shown
    assert write(getattr(crew, who), "Wij kijken ernaar.", kind=kind).status_code == 303
    sign_in(client, crew.desk)
    assert f'href="{WRITTEN}"' not in client.get("/desk").text
    assert "Iedereen heeft antwoord" in client.get(WRITTEN).text


def test_a_message_on_an_open_request_is_no_message_after_the_end(client: FlaskClient, asked: Request, crew: Crew, write: Write) -> None:
    write(crew.asker, "Kan het eerder?")
    assert is_marked(client, crew.desk, "/desk"), "on its row in the list"
    assert asked.number not in client.get(WRITTEN).text


def test_a_message_after_the_end_is_marked_again_when_the_request_is_opened_again(
    client: FlaskClient, session: Session, asked: Request, crew: Crew, write: Write
) -> None:
    finish(session, asked)
    assert write(crew.asker, "Het werkt niet.").status_code == 303
    assert waits_since(session, asked) is not None
    assert not is_marked(client, crew.other, QUEUE)
    request = get_request_for_change(session, asked.id)
    asker = get_person(session, crew.asker.id)
    reopen_request(session=session, request=request, person=asker, by=Actor(), at=NOW, zone=ZONE, reason="Het werkt niet.")
    session.commit()
    assert is_marked(client, crew.other, QUEUE)
    assert write(crew.other, "Wij kijken ernaar.").status_code == 303
    assert not is_marked(client, crew.other, QUEUE)
