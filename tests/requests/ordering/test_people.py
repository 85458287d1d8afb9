"""For whom an order is: oneself, a colleague who is found by name, somebody new; and who may ask at all."""

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.ordering.models import OrderDraft
from tests.factories import make_person, sign_in
from tests.requests.ordering.conftest import Browser, load_draft


def test_who_is_not_signed_in_is_asked_to(client: FlaskClient, product: str) -> None:
    answer = client.get(f"/order/{product}")
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=")


def test_for_who_may_not_ask_for_it_it_is_not_there(client: FlaskClient, session: Session, product: str) -> None:
    sign_in(client, make_person(session))
    assert client.get(f"/order/{product}").status_code == 404
    assert client.post(f"/order/{product}/drafts", data={"for_whom": "self"}).status_code == 404
    assert client.get("/order/other").status_code == 200


def test_a_product_that_is_not_there_is_not_found(browser: Browser) -> None:
    assert browser.get("/order/nothing").status_code == 404


def test_an_order_for_oneself(browser: Browser, session: Session, manager: Person) -> None:
    browser.get("/order/newcomer")
    browser.send("/drafts", for_whom="self")
    draft = load_draft(session)
    assert (draft.requester_id, draft.beneficiary_id, draft.beneficiary_name) == (manager.id, manager.id, "Mirjam Aanvrager")
    assert browser.step == "choice"


def test_nothing_chosen_is_told_beside_the_field(browser: Browser) -> None:
    browser.get("/order/newcomer")
    answer = browser.send("/drafts")
    assert answer.status_code == 422
    assert "Choose who it is for." in answer.text


def test_a_colleague_is_searched_and_chosen_without_javascript(browser: Browser, session: Session) -> None:
    one = make_person(session, name="Jan de Vries")
    make_person(session, name="Jan de Boer")
    browser.get("/order/newcomer")
    answer = browser.send("/drafts", for_whom="colleague", colleague="jan", search="colleague")
    assert "Jan de Vries" in answer.text
    assert "Jan de Boer" in answer.text
    assert "data-error-summary" not in answer.text
    answer = browser.send("/drafts", for_whom="colleague", colleague="jan")
    assert "Choose who you mean." in answer.text
    browser.send("/drafts", for_whom="colleague", colleague="jan", colleague_id=str(one.id))
    assert load_draft(session).beneficiary_id == one.id


def test_a_name_that_is_nobodys_is_told_and_kept(browser: Browser) -> None:
    browser.get("/order/newcomer")
    answer = browser.send("/drafts", for_whom="colleague", colleague="Xyz%_")
    assert answer.status_code == 422
    assert "We found nobody with this name. Check how it is written." in answer.text
    assert 'value="Xyz%_"' in answer.text


def test_names_are_suggested_while_typing(browser: Browser, session: Session) -> None:
    make_person(session, name="Jan de Vries")
    headers = {"HX-Request": "true", "HX-Target": "div#colleague-matches"}
    answer = browser.client.get("/order/newcomer?colleague=vries", headers=headers)
    assert "Jan de Vries" in answer.text
    assert "<html" not in answer.text


def test_somebody_new_needs_a_name_of_normal_length(browser: Browser) -> None:
    browser.get("/order/newcomer")
    assert "Fill in the name of the person it is for." in browser.send("/drafts", for_whom="newcomer", newcomer=" \x07 ").text
    answer = browser.send("/drafts", for_whom="newcomer", newcomer="x" * 10_000)
    assert answer.status_code == 422
    assert "This text is too long: 10000 characters. Shorten it to 120." in answer.text


def test_the_service_desk_asks_for_a_manager(client: FlaskClient, session: Session, manager: Person, product: str) -> None:
    sign_in(client, make_person(session, Role.SERVICE_DESK, name="Dirk Desk", language="en"))
    browser = Browser(client)
    browser.get(f"/order/{product}")
    answer = browser.send("/drafts", for_whom="self")
    assert "This product is not for this person." in answer.text
    browser.send("/drafts", requester="mirjam", requester_id=str(manager.id), for_whom="newcomer", newcomer="Fleur Nieuw")
    draft = load_draft(session)
    assert (draft.requester_id, draft.beneficiary_name) == (manager.id, "Fleur Nieuw")


def test_nobody_else_may_say_who_asks(browser: Browser, session: Session) -> None:
    other = make_person(session, Role.MANAGER, name="Ander Mens")
    browser.get("/order/newcomer")
    browser.send("/drafts", for_whom="self", requester="Ander Mens", requester_id=str(other.id))
    assert session.scalars(select(OrderDraft.requester_id)).one() != other.id


def test_for_whom_can_be_changed_and_the_answers_stay(chosen: Browser, session: Session) -> None:
    draft = load_draft(session)
    answer = chosen.get(f"/order/newcomer?draft={draft.token}")
    assert 'value="Fleur Nieuw"' in answer.text
    chosen.send("/drafts", for_whom="self")
    assert session.scalar(select(func.count(OrderDraft.id))) == 1
    draft = load_draft(session)
    assert draft.tree_answers == {"employment": "new", "term": "long"}
    assert draft.beneficiary_name == "Mirjam Aanvrager"
