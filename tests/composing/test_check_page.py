"""The check of the catalogue, as its manager reads it."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.catalog.actions import save_question
from portal.catalog.definition import Need, Privacy, Question, QuestionKind
from portal.core.texts import LocalText
from portal.people.actions import save_department
from portal.people.roles import Role
from tests.catalog.examples import publish
from tests.factories import make_block, make_department, make_line, make_person, sign_in, words

ADDRESS = "/manage/catalog/check"


def read(client: FlaskClient, address: str = ADDRESS) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status
    main = answer.text[answer.text.index("<main") : answer.text.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def manager(client: FlaskClient, session: Session, language: str = "en") -> None:
    sign_in(client, make_person(session, Role.CATALOGUE_MANAGER, language=language))


@pytest.fixture
def wrong(session: Session) -> None:
    """Publish a product with officialese, of which a block has a department without hours and asks a long question."""
    make_department(session, "ict")
    save_department(session=session, code="personeel", name=words("personeel"))
    label = LocalText(nl=" ".join(["Waar"] * 21), en="Where?")
    where = Question(code="where", kind=QuestionKind.TEXT, label=label, need=Need.REQUIRED, privacy=Privacy.NONE)
    save_question(session=session, question=where)
    make_block(session, "desk", department="personeel", questions=[where])
    make_block(session, "pass")
    publish(session, "workplace", [make_line("desk"), make_line("pass")], summary=LocalText("Indien u komt.", "If you come."))


@pytest.mark.usefixtures("wrong")
def test_findings_stand_with_what_they_are_about(client: FlaskClient, session: Session) -> None:
    manager(client, session)
    text = read(client)
    assert re.search(r"Products product workplace \(en\) Where What is wrong How bad", text)
    assert re.search(r"In one sentence: Dutch Officialese: “indien”. Say “als”. Advice", text)
    assert re.search(r"Building blocks desk \(en\) Used in: product workplace \(en\)", text)
    assert re.search(r"Department The department “personeel” has no opening hours, so we cannot promise a date. Fault", text)
    assert re.search(r"Questions Where\? Used in: product workplace .*A sentence of 21 words", text)
    for address in ("/manage/catalog/products/workplace", "/manage/catalog/blocks/desk", "/catalog/workplace"):
        assert f'<a href="{address}">' in client.get(ADDRESS).text


@pytest.mark.usefixtures("wrong")
def test_advice_can_be_left_out(client: FlaskClient, session: Session) -> None:
    manager(client, session)
    text = read(client, f"{ADDRESS}?level=fault")
    assert "Only faults 1" in text
    assert "Everything 3" in text
    assert "no opening hours" in text
    assert "Officialese" not in text


@pytest.mark.usefixtures("wrong")
def test_the_page_is_in_dutch_too(client: FlaskClient, session: Session) -> None:
    manager(client, session, "nl")
    text = read(client)
    assert "Controle van de catalogus" in text
    assert "heeft geen openingstijden" in text
    assert "(en)" not in text


def test_nothing_to_mend_is_told(client: FlaskClient, session: Session) -> None:
    manager(client, session)
    assert "The check has found nothing to mend." in read(client)


def test_the_manager_finds_it_below_the_management_of_the_catalogue(client: FlaskClient, session: Session) -> None:
    manager(client, session)
    assert f'href="{ADDRESS}"' in client.get("/manage/catalog").text
    assert re.search(r'href="/manage/catalog"[^>]* aria-current', client.get(ADDRESS).text)


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_others_may_not_enter(client: FlaskClient, session: Session, role: Role) -> None:
    sign_in(client, make_person(session, role))
    assert client.get(ADDRESS).status_code == 403


def test_who_is_not_signed_in_is_led_to_sign_in(client: FlaskClient) -> None:
    answer = client.get(ADDRESS)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=")


def test_it_takes_as_many_statements_for_many_products_as_for_one(client: FlaskClient, session: Session, statements: list[str]) -> None:
    make_department(session, "ict")
    manager(client, session)
    counts = []
    for number in range(1, 5):
        make_block(session, f"block{number}")
        publish(session, f"product{number}", [make_line(f"block{number}")])
        client.get(ADDRESS)  # what stays in the process is there from now on
        statements.clear()
        client.get(ADDRESS)
        counts.append(len(statements))
    assert len(set(counts)) == 1
    assert counts[0] <= 11


def test_what_is_on_its_way_is_checked_on_request(client: FlaskClient, session: Session) -> None:
    make_department(session, "ict")
    manager(client, session)
    make_block(session, "desk")
    publish(session, "workplace", [make_line("desk")])
    client.post("/manage/catalog/products/workplace/draft")
    assert client.post("/manage/catalog/products/workplace/lines/always/0/removal", data={"edition": 1}).status_code == 303
    for address, is_found in ((ADDRESS, False), (f"{ADDRESS}?drafts=yes", True), (f"{ADDRESS}?drafts=yes&level=fault", True)):
        assert ("This cannot be published: required." in client.get(address).text) is is_found, address
