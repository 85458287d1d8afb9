"""The search page and the suggestions, as people see them; and what is kept of a search that found nothing."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import utc_now
from portal.core.db import transaction
from portal.jobs.runner import run_all_due
from portal.jobs.work import KEEP_MISSED_SEARCHES, clean_up
from portal.people.models import Department, Person
from portal.people.roles import Role
from portal.search import actions
from portal.search.actions import note_missed_search, reindex
from portal.search.models import MissedSearch
from portal.search.pages import search_for
from portal.search.queries import find
from portal.search.rules import Shortfall
from portal.web.application import Application
from tests.factories import NOW, make_chain, make_line, make_person, make_product, sign_in

TYPING = {"HX-Request": "true", "HX-Target": "div#suggestions"}
TODAY = NOW.date()


@pytest.fixture
def department(session: Session) -> Department:
    """Give the department that owns a product of three building blocks, in the index."""
    version = make_chain(session)
    make_product(session, "plan", [make_line("record")], audience=frozenset({"manager"}))
    reindex(session=session)
    session.commit()
    return version.owner


def missed(session: Session) -> Sequence[tuple[str, int | None, int]]:
    return [(one.text, one.department_id, one.times) for one in session.scalars(select(MissedSearch).order_by(MissedSearch.id))]


def note(session: Session, text: str, department_id: int | None = None, on: date = TODAY) -> None:
    note_missed_search(session=session, text=text, shortfall=Shortfall.NOTHING, department_id=department_id, on=on)


@pytest.mark.usefixtures("department")
def test_a_visitor_sees_why_something_was_found(client: FlaskClient) -> None:
    page = client.get("/search?q=laptops")
    assert 'href="/catalog/newcomer"' in page.text
    assert "<mark>laptop</mark>" in page.text
    assert "1 resultaat" in page.text


def test_the_part_that_was_searched_for_is_named(catalogue: Session, filled: Application) -> None:
    with filled.test_request_context():
        best = search_for(catalogue, "beamer voor morgen", person=Person(assignments=[])).results[0]
    assert best.code == "bijeenkomst"
    assert ("Beamer", True) in best.parts[0]


@pytest.mark.usefixtures("department")
def test_a_typing_error_is_told(client: FlaskClient) -> None:
    page = client.get("/search?q=newcommer", headers={"Accept-Language": "en"})
    assert "We read: newcomer." in page.text
    assert "product <mark>newcomer</mark>" in page.text


@pytest.mark.usefixtures("department")
def test_an_employee_does_not_find_what_is_for_managers(client: FlaskClient, session: Session) -> None:
    sign_in(client, make_person(session))
    assert "/catalog/plan" not in client.get("/search?q=plan").text
    sign_in(client, make_person(session, Role.MANAGER))
    assert "/catalog/plan" in client.get("/search?q=plan").text


@pytest.mark.parametrize("path", ["/", "/catalog", "/search"])
@pytest.mark.usefixtures("department")
def test_the_box_stands_where_people_begin(client: FlaskClient, session: Session, path: str) -> None:
    page = client.get(path)
    assert 'action="/search"' in page.text
    assert not missed(session)


@pytest.mark.usefixtures("department")
def test_suggestions_while_typing(client: FlaskClient, session: Session) -> None:
    answer = client.get("/search?q=newc", headers=TYPING)
    assert 'href="/catalog/newcomer"' in answer.text
    assert "<html" not in answer.text
    assert client.get("/search?q=zzzz", headers=TYPING).status_code == 200
    assert not missed(session)


@pytest.mark.usefixtures("department")
def test_nothing_found_leads_to_the_service_desk(client: FlaskClient) -> None:
    page = client.get("/search?q=Zwembad")
    assert 'href="mailto:servicedesk@loket.example?subject=Zwembad"' in page.text
    assert 'href="/catalog"' in page.text


def test_what_found_nothing_is_counted_although_the_page_only_reads(committed_app: Application) -> None:
    client = committed_app.test_client()
    for typed in ("Zwembad", "zwembad", "Zwembaden"):
        client.get("/search", query_string={"q": typed})
    with committed_app.app_context(), transaction() as session:
        assert missed(session) == [("zwembad", None, 2), ("zwembaden", None, 1)]


def test_departments_are_counted_apart(session: Session, department: Department) -> None:
    for who in (None, department.id, department.id):
        note(session, "zwembad", who)
    assert missed(session) == [("zwembad", None, 1), ("zwembad", department.id, 2)]


@pytest.mark.usefixtures("department")
def test_what_was_typed_is_shown_as_text(client: FlaskClient) -> None:
    page = client.get("/search", query_string={"q": '"><script>alert(1)</script>'})
    assert "<script>alert" not in page.text


def test_addresses_and_numbers_are_not_kept(session: Session) -> None:
    note(session, "Mail  jan@voorbeeld.nl over 0612345678")
    for text in ("jan@voorbeeld.nl", "06 12 34 56 78", "1234 AB", "+31 6-12345678", "www.voorbeeld.nl/jan"):
        note(session, text)
    assert missed(session) == [("mail over", None, 1)]


@pytest.mark.parametrize(
    ("typed", "shortfall"),
    [("laptop", None), ("laptop please", None), ("helicopter laptop", Shortfall.LITTLE), ("helicopter", Shortfall.NOTHING)],
)
def test_a_search_that_finds_half_or_less_fell_short(
    session: Session, department: Department, typed: str, shortfall: Shortfall | None
) -> None:
    del department
    assert find(session, typed, person=None, most=5).shortfall is shortfall


def test_a_flood_is_not_kept(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_MISSED_PER_DAY", 2)
    for text in ("one", "two", "three", "two"):
        note(session, text)
    assert missed(session) == [("one", None, 1), ("two", None, 2)]


def test_what_is_published_is_found_after_the_worker_heard_of_it(committed_app: Application) -> None:
    with committed_app.app_context(), transaction() as session:
        make_chain(session)
    run_all_due(committed_app, at=NOW)
    with committed_app.app_context(), transaction() as session:
        assert [one.document.code for one in find(session, "laptops", person=None, most=5).found] == ["newcomer"]


def test_old_searches_are_forgotten(session: Session) -> None:
    today = utc_now()
    for days in (0, KEEP_MISSED_SEARCHES.days + 2):
        note(session, f"{days} days", on=(today - timedelta(days=days)).date())
    clean_up(session, {}, today)
    assert missed(session) == [("0 days", None, 1)]
