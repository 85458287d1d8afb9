"""Who may enter what: the table is the source of the code and the oracle of this test."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from portal import access
from portal.core.texts import LocalText
from portal.people.actions import PersonDetails, save_department, save_person
from portal.people.models import Person
from portal.people.roles import Role
from portal.web.application import Application
from portal.web.guard import EVERYONE, Access, may_enter
from tests.browser_client import CheckedClient, TokenClient

# Open to everyone on the internet; adding a line here is a decision.
# Who may enter which page is the same on every database.
pytestmark = pytest.mark.once

OPEN_TO_EVERYONE: Final = frozenset(
    {
        "assets.file",
        "catalog.departments",
        "catalog.letters",
        "catalog.matrix",
        "catalog.overview",
        "catalog.product",
        "people.choose_language",
        "people.create_session",
        "people.sign_in",
        "people.sign_out",
        "approvals.by_link",
        "approvals.decide_by_link",
        "rating.detail",
        "rating.rate_by_code",
        "rating.rate_by_link",
        "reopening.create_by_link",
        "reopening.new_by_link",
        "search.health",
        "search.home",
        "search.results",
        "track.detail",
        "track.find",
        "track.why",
    }
)
NewPerson = Callable[[Role], Person]

VISITORS: Final = (None, *Role)
_MADE_UP: Final = {"int": 2_000_000_000, "default": "missing", "string": "missing", "path": "missing", "uuid": "0" * 32}


def without_rule(app: Flask, table: Mapping[str, Access]) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules()} - table.keys()


def without_route(app: Flask, table: Mapping[str, Access]) -> set[str]:
    return table.keys() - {rule.endpoint for rule in app.url_map.iter_rules()}


def expected(endpoint: str, role: Role | None) -> str:
    if may_enter(access.ACCESS.get(endpoint), None if role is None else frozenset({role})):
        return "in"
    return "sign in" if role is None else "forbidden"


def outcome(client: TokenClient, rule: Rule, method: str) -> str:
    """Ask for an address with made-up names and tell how far one gets; not found is in."""
    values = {name: _MADE_UP[_kind(converter)] for name, converter in rule._converters.items()}
    _, address = rule.build(values) or ("", "")
    answer = client.open(address, method=method)
    assert answer.status_code < 500, f"{method} {address}: {answer.status_code}"
    if answer.status_code == 403:
        return "forbidden"
    is_sent_away = answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in")
    return "sign in" if is_sent_away else "in"


def _kind(converter: object) -> str:
    return "int" if isinstance(getattr(converter, "num_convert", None), type) else "string"


def requests_of(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        yield from ((rule, method) for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}))


@pytest.fixture
def new_person(session: Session) -> NewPerson:
    """Give a function that makes a person with one role; back offices belong to a department."""
    ict = save_department(session=session, code="ict", name=LocalText(nl="ICT", en="IT"))

    def make(role: Role) -> Person:
        details = PersonDetails(
            username=role,
            name=role.title(),
            email=f"{role}@loket.example",
            phone="",
            function=None,
            department=ict,
            location=None,
            language="nl",
            roles=[(role, ict if role in access.BACK_OFFICE else None)],
        )
        return save_person(session=session, details=details, password="geheim")

    return make


def visit(app: Application, kind: type[TokenClient], person: Person | None) -> TokenClient:
    client = kind(app, app.response_class)
    if person is not None:
        with client.session_transaction() as cookie:
            cookie["_user_id"] = str(person.id)
    return client


def test_every_route_stands_in_the_table(app: Application) -> None:
    assert not without_rule(app, access.ACCESS)


def test_every_line_of_the_table_is_a_route(app: Application) -> None:
    assert not without_route(app, access.ACCESS)


def test_the_anonymous_surface_is_what_we_decided() -> None:
    assert {endpoint for endpoint, who in access.ACCESS.items() if who is EVERYONE} == OPEN_TO_EVERYONE


def test_nobody_is_no_audience() -> None:
    assert not [endpoint for endpoint, who in access.ACCESS.items() if isinstance(who, frozenset) and not who]


@pytest.mark.parametrize("role", VISITORS, ids=str)
def test_every_route_answers_each_visitor_as_the_table_says(app: Application, new_person: NewPerson, role: Role | None) -> None:
    person = new_person(role) if role else None
    found = {
        f"{method} {rule.endpoint}": (outcome(visit(app, TokenClient, person), rule, method), expected(rule.endpoint, role))
        for rule, method in requests_of(app)
    }
    assert not {request: pair for request, pair in found.items() if pair[0] != pair[1]}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("role", VISITORS, ids=str)
def test_every_page_that_needs_no_name_is_in_order(app: Application, new_person: NewPerson, role: Role | None, language: str) -> None:
    client = visit(app, CheckedClient, new_person(role) if role else None)
    for rule, method in requests_of(app):
        if method == "GET" and not rule.arguments and expected(rule.endpoint, role) == "in":
            assert client.get(rule.rule, headers={"Accept-Language": language}).status_code < 400


def test_planted_defects_are_found(app: Application, new_person: NewPerson, monkeypatch: pytest.MonkeyPatch) -> None:
    table = dict(access.ACCESS)
    del table["search.home"]
    assert without_rule(app, table) == {"search.home"}
    assert without_route(app, access.ACCESS | {"a.b": EVERYONE}) == {"a.b"}
    queue = next(rule for rule, _ in requests_of(app) if rule.endpoint == "jobs.overview")
    employee = visit(app, TokenClient, new_person(Role.EMPLOYEE))
    assert (outcome(employee, queue, "GET"), expected("jobs.overview", Role.EMPLOYEE)) == ("forbidden", "forbidden")
    monkeypatch.setitem(access.ACCESS, "jobs.overview", EVERYONE)  # type: ignore[arg-type]  # the guard reads this table
    assert outcome(employee, queue, "GET") == "in"


def test_pages_that_share_an_address_differ_in_method(app: Application) -> None:
    seen: Iterable[tuple[str, str]] = [(rule.rule, method) for rule, method in requests_of(app)]
    assert len(set(seen)) == len(list(seen))
