"""Signing in and out: the same answer for whoever does not get in, and a limit."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from portal.core.db import db, transaction
from portal.core.idempotency import FormKey
from portal.people.actions import SIGN_IN_PER_USER, PersonDetails, save_person
from portal.people.passwords import is_password
from portal.people.roles import Role
from portal.web.application import Application
from tests.people.conftest import PASSWORD, NewPerson


def signed_in(client: FlaskClient) -> bool:
    with client.session_transaction() as cookie:
        return "_user_id" in cookie


def test_the_right_password_opens_the_page_that_was_asked_for(client: FlaskClient, new_person: NewPerson) -> None:
    new_person("noor")
    asked = client.get("/requests?open=yes")
    assert asked.status_code == 303
    assert asked.headers["Location"] == "/sign-in?next=/requests?open%3Dyes"
    page = client.get(asked.headers["Location"])
    assert 'value="/requests?open=yes"' in page.text
    answer = client.post("/sign-in", data={"username": " Noor ", "password": PASSWORD, "next": "/requests?open=yes"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/requests?open=yes")
    assert signed_in(client)


def test_unknown_and_known_users_get_the_same_answer(client: FlaskClient, new_person: NewPerson) -> None:
    new_person("noor")
    answers = [client.post("/sign-in", data={"username": name, "password": "fout"}) for name in ("noor", "niem")]
    assert [answer.status_code for answer in answers] == [422, 422]
    texts = [re.sub(r"noor|niem|[\w.-]{40,}", "…", answer.text) for answer in answers]
    assert texts[0] == texts[1]
    assert "horen niet bij elkaar" in texts[0] or "do not belong together" in texts[0]
    assert not signed_in(client)


def test_what_was_typed_stays_except_the_password(client: FlaskClient) -> None:
    page = client.post("/sign-in", data={"username": "noor", "password": "geheim123"}).text
    assert 'value="noor"' in page
    assert "geheim123" not in page


def test_empty_fields_are_named(client: FlaskClient) -> None:
    page = client.post("/sign-in", data={})
    assert page.status_code == 422
    assert 'href="#username"' in page.text
    assert 'href="#password"' in page.text


def test_an_inactive_person_stays_outside(client: FlaskClient, session: Session, new_person: NewPerson) -> None:
    new_person("noor").is_active = False
    session.flush()
    assert client.post("/sign-in", data={"username": "noor", "password": PASSWORD}).status_code == 422


def test_after_too_many_attempts_even_the_right_password_waits(client: FlaskClient, new_person: NewPerson) -> None:
    new_person("noor")
    for _ in range(SIGN_IN_PER_USER.attempts):
        assert client.post("/sign-in", data={"username": "noor", "password": "fout"}).status_code == 422
    refused = client.post("/sign-in", data={"username": "NOOR ", "password": PASSWORD})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= SIGN_IN_PER_USER.window.total_seconds()
    assert not signed_in(client)


def test_a_success_forgets_the_earlier_attempts(client: FlaskClient, new_person: NewPerson) -> None:
    new_person("noor")
    for _ in range(2):
        for _ in range(SIGN_IN_PER_USER.attempts - 1):
            client.post("/sign-in", data={"username": "noor", "password": "fout"})
        assert client.post("/sign-in", data={"username": "noor", "password": PASSWORD}).status_code == 303


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\t/evil.example", ""],
)
def test_signing_in_never_leads_off_the_site(client: FlaskClient, new_person: NewPerson, elsewhere: str) -> None:
    new_person("noor")
    answer = client.post("/sign-in", data={"username": "noor", "password": PASSWORD, "next": elsewhere})
    assert answer.headers["Location"] == "/"


def test_signing_out_ends_the_session_and_keeps_the_language(client: FlaskClient, new_person: NewPerson) -> None:
    new_person("daniel", language="en")
    client.post("/sign-in", data={"username": "daniel", "password": PASSWORD})
    assert client.post("/sign-out").status_code == 303
    assert not signed_in(client)
    assert 'lang="en"' in client.get("/sign-in").text
    assert client.get("/requests").status_code == 303


def test_somebody_who_was_deactivated_is_out_at_once(client: FlaskClient, session: Session, new_person: NewPerson) -> None:
    person = new_person("noor")
    client.post("/sign-in", data={"username": "noor", "password": PASSWORD})
    person.is_active = False
    session.commit()
    assert client.get("/requests").headers["Location"].startswith("/sign-in")


def test_a_key_sent_along_with_a_password_is_not_kept(client: FlaskClient, session: Session, new_person: NewPerson) -> None:
    new_person("noor")
    client.post("/sign-in", data={"username": "noor", "password": PASSWORD, "form_key": "abc"})
    assert session.scalar(select(func.count()).select_from(FormKey)) == 0


@pytest.mark.parametrize("is_signed_in", [False, True])
@pytest.mark.parametrize("extra", [{}, {"form_key": "abc"}])
def test_the_attempt_is_counted_and_the_password_checked_before_the_request_begins_to_write(
    committed_app: Application, extra: dict[str, str], monkeypatch: pytest.MonkeyPatch, *, is_signed_in: bool
) -> None:
    """On SQLite a request that writes already would wait for itself, and checking a password would keep all others waiting."""
    with committed_app.app_context(), transaction() as session:
        details = PersonDetails(
            username="noor", name="Noor", email="", phone="", function=None, department=None, location=None, language="nl", roles=()
        )
        save_person(session=session, details=details, password=PASSWORD)
    client = committed_app.test_client()
    data = {"username": "noor", "password": PASSWORD, **extra}
    if is_signed_in:
        assert client.post("/sign-in", data=data).status_code == 303
    with committed_app.app_context():
        begun = watch_begins(db.engine)

    def check(password: str, stored: str | None) -> bool:
        begun.append("check")
        return is_password(password, stored)

    monkeypatch.setattr("portal.people.actions.is_password", check)
    assert client.post("/sign-in", data=data).status_code == 303
    assert begun[:4] == ["begin", "commit", "check", "begin"]


def watch_begins(engine: Engine) -> list[str]:
    """Collect when transactions begin and end from now on."""
    seen: list[str] = []
    event.listen(engine, "begin", lambda _connection: seen.append("begin"))
    event.listen(engine, "commit", lambda _connection: seen.append("commit"))
    event.listen(engine, "rollback", lambda _connection: seen.append("rollback"))
    return seen


def test_the_demo_shows_whom_to_sign_in_as_and_production_does_not(client: FlaskClient, app: Application, new_person: NewPerson) -> None:
    new_person("samira", (Role.BACK_OFFICE, None), name="Samira Voorbeeld")
    assert "Samira Voorbeeld" in client.get("/sign-in").text
    demo = app.settings
    try:
        app.settings = type(demo)(mode="production", secret_key="x" * 40)
        assert "Samira Voorbeeld" not in client.get("/sign-in").text
    finally:
        app.settings = demo
