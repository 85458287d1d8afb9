"""The desk: who may, what stands first, and finding by number and name."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.people.models import Person
from portal.people.roles import Role
from portal.servicedesk.rules import Risk, risk_of
from tests.factories import make_chain, make_person, make_request, sign_in

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def desk(session: Session) -> Person:
    return make_person(session, Role.SERVICE_DESK)


def test_all_open_requests_stand_there_with_whose_turn_it_is(client: FlaskClient, session: Session, desk: Person) -> None:
    made = make_request(session, make_person(session, name="Ada Vrager"), make_chain(session))
    session.commit()
    sign_in(client, desk)
    page = client.get("/desk")
    for words in (made.number, "Ada Vrager", "personeel", "record"):
        assert words in page.text


def test_a_request_is_found_by_number_and_by_name(client: FlaskClient, session: Session, desk: Person) -> None:
    version = make_chain(session)
    ada = make_request(session, make_person(session, name="Ada Vrager"), version)
    bob = make_request(session, make_person(session, name="Bob 100% Ander"), version)
    session.commit()
    sign_in(client, desk)
    for text, found, other in ((ada.number, ada, bob), ("vrager", ada, bob), ("100%", bob, ada)):
        page = client.get("/desk", query_string={"q": text}).text
        assert found.number in page
        assert f"/requests/{other.number}" not in page
    assert client.get("/desk?q=niemand").status_code == 200


def test_nothing_open_says_so(client: FlaskClient, desk: Person) -> None:
    sign_in(client, desk)
    assert 'class="empty"' in client.get("/desk").text


def test_one_and_many_cost_the_same(client: FlaskClient, session: Session, desk: Person, statements: list[str]) -> None:
    def count() -> int:
        statements.clear()
        client.get("/desk")
        return len(statements)

    version, asker = make_chain(session), make_person(session)
    make_request(session, asker, version)
    session.commit()
    sign_in(client, desk)
    before = count()
    for _ in range(22):
        make_request(session, asker, version)
    session.commit()
    assert count() == before <= 5, statements
    following = client.get("/desk").text.split("after=")[1].split('"')[0]
    assert client.get(f"/desk?after={following}").text.count("<tr>") == 4


def test_others_may_not_and_visitors_sign_in(client: FlaskClient, session: Session) -> None:
    assert client.get("/desk").status_code == 303
    sign_in(client, make_person(session))
    assert client.get("/desk").status_code == 403


@pytest.mark.parametrize(
    ("expected", "latest", "first_latest", "risk"),
    [(-2, -1, 5, Risk.LATE), (6, 8, 5, Risk.SLIPPED), (1, 1, 5, Risk.NEAR), (3, 4, 5, Risk.ON_TIME)],
)
def test_risk_is_judged_by_the_dates(expected: int, latest: int, first_latest: int, risk: Risk) -> None:
    found = risk_of(
        expected_at=NOW + timedelta(days=expected),
        latest_at=NOW + timedelta(days=latest),
        first_latest_at=NOW + timedelta(days=first_latest),
        now=NOW,
    )
    assert found is risk
