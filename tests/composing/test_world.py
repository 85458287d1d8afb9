"""What the world can see is exactly what a visitor can fetch."""

import html
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.people.roles import Role
from portal.search.actions import reindex
from portal.web.application import Application
from tests.catalog.examples import publish
from tests.composing.conftest import browser_of
from tests.factories import make_block, make_department, make_line, make_person, words

LISTS = ("/", "/catalog", "/catalog/a-z", "/catalog/departments", "/catalog/matrix", "/search?q=gadget")
WORLD = "/manage/catalog/world"


@pytest.fixture
def keeper(app: Application, session: Session) -> FlaskClient:
    """Publish two products for the world and two that are not, and give the browser of a catalogue manager."""
    make_department(session, "ict")
    for code in ("room", "coffee", "vault"):
        make_block(session, code)
    for code, blocks, audience in (
        ("hall", ("room", "coffee"), {"citizen", "employee"}),
        ("stall", ("coffee",), {"citizen"}),
        ("safe", ("vault",), {"employee"}),
        ("nobody", ("vault",), {"partner"}),
    ):
        lines = [make_line(block) for block in blocks]
        texts = {"name": words(f"gadget {code}"), "summary": words(f"Summary of {code}."), "description": words(f"All of {code}.")}
        publish(session, code, lines, audience=frozenset(audience), conditions=(words(f"Only for {code}."),), **texts)
    reindex(session=session)
    return browser_of(app, make_person(session, Role.CATALOGUE_MANAGER, language="en"))


def plain(client: FlaskClient, address: str) -> str:
    text = client.get(address, headers={"Accept-Language": "en"}).text
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text[text.index("<main") : text.index("</main>")])))


def test_the_page_equals_what_a_visitor_can_fetch(keeper: FlaskClient, client: FlaskClient) -> None:
    shown = keeper.get(WORLD).text
    promised = set(re.findall(r'href="/catalog/(\w+)"', shown))
    assert promised == {"hall", "stall"}
    for address in LISTS:
        assert set(re.findall(r'href="/catalog/(\w+)"', client.get(address).text)) - {"departments", "matrix"} == promised, address
    for code in ("hall", "stall", "safe", "nobody", "gone"):
        assert client.get(f"/catalog/{code}").status_code == (200 if code in promised else 404)
    read = " ".join(plain(client, address) for address in (*LISTS, *(f"/catalog/{code}" for code in sorted(promised))))
    told = plain(keeper, WORLD)
    for secret in ("safe", "nobody", "vault"):
        assert secret not in read
        assert secret not in told
    for text in ("Summary of hall.", "All of hall.", "Only for stall.", "You get room.", "You get coffee.", "€ 20.00", "€ 10.00"):
        assert text in read, text
        assert text in told, text


def test_the_open_addresses_are_the_ones_that_open(keeper: FlaskClient, client: FlaskClient, app: Application) -> None:
    listed = {html.unescape(one) for one in re.findall(r"<code>([^<]+)</code>", keeper.get(WORLD).text)}
    assert {"/", "/catalog/<code>", "/track"} <= listed
    rules = {str(rule) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert listed <= rules
    for address in sorted(rule for rule in rules if "<" not in rule):
        leads_to_sign_in = client.get(address).headers.get("Location", "").startswith("/sign-in")
        assert leads_to_sign_in is (address not in listed), address


def test_only_who_keeps_the_catalogue_sees_the_page(app: Application, session: Session, client: FlaskClient) -> None:
    assert client.get(WORLD).status_code == 303
    assert browser_of(app, make_person(session, Role.MANAGER)).get(WORLD).status_code == 403
    keeper = browser_of(app, make_person(session, Role.CATALOGUE_MANAGER, language="en"))
    assert "Nothing of the catalogue is open to everybody" in keeper.get(WORLD).text
