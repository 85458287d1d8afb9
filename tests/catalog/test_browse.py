"""Walking through the catalogue: by theme and department, by department, and from A to Z."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.catalog.definition import Theme
from portal.people.roles import Role
from tests.catalog.examples import publish
from tests.factories import make_block, make_department, make_line, make_person, sign_in


@pytest.fixture(autouse=True)
def _catalogue(session: Session) -> None:
    """Publish two products of two departments, of which one is for managers."""
    make_department(session, "ict")
    make_department(session, "personeel")
    make_block(session, "account")
    make_block(session, "record", department="personeel")
    publish(session, "account", [make_line("account")], theme=Theme.ICT)
    publish(session, "newcomer", [make_line("record"), make_line("account")], theme=Theme.PEOPLE, audience=frozenset({"manager"}))


@pytest.fixture
def manager(client: FlaskClient, session: Session) -> FlaskClient:
    """Give the browser of a manager, in English, who may ask for both."""
    sign_in(client, make_person(session, Role.MANAGER, language="en"))
    return client


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    main = answer.text[answer.text.index("<main") : answer.text.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


@pytest.mark.parametrize("address", ["/catalog", "/catalog/departments", "/catalog/a-z", "/catalog/matrix"])
def test_everybody_sees_what_they_may_ask_for(client: FlaskClient, session: Session, address: str) -> None:
    sign_in(client, make_person(session, language="en"))
    text = read(client, address)
    assert "product account" in text
    assert "product newcomer" not in text
    sign_in(client, make_person(session, Role.MANAGER, language="en"))
    assert "product newcomer" in read(client, address)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("theme=ict", {"account"}),
        ("department=personeel", {"newcomer"}),
        ("department=ict", {"account", "newcomer"}),
        ("theme=people&department=ict", {"newcomer"}),
        ("theme=workplace", set()),
        ("theme=gone&department=gone", set()),
    ],
)
def test_the_filter_stands_in_the_address(manager: FlaskClient, query: str, shown: set[str]) -> None:
    text = read(manager, f"/catalog?{query}")
    assert {code for code in ("account", "newcomer") if f"product {code}" in text} == shown
    assert f"{len(shown)} of 2 products." in text
    assert ("Nothing fits this choice" in text) is not shown


def test_a_department_shows_what_it_answers_for_and_what_it_works_on(manager: FlaskClient) -> None:
    text = read(manager, "/catalog/departments")
    assert re.search(r"ict \(en\) Responsible for \(2\) product account \(en\) product newcomer \(en\)", text)
    assert re.search(r"personeel \(en\) Works on \(1\) product newcomer \(en\)", text)


def test_letters_lead_to_products_and_parts(manager: FlaskClient) -> None:
    text = read(manager, "/catalog/a-z")
    assert re.search(r"A account \(en\) part of product account \(en\) , product newcomer \(en\)", text)
    assert re.search(r"R record \(en\) part of product newcomer \(en\)", text)
    assert 'href="#letter-A"' in manager.get("/catalog/a-z").text
