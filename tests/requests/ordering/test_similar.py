"""What was asked for already is shown before an order is sent, and stops nobody."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.catalog.actions import save_question
from portal.catalog.definition import QuestionKind
from portal.catalog.models import ProductVersion
from portal.core.clock import utc_now
from portal.core.journal import Actor
from portal.people.actions import save_location
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.changing.actions.cancelling import cancel_request
from portal.requests.models import Request
from portal.requests.ordering.models import OrderDraft
from portal.requests.queries import get_request_for_change
from tests.factories import (
    ZONE,
    make_block,
    make_department,
    make_draft,
    make_line,
    make_person,
    make_product,
    make_request,
    sign_in,
    words,
)
from tests.requests.ordering.conftest import make_question

HINT = "Misschien is dit al aangevraagd"


def make_repair(session: Session) -> ProductVersion:
    """Publish a product that asks for a place."""
    make_department(session)
    question = make_question("place", QuestionKind.LOCATION)
    save_question(session=session, question=question)
    for code in ("north", "south"):
        save_location(session=session, code=code, name=words(code))
    make_block(session, "repair", questions=[question])
    return make_product(session, "repair", [make_line("repair")])


def check_page(client: FlaskClient, session: Session, person: Person, version: ProductVersion, **more: object) -> str:
    draft: OrderDraft = make_draft(session, person, version, has_details=True, **more)
    sign_in(client, person)
    answer = client.get(f"/order/repair/{draft.token}/check")
    assert answer.status_code == 200
    return answer.text


def at_place(place: str) -> dict[str, object]:
    return {"answers": {"place": place}}


def test_the_same_person_is_told_with_the_way_to_it_and_may_send_it_all_the_same(client: FlaskClient, session: Session) -> None:
    version, noor = make_repair(session), make_person(session)
    assert HINT not in check_page(client, session, noor, version, **at_place("north"))
    number = make_request(session, noor, version, utc_now(), **at_place("south")).number
    page = check_page(client, session, noor, version, **at_place("north"))
    assert HINT in page
    assert f'href="/requests/{number}"' in page
    assert "Aanvraag versturen" in page or "/submission" in page


def test_a_colleague_sees_that_the_place_was_told_and_not_by_whom(client: FlaskClient, session: Session) -> None:
    version, noor = make_repair(session), make_person(session, name="Noor Geheim")
    number = make_request(session, noor, version, utc_now(), **at_place("north")).number
    other = make_person(session)
    page = check_page(client, session, other, version, **at_place("north"))
    assert "dezelfde plek" in page
    assert number not in page
    assert "Noor Geheim" not in page
    assert HINT not in check_page(client, session, other, version, **at_place("south"))
    desk = make_person(session, Role.SERVICE_DESK)
    assert number in check_page(client, session, desk, version, **at_place("north"))


def test_what_is_closed_counts_for_two_weeks_and_what_is_open_always(client: FlaskClient, session: Session) -> None:
    version, noor = make_repair(session), make_person(session)
    version_id = version.id
    old = make_request(session, noor, version, utc_now() - timedelta(days=30), **at_place("south"))
    version = session.get_one(ProductVersion, version_id)
    assert old.number in check_page(client, session, noor, version, **at_place("north"))
    found = get_request_for_change(session, old.id)
    cancel_request(session=session, request=found, person=noor, by=Actor(person_id=noor.id), at=utc_now(), zone=ZONE, reason="x")
    session.flush()
    assert HINT not in check_page(client, session, noor, version, **at_place("north"))
    assert session.scalar(select(func.count()).select_from(Request)) == 1


def test_a_newcomer_is_known_by_name(client: FlaskClient, session: Session) -> None:
    version, noor = make_repair(session), make_person(session)
    version_id = version.id
    make_request(session, noor, version, utc_now(), beneficiary_id=None, beneficiary_name="Élise Nieuw", **at_place("south"))
    version = session.get_one(ProductVersion, version_id)
    for name, is_told in (("élise nieuw", True), ("Daan Nieuw", False)):
        page = check_page(client, session, noor, version, beneficiary_id=None, beneficiary_name=name, **at_place("north"))
        assert (HINT in page) is is_told
