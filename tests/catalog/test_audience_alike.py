"""Whoever is not in the audience of a product finds it nowhere: not in a list, on its page, in the search, or in an order."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.catalog.actions import check_definition
from portal.core.errors import InvalidInputError
from portal.people.actions import PersonDetails, save_function, save_location, save_person
from portal.people.models import Function, Person
from portal.people.queries import departments_by_code, get_person
from portal.people.roles import Role
from portal.search.actions import reindex
from portal.search.queries import find
from tests.catalog.examples import product_with, publish
from tests.factories import PASSWORD, make_block, make_department, make_line, sign_in, words

AUDIENCES = {
    "for-world": {"citizen"},
    "for-staff": {"employee"},
    "for-partner": {"partner"},
    "for-manager": {"manager"},
    "for-ict": {"department:ict"},
    "for-adviser": {"function:adviser"},
    "for-place": {"location:kring-0"},
    "for-either": {"manager", "location:kring-1"},
}
WHO = {
    "visitor": {"for-world"},
    "adviser": {"for-world", "for-staff", "for-ict", "for-adviser", "for-place"},
    "manager": {"for-world", "for-staff", "for-manager", "for-either"},
    "partner": {"for-world", "for-partner", "for-either"},
    "desk": set(AUDIENCES),
}


@pytest.fixture
def people(session: Session) -> dict[str, Person]:
    """Publish a product for each audience, and make somebody of each kind."""
    for code in ("ict", "personeel"):
        make_department(session, code)
    make_block(session, "desk")
    adviser = save_function(session=session, code="adviser", name=words("adviser"))
    places = {code: save_location(session=session, code=code, name=words(code)) for code in ("kring-0", "kring-1")}
    for code, audience in AUDIENCES.items():
        publish(session, code, [make_line("desk")], name=words(f"gadget {code}"), audience=frozenset(audience))
    reindex(session=session)
    departments = departments_by_code(session)

    def person(name: str, role: Role, department: str, function: Function | None, place: str | None) -> Person:
        details = PersonDetails(
            username=name,
            name=name,
            email=f"{name}@loket.example",
            phone="",
            function=function,
            department=departments[department],
            location=places[place] if place else None,
            language="en",
            roles=[(role, None)],
        )
        return get_person(session, save_person(session=session, details=details, password=PASSWORD).id)

    return {
        "adviser": person("adviser", Role.EMPLOYEE, "ict", adviser, "kring-0"),
        "manager": person("manager", Role.MANAGER, "personeel", None, None),
        "partner": person("partner", Role.PARTNER, "personeel", None, "kring-1"),
        "desk": person("desk", Role.SERVICE_DESK, "personeel", None, None),
    }


@pytest.mark.parametrize("who", WHO)
def test_list_page_search_and_order_agree(client: FlaskClient, session: Session, people: dict[str, Person], who: str) -> None:
    person = people.get(who)
    if person is not None:
        sign_in(client, person)
    expected = WHO[who]
    for address in ("/catalog", "/catalog/a-z", "/catalog/departments", "/catalog/matrix", "/"):
        assert set(re.findall(r'href="/catalog/(for-\w+)"', client.get(address).text)) == expected, address
    assert {code for code in AUDIENCES if client.get(f"/catalog/{code}").status_code == 200} == expected
    assert {code for code in AUDIENCES if client.get(f"/catalog/{code}").status_code == 404} == set(AUDIENCES) - expected
    assert {one.document.code for one in find(session, "gadget", person=person, most=20).found} == expected
    started = {code for code in AUDIENCES if client.get(f"/order/{code}").status_code == 200}
    assert started == (expected if person else set())


@pytest.mark.parametrize("text", ["department:gone", "function:gone", "location:gone", "king", "team:ict"])
@pytest.mark.usefixtures("people")
def test_an_audience_that_does_not_exist_is_not_published(session: Session, text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        check_definition(session=session, definition=product_with([make_line("desk")], audience=frozenset({"employee", text})))
    assert caught.value.errors == {"audience": f"unknown_role: {text}"}


@pytest.mark.usefixtures("people")
def test_the_page_says_for_whom_it_is_and_how_to_ask_without_an_account(client: FlaskClient, people: dict[str, Person]) -> None:
    english = {"Accept-Language": "en"}
    assert "No account?" in client.get("/catalog/for-world", headers=english).text
    sign_in(client, people["adviser"])
    assert "people of the department ict (en)" in client.get("/catalog/for-ict").text
    assert "people who work at kring-0 (en)" in client.get("/catalog/for-place").text
    assert "No account?" not in client.get("/catalog/for-world").text
