"""A question that is answered with a colleague: looked for, chosen, kept as a person, and who must approve then."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.actions import save_question
from portal.catalog.agreement import ApprovalRule, Approver, ApproverKind
from portal.catalog.definition import Need, QuestionKind
from portal.core.references import new_token
from portal.people.models import Person
from portal.requests.models import Approval, ApprovalStep, Request
from portal.requests.ordering.several.models import FurtherBeneficiary
from tests.factories import make_block, make_department, make_line, make_person, make_product, sign_in
from tests.requests.ordering.conftest import Browser, load_draft, make_question

BOSS = make_question("boss", QuestionKind.PERSON)
BUDDY = make_question("buddy", QuestionKind.PERSON, Need.OPTIONAL, per_person=True)
RULE = ApprovalRule(approvers=(Approver(kind=ApproverKind.FROM_ANSWER, question="boss"),))
FRAGMENT = {"HX-Request": "true", "HX-Target": "div#q-boss-matches"}


@pytest.fixture
def asker(session: Session) -> Person:
    return make_person(session, name="Mirjam Aanvrager", language="en")


@pytest.fixture
def jans(session: Session) -> tuple[Person, Person]:
    return make_person(session, name="Jan de Vries"), make_person(session, name="Jan de Boer")


@pytest.fixture
def browser(client: FlaskClient, session: Session, asker: Person, jans: tuple[Person, Person]) -> Browser:  # noqa: ARG001  they work here
    """Begin an order of a product that asks for two colleagues, of whom the first has to approve it."""
    make_department(session, "ict")
    for question in (BOSS, BUDDY):
        save_question(session=session, question=question)
    make_block(session, "badge", questions=(BOSS, BUDDY))
    make_product(session, "room", [make_line("badge")], approval=RULE)
    session.commit()
    sign_in(client, asker)
    shown = Browser(client)
    shown.get("/order/room")
    shown.send("/drafts", for_whom="self", form_key=new_token())
    return shown


def test_a_colleague_is_looked_for_and_chosen_without_javascript(browser: Browser, session: Session, jans: tuple[Person, Person]) -> None:
    page = browser.send("/details", q__boss="jan", q__buddy="", search="q-boss")
    assert "Jan de Vries" in page.text
    assert "Jan de Boer" in page.text
    assert "data-error-summary" not in page.text
    page = browser.send("/details", q__boss="jan", q__buddy="")
    assert page.status_code == 422
    assert "Choose who you mean." in page.text
    assert 'value="jan"' in page.text
    page = browser.send("/details", q__boss="jan", q__boss__id=str(jans[1].id), q__buddy="")
    assert browser.step == "check"
    assert "Jan de Boer" in page.text
    assert load_draft(session).answers == {"boss": {"id": jans[1].id, "name": "Jan de Boer"}}
    page = browser.get(browser.address.replace("/check", "/details"))
    assert 'value="Jan de Boer"' in page.text
    page = browser.send("/details", q__boss="vries", q__boss__id=str(jans[1].id), q__buddy="nobody of this name")
    assert "We found nobody with this name. Check how it is written." in page.text
    browser.send("/details", q__boss="vries", q__boss__id=str(jans[1].id), q__buddy="jan de boer")
    answers = load_draft(session).answers
    assert (answers["boss"]["id"], answers["buddy"]["id"]) == (jans[0].id, jans[1].id)


def test_a_colleague_can_differ_per_person(browser: Browser, session: Session, jans: tuple[Person, Person]) -> None:
    browser.send("/details", q__boss="vries", q__buddy="vries")
    browser.get(browser.address.replace("/check", "/others"))
    browser.send("/others", names="Daan Stage", add="1")
    session.expire_all()
    daan = session.scalars(select(FurtherBeneficiary)).one()
    assert daan.answers == {"buddy": {"id": jans[0].id, "name": "Jan de Vries"}}
    field = f"person-{daan.id}-q-buddy"
    shown = browser.client.get(f"/colleagues/{field}?{field}=jan", headers={**FRAGMENT, "HX-Target": f"div#{field}-matches"})
    assert f'name="{field}-id"' in shown.text
    typed = {f"person__{daan.id}__q__buddy": "jan"}
    page = browser.send("/others", **typed, search=field)
    assert "Jan de Boer" in page.text
    browser.send("/others", **typed, **{f"person__{daan.id}__q__buddy__id": str(jans[1].id)})
    assert browser.step == "check"
    browser.send("/submission")
    made = session.scalars(select(Request).order_by(Request.id)).all()
    buddies = [one["value"]["id"] for request in made for one in request.answers if one["code"] == "buddy"]
    assert buddies == [jans[0].id, jans[1].id]


def test_a_required_colleague_must_be_there(browser: Browser) -> None:
    page = browser.send("/details", q__boss="", q__buddy="")
    assert page.status_code == 422
    assert 'href="#q-boss"' in page.text
    assert "Fill this in." in page.text


@pytest.mark.parametrize("picked", ["0", "99999999999999999999", "abc", "-1"])
def test_who_was_not_found_cannot_be_picked(browser: Browser, picked: str) -> None:
    assert browser.send("/details", q__boss="jan", q__boss__id=picked, q__buddy="").status_code == 422


@pytest.mark.usefixtures("browser")
def test_while_typing_the_list_comes_by_itself(client: FlaskClient, statements: list[str]) -> None:
    statements.clear()
    found = client.get("/colleagues/q-boss?q-boss=jan", headers=FRAGMENT)
    few = len(statements)
    assert found.text.count('name="q-boss-id"') == 2
    assert "We found nobody with this name." in client.get("/colleagues/q-boss?q-boss=xyz", headers=FRAGMENT).text
    assert client.get("/colleagues/q-boss?q-boss=j", headers=FRAGMENT).text.count("<input") == 0
    another = {**FRAGMENT, "HX-Target": "div#person-3-q-boss-matches"}
    found = client.get("/colleagues/person-3-q-boss?person-3-q-boss=jan", headers=another)
    assert found.text.count('name="person-3-q-boss-id"') == 2
    assert client.get("/colleagues/q-boss?q-boss=jan").status_code == 404
    assert client.get("/colleagues/other?other=jan").status_code == 404
    statements.clear()
    client.get("/colleagues/q-boss?q-boss=vries", headers=FRAGMENT)
    assert len(statements) == few


def approver_of(session: Session) -> int | None:
    session.expire_all()
    return session.scalars(select(ApprovalStep.approver_id)).one()


def test_the_person_who_was_chosen_has_to_approve(browser: Browser, session: Session, jans: tuple[Person, Person]) -> None:
    make_person(session, name="Jan de Boer")  # a namesake, of whom a text could not tell which one is meant
    session.commit()
    browser.send("/details", q__boss="jan de boer", q__boss__id=str(jans[1].id), q__buddy="")
    browser.send("/submission")
    assert approver_of(session) == jans[1].id
    kept = session.scalars(select(Request)).one().answers
    assert [(one["value"], one["shown"]["nl"]) for one in kept] == [({"id": jans[1].id, "name": "Jan de Boer"}, "Jan de Boer")]


def test_a_text_of_before_still_shows_and_is_asked_again(browser: Browser, session: Session, jans: tuple[Person, Person]) -> None:
    draft = load_draft(session)
    draft.answers, draft.has_details = {"boss": "jan de vries"}, True
    session.commit()
    page = browser.get(f"/order/room/{draft.token}/check")
    assert "jan de vries" in page.text
    page = browser.get(f"/order/room/{draft.token}/details")
    assert 'value="jan de vries"' in page.text
    browser.get(f"/order/room/{draft.token}/check")
    browser.send("/submission")
    assert approver_of(session) == jans[0].id
    assert session.scalars(select(Approval)).one()
