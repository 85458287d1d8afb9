"""The language: chosen by the visitor, asked by the browser, or the organisation's."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.people.conftest import PASSWORD, NewPerson


@pytest.mark.parametrize(("asked", "answered"), [("en-GB,en;q=0.9", "en"), ("nl", "nl"), ("fr,en;q=0.5", "en"), ("fr", "nl"), ("", "nl")])
def test_the_browser_asks(client: FlaskClient, asked: str, answered: str) -> None:
    assert f'<html lang="{answered}">' in client.get("/sign-in", headers={"Accept-Language": asked}).text


def test_a_choice_wins_over_the_browser_and_stays(client: FlaskClient) -> None:
    answer = client.post("/language", data={"language": "en", "next": "/sign-in?next=/requests"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/requests")
    assert '<html lang="en">' in client.get("/sign-in", headers={"Accept-Language": "nl"}).text


def test_an_unknown_language_changes_nothing(client: FlaskClient) -> None:
    client.post("/language", data={"language": "xx", "next": "//evil.example"})
    assert '<html lang="nl">' in client.get("/sign-in", headers={"Accept-Language": "nl"}).text


def test_a_person_who_chooses_gets_mail_in_it_too(client: FlaskClient, session: Session, new_person: NewPerson) -> None:
    person = new_person("noor")
    client.post("/sign-in", data={"username": "noor", "password": PASSWORD})
    client.post("/language", data={"language": "en"})
    session.refresh(person)
    assert person.language == "en"
