"""Whoever is not in the audience of a product finds it nowhere: not in a list, on its page, in the search, or in an order."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.catalog.actions import check_definition
from portal.catalog.definition import ChoiceTree, Outcome, TreeOption, TreeQuestion
from portal.catalog.models import Product, ProductPair
from portal.core.errors import InvalidInputError
from portal.people.actions import PersonDetails, save_function, save_location, save_person
from portal.people.models import Function, Person
from portal.people.queries import departments_by_code, get_person
from portal.people.roles import Role
from portal.requests.models import Request
from portal.requests.ordering.models import OrderDraft
from portal.search.actions import reindex
from portal.search.queries import find
from tests.catalog.examples import product_with, publish
from tests.factories import PASSWORD, make_block, make_department, make_draft, make_line, sign_in, words

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


def add_hub(session: Session) -> None:
    """Publish a product for everybody, beside which all others stand: as related, as asked beside it, and as the end of its tree."""
    codes = list(AUDIENCES)
    options = tuple(TreeOption(code=code, label=words(code), outcome=code) for code in codes)
    outcomes = tuple(Outcome(code=code, name=words(f"gadget {code}"), reason=words("because"), go_to=code) for code in codes)
    here = Outcome(code="here", name=words("here"), reason=words("because"), lines=(make_line("desk"),))
    question = TreeQuestion(
        code="what", label=words("What?"), options=(*options, TreeOption(code="here", label=words("h"), outcome="here"))
    )
    tree = ChoiceTree(start="what", questions=(question,), outcomes=(here, *outcomes))
    hub = publish(session, "hub", [], tree=tree, related=tuple(codes))
    for product in session.scalars(select(Product).where(Product.code.in_(codes))):
        session.add(ProductPair(product_id=hub.product_id, beside_id=product.id, requesters=99, shared_blocks=1))
    reindex(session=session)
    session.commit()


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
    started = {code: client.get(f"/order/{code}").status_code for code in AUDIENCES}
    assert started == {code: 303 if not person else 200 if code in expected else 404 for code in AUDIENCES}


@pytest.mark.parametrize("who", WHO)
def test_what_stands_around_a_product_and_what_is_suggested_agree(
    client: FlaskClient, session: Session, people: dict[str, Person], who: str
) -> None:
    add_hub(session)
    if who in people:
        sign_in(client, people[who])
    shown = client.get("/catalog/hub").text
    assert set(re.findall(r'href="/catalog/(for-\w+)"', shown)) == WHO[who]
    assert set(re.findall(r"gadget (for-\w+)", shown)) == WHO[who], "named without a link"
    typing = {"HX-Request": "true", "HX-Target": "suggestions"}
    for text in ("gadget", "gadg", "gadgte", *AUDIENCES):
        for headers in ({}, typing):
            found = client.get("/search", query_string={"q": text}, headers=headers).text
            assert set(re.findall(r'href="/catalog/(for-\w+)"', found)) <= WHO[who], text
    assert set(re.findall(r'href="/catalog/(for-\w+)"', client.get("/search?q=gadget").text)) == WHO[who]


@pytest.mark.parametrize("who", ["adviser", "manager", "partner"])
def test_an_order_by_hand_of_what_is_for_others_is_not_begun(
    client: FlaskClient, session: Session, people: dict[str, Person], who: str
) -> None:
    add_hub(session)
    sign_in(client, people[who])
    for code in set(AUDIENCES) - WHO[who]:
        data = {"for_whom": "self", "form_key": f"key-{code}"}
        assert client.post(f"/order/{code}/drafts", data=data).status_code == 404
    assert not session.scalar(select(func.count(OrderDraft.id)))
    draft = make_draft(session, people[who], publish(session, "moved", [make_line("desk")]))
    session.commit()
    publish(session, "moved", [make_line("desk")], audience=frozenset({"administrator"}))
    session.commit()
    assert client.get("/order/moved").status_code == 404
    answer = client.post(f"/order/moved/{draft.token}/submission", data={"form_key": "key", "version": draft.version})
    assert answer.status_code == 403
    assert not session.scalar(select(func.count(Request.id))), "it is not for them any more"


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
