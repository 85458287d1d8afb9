"""The pages of a simulation, as a catalogue manager uses them, without JavaScript and with htmx."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.models import ProductVersion
from portal.jobs.runner import run_all_due
from portal.people.models import Person
from portal.people.roles import Role
from portal.simulating.models import Simulation
from portal.web.application import Application
from tests.composing.conftest import words_of
from tests.factories import make_line, make_person, make_product, sign_in
from tests.simulating.conftest import draft_of_block, draft_with_badge, make_asked
from tests.simulating.test_running import LATER

ADDRESS = "/manage/catalog/products/newcomer/replays"
DAYS = {"since": "2026-11-01", "until": "2026-11-30"}
HTMX = {"HX-Request": "true", "HX-Target": "section#progress"}


@pytest.fixture
def product(session: Session) -> ProductVersion:
    return make_asked(session)


@pytest.fixture
def manager(session: Session) -> Person:
    return make_person(session, Role.CATALOGUE_MANAGER, name="Milan Beheer", language="en")


@pytest.fixture
def browser(client: FlaskClient, session: Session, product: ProductVersion, manager: Person) -> FlaskClient:
    """Give the browser of a catalogue manager who has a draft with a badge."""
    draft_with_badge(session, product, manager)
    sign_in(client, manager)
    return client


def start(browser: FlaskClient, **days: str) -> str:
    """Ask for a simulation, and give its address."""
    answer = browser.post(ADDRESS, data=DAYS | days)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def read(browser: FlaskClient, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return words_of(answer)


def test_the_draft_leads_to_the_form_with_the_last_year(browser: FlaskClient) -> None:
    detail = browser.get("/manage/catalog/products/newcomer")
    assert f'href="{ADDRESS}"' in detail.text
    assert f'href="{ADDRESS}"' in browser.get("/manage/catalog/products/newcomer/simulation").text
    assert browser.get(ADDRESS).text.count('type="date"') == 2


def test_from_asking_to_the_result(browser: FlaskClient, app: Application) -> None:
    address = start(browser)
    assert "0 of 7 requests replayed. You may leave this page." in read(browser, address)
    run_all_due(app, at=LATER)
    text = read(browser, address)
    assert "7 requests were replayed. 7 requests get other tasks." in text
    assert "The middle one: 1 day later. For 8 of 10: 1 day later at most. Earlier: 0, same day: 0, later: 7." in text
    assert "Nothing changes for: personeel (en)." in text
    assert "11 tasks become 18." in text
    assert "Really promised" in text
    assert "7 of 7 requests" not in text
    assert "Milan Beheer Ready" in read(browser, ADDRESS)


def test_the_progress_renews_itself_and_then_the_page(browser: FlaskClient, app: Application) -> None:
    address = start(browser)
    running = browser.get(address, headers=HTMX)
    assert running.text.lstrip().startswith('<section id="progress"')
    assert 'hx-trigger="every 1s"' in running.text
    assert "HX-Refresh" not in running.headers
    run_all_due(app, at=LATER)
    done = browser.get(address, headers=HTMX)
    assert done.headers["HX-Refresh"] == "true"
    assert "hx-trigger" not in done.text


def test_it_can_be_stopped_once(browser: FlaskClient, app: Application) -> None:
    address = start(browser)
    stopped = browser.post(f"{address}/cancellation", follow_redirects=True)
    assert "This simulation was stopped after 0 of 7 requests." in words_of(stopped)
    assert "It was ready just before you stopped it." in words_of(browser.post(f"{address}/cancellation", follow_redirects=True))
    run_all_due(app, at=LATER)
    assert "was stopped after 0 of 7" in read(browser, address)


def test_the_list_names_what_comes_and_pages_by_key(
    browser: FlaskClient, app: Application, monkeypatch: pytest.MonkeyPatch, statements: list[str]
) -> None:
    monkeypatch.setattr("portal.simulating.queries.PAGE_SIZE", 5)
    address = f"{start(browser)}/requests"
    run_all_due(app, at=LATER)
    statements.clear()
    first = browser.get(address)
    many = len(statements)
    text = words_of(first)
    assert text.count("comes: badge (en)") == 5
    assert "5 of 7 shown" in text
    assert "Noor" not in text
    assert "/requests/A-" not in first.text  # a catalogue manager may not open requests of others
    after = first.text.split("requests?after=", 1)[1].split('"', 1)[0]
    statements.clear()
    assert read(browser, f"{address}?after={after}").count("comes: badge (en)") == 2
    assert len(statements) == many
    assert read(browser, f"{address}?after=nonsense").count("comes: badge (en)") == 5


def test_who_may_see_requests_can_open_them(
    client: FlaskClient, session: Session, product: ProductVersion, manager: Person, app: Application
) -> None:
    draft_with_badge(session, product, manager)
    sign_in(client, make_person(session, Role.CATALOGUE_MANAGER, Role.COORDINATOR, language="en"))
    address = f"{start(client)}/requests"
    run_all_due(app, at=LATER)
    assert "/requests/A-2026-" in client.get(address).text


def test_a_draft_that_changed_since_is_told(browser: FlaskClient, session: Session, app: Application) -> None:
    address = start(browser)
    run_all_due(app, at=LATER)
    assert "earlier edition" not in read(browser, address)
    draft = session.scalars(select(ProductVersion).where(ProductVersion.number == 2)).one()
    draft.definition = {**draft.definition, "icon": "desk"}
    session.flush()
    assert "This was made with an earlier edition of the draft" in read(browser, address)


def test_a_block_is_replayed_too(client: FlaskClient, session: Session, product: ProductVersion, manager: Person, app: Application) -> None:
    draft_of_block(session, "laptop", manager, department="personeel")
    sign_in(client, manager)
    place = "/manage/catalog/blocks/laptop/replays"
    assert f'href="{place}"' in client.get("/manage/catalog/blocks/laptop").text
    address = client.post(place, data=DAYS).headers["Location"]
    run_all_due(app, at=LATER)
    text = read(client, address)
    assert "7 requests get other tasks." in text
    assert f"product {product.code} (en) 7 requests" in text
    assert "to another department: laptop (en)" in read(client, f"{address}/requests")


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"since": "2026-11-30", "until": "2026-11-01"}, "Choose a day on or after the first one."),
        ({"since": ""}, "Choose a day."),
        ({"since": "0001-01-01"}, "Choose a day between 2000 and 2099."),
        ({"until": "31-02-2026"}, "This day does not exist."),
    ],
)
def test_a_period_that_cannot_be_is_told_at_the_field(browser: FlaskClient, days: dict[str, str], sentence: str) -> None:
    answer = browser.post(ADDRESS, data=DAYS | days)
    assert answer.status_code == 422
    assert sentence in words_of(answer)


def test_a_period_without_requests_says_so(browser: FlaskClient, app: Application) -> None:
    address = start(browser, since="2020-01-01", until="2020-12-31")
    run_all_due(app, at=LATER)
    assert "There were no requests" in read(browser, address)
    assert "No request gets other tasks" in read(browser, f"{address}/requests")


@pytest.mark.usefixtures("product")
def test_without_draft_or_with_faults_it_says_what_to_do(client: FlaskClient, session: Session, manager: Person) -> None:
    sign_in(client, manager)
    assert "There is no draft Begin a draft first" in read(client, ADDRESS)
    assert client.post(ADDRESS, data=DAYS).status_code == 422
    draft = draft_of_block(session, "badge", manager)[0]
    draft.definition = {**draft.definition, "department": "gone"}
    session.flush()
    place = "/manage/catalog/blocks/badge/replays"
    assert "This draft cannot be replayed yet" in read(client, place)
    assert client.post(place, data=DAYS).status_code == 409


def test_a_form_that_is_sent_twice_asks_once(browser: FlaskClient, session: Session) -> None:
    assert start(browser, form_key="a" * 20) == start(browser, form_key="a" * 20) == start(browser)
    assert len(session.scalars(select(Simulation)).all()) == 1


def test_a_page_of_results_takes_as_many_statements_for_many_departments_as_for_one(
    browser: FlaskClient, app: Application, statements: list[str]
) -> None:
    empty, full = start(browser, since="2020-01-01", until="2020-12-31"), start(browser)
    run_all_due(app, at=LATER)
    counts = []
    for address in (empty, full):
        browser.get(address)
        statements.clear()
        browser.get(address)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12


@pytest.mark.usefixtures("product")
@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_others_may_not_enter(client: FlaskClient, session: Session, role: Role) -> None:
    sign_in(client, make_person(session, role))
    assert [client.get(ADDRESS).status_code, client.post(ADDRESS, data=DAYS).status_code] == [403, 403]


@pytest.mark.usefixtures("product")
def test_who_is_not_signed_in_is_led_to_sign_in(client: FlaskClient) -> None:
    assert client.get(ADDRESS).headers["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize(
    "address",
    [f"{ADDRESS}/999999", f"{ADDRESS}/999999/requests", ADDRESS.replace("newcomer", "gone"), "/manage/catalog/things/newcomer/replays"],
)
def test_what_is_not_there_is_not_found(browser: FlaskClient, address: str) -> None:
    assert browser.get(address).status_code == 404


def test_a_simulation_is_only_found_at_its_own_product(browser: FlaskClient, session: Session) -> None:
    make_product(session, "other", [make_line("badge")])
    assert browser.get(start(browser).replace("newcomer", "other")).status_code == 404


def test_it_is_in_dutch_too(client: FlaskClient, session: Session, product: ProductVersion, app: Application) -> None:
    milan = make_person(session, Role.CATALOGUE_MANAGER, language="nl")
    draft_with_badge(session, product, milan)
    sign_in(client, milan)
    address = start(client)
    run_all_due(app, at=LATER)
    text = read(client, address)
    assert "7 aanvragen zijn nagespeeld. 7 aanvragen krijgen andere taken." in text
    assert "(en)" not in text
