"""Keeping standard texts: who may, and what a text may hold."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.journal import JournalEntry
from portal.core.references import new_token
from portal.people.roles import Role
from portal.requests.standard_texts.models import StandardText
from tests.factories import make_person, sign_in

FIELDS = {
    "name_nl": "Begonnen",
    "name_en": "Begun",
    "text_nl": "Beste {naam}, {Verwachte datum}",
    "text_en": "Dear {name}",
    "state": "",
    "product": "",
}


def fields(**changed: Any) -> dict[str, Any]:
    return {**FIELDS, "form_key": new_token(), **changed}


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CATALOGUE_MANAGER, Role.COORDINATOR])
def test_a_text_is_made_changed_and_removed(client: FlaskClient, session: Session, role: Role) -> None:
    sign_in(client, make_person(session, role))
    assert client.get("/manage/texts").status_code == 200
    assert client.get("/manage/texts/new").status_code == 200
    assert client.post("/manage/texts", data=fields(state="in_progress")).status_code == 303
    text = session.scalars(select(StandardText)).one()
    assert (text.name.en, text.state, text.version) == ("Begun", "in_progress", 1)
    path = f"/manage/texts/{text.id}"
    assert "Beste {naam}" in client.get(path).text
    assert client.post(path, data=fields(version="1", text_nl="Hoi {naam}")).status_code == 303
    stale = client.post(path, data=fields(version="1", text_nl="Dag {naam}"))
    assert stale.status_code == 409
    assert "Dag {naam}" in stale.text
    assert client.post(f"{path}/removal", data={"form_key": new_token()}).status_code == 303
    session.expire_all()
    assert not session.scalars(select(StandardText)).all()
    told = session.scalars(select(JournalEntry.type).where(JournalEntry.stream == "standard_texts").order_by(JournalEntry.sequence)).all()
    assert told == ["standard_text_saved", "standard_text_saved", "standard_text_removed"]
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"text_en": "Dear {first name}, {config.SECRET_KEY}"}, "{first name}, {config.SECRET_KEY}"),
        ({"name_nl": " "}, "Vul dit in"),
        ({"text_nl": "x" * 4001}, "4001"),
        ({"product": "999"}, "Kies opnieuw"),
        ({"state": "nonsense"}, "Kies opnieuw"),
    ],
)
def test_what_cannot_be_is_refused_with_its_name(client: FlaskClient, session: Session, changed: dict[str, str], words: str) -> None:
    sign_in(client, make_person(session, Role.COORDINATOR))
    answer = client.post("/manage/texts", data=fields(**changed))
    assert answer.status_code == 422
    assert words in answer.text
    assert "Dear" in answer.text
    assert not session.scalars(select(StandardText)).all()


@pytest.mark.parametrize("role", [Role.BACK_OFFICE, Role.SERVICE_DESK, Role.EMPLOYEE])
def test_others_may_not(client: FlaskClient, session: Session, role: Role) -> None:
    sign_in(client, make_person(session, role))
    assert client.get("/manage/texts").status_code == 403
    assert client.post("/manage/texts", data=fields()).status_code == 403
    client.post("/sign-out")
    assert "/sign-in" in client.get("/manage/texts").headers["Location"]
