"""The check: answers and plan, switches for optional lines, one request however often it is sent, and drafts."""

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.models import Request, Task
from portal.requests.ordering.models import OrderDraft
from tests.factories import make_person, sign_in
from tests.requests.ordering.conftest import DETAILS, Browser, load_draft


def test_every_task_is_shown_with_department_order_and_reason(filled: Browser) -> None:
    assert filled.step == "check"
    answer = filled.get(filled.address)
    for shown in ("record (en)", "personeel (en)", "because of account (en)", "after record (en)", "Fleur Nieuw", "32", "Left open"):
        assert shown in answer.text
    assert "Everything is ready in time for Wednesday 1 December 2027." in answer.text
    assert "€\u00a020" in answer.text


def test_a_wish_that_cannot_be_met_is_told(chosen: Browser) -> None:
    today = chosen.send("/details", **{**DETAILS, "q__begin": _tomorrow()})
    assert "This is later than you asked for." in today.text or "It will be tight." in today.text


def test_an_optional_line_is_switched_on_and_asks_what_it_needs(filled: Browser, session: Session) -> None:
    assert "not in this request" in filled.get(filled.address).text
    answer = filled.send("/lines", line="phone")
    assert "not in this request" not in answer.text
    assert "We need a few more details before you can send this." in answer.text
    assert '/submission"' not in answer.text
    filled.get(filled.address.replace("check", "details"))
    filled.send("/details", **DETAILS, q__colour="red")
    filled.send("/submission")
    assert session.scalar(select(func.count(Task.id))) == 3


def test_a_required_line_cannot_be_switched_off(filled: Browser, session: Session) -> None:
    filled.send("/lines", line=["nothing"])
    assert load_draft(session).skipped == []
    filled.send("/submission")
    assert session.scalar(select(func.count(Task.id))) == 2


def test_a_switch_can_be_answered_with_the_part_that_changes(filled: Browser) -> None:
    headers = {"HX-Request": "true", "HX-Target": "div#order-check"}
    answer = filled.client.get(filled.address, headers=headers)
    assert answer.text.lstrip().startswith('<div id="order-check"')


def test_what_is_only_recommended_may_stay_open(filled: Browser) -> None:
    answer = filled.get(filled.address)
    assert "question scale" in answer.text
    assert "We need a few more details" not in answer.text
    assert "Send this request" in answer.text


def test_pages_ask_the_database_little(filled: Browser, statements: list[str]) -> None:
    for step, most in (("choice?question=term", 5), ("details", 6), ("check", 10)):
        filled.client.get(filled.address)  # what stays in memory is there
        statements.clear()
        filled.client.get(filled.address.replace("check", step))
        assert len(statements) <= most, "\n".join(statements)


def test_submitting_makes_one_request_and_confirms_it(filled: Browser, session: Session, manager: Person) -> None:
    check = filled.address
    answer = filled.send("/submission")
    request = session.scalars(select(Request)).one()
    assert answer.request.path == f"/requests/{request.number}/confirmation"
    assert request.beneficiary_name == "Fleur Nieuw"
    assert (request.requester_id, request.submitted_by_id) == (manager.id, manager.id)
    for step in (check, check.replace("check", "details"), check.replace("check", "choice")):
        assert filled.get(step).request.path == f"/requests/{request.number}/confirmation"
    filled.client.post(check.replace("check", "submission"), data={"version": "4"})
    assert session.scalar(select(func.count(Request.id))) == 1


def test_what_changed_in_another_window_is_not_submitted_unseen(filled: Browser, session: Session) -> None:
    other = Browser(filled.client)
    other.get(filled.address)
    other.send("/lines")
    answer = filled.send("/submission")
    assert answer.status_code == 409
    assert "This order was changed in another window." in answer.text
    assert session.scalar(select(func.count(Request.id))) == 0
    filled.send("/submission")
    assert session.scalar(select(func.count(Request.id))) == 1


def test_the_service_desk_submits_what_a_manager_asks(filled: Browser, session: Session, manager: Person) -> None:
    desk = make_person(session, Role.SERVICE_DESK, name="Dirk Desk", language="en")
    sign_in(filled.client, desk)
    filled.get("/order/newcomer")
    filled.send("/drafts", requester="mirjam", requester_id=str(manager.id), for_whom="newcomer", newcomer="Sem Nieuw")
    filled.send("/choice", answer="new")
    filled.send("/choice", answer="long")
    answer = filled.send("/details", **DETAILS)
    assert "Mirjam Aanvrager" in answer.text
    filled.send("/submission")
    request = session.scalars(select(Request)).one()
    assert (request.requester_id, request.submitted_by_id) == (manager.id, desk.id)


def test_a_draft_stays_and_can_be_gone_on_with_or_deleted(filled: Browser, session: Session) -> None:
    answer = filled.get("/order/newcomer")
    assert "You started this before" in answer.text
    token = session.scalars(select(OrderDraft.token)).one()
    filled.get(f"/order/newcomer/{token}/choice")
    assert filled.step == "check"
    answer = filled.send("/deletion")
    assert "Your draft was deleted." in answer.text
    assert session.scalars(select(OrderDraft)).all() == []


def test_a_draft_of_somebody_else_is_not_found(filled: Browser, session: Session) -> None:
    base = filled.address.rsplit("/", 1)[0]
    sign_in(filled.client, make_person(session, Role.MANAGER, name="Iemand Anders"))
    for step in ("choice", "elsewhere", "details", "check", "others"):
        assert filled.client.get(f"{base}/{step}").status_code == 404
    for step in ("choice", "details", "lines", "others", "submission", "deletion"):
        assert filled.client.post(f"{base}/{step}", data={"form_key": f"key-{step}"}).status_code == 404
    assert filled.client.get(f"/order/newcomer?draft={base.split('/')[3]}").status_code == 404


def test_a_draft_under_another_product_is_not_found(filled: Browser) -> None:
    assert filled.client.get(filled.address.replace("newcomer", "other")).status_code == 404


def test_who_is_not_signed_in_is_asked_to(filled: Browser) -> None:
    filled.client.post("/sign-out")
    assert filled.client.get(filled.address).location.startswith("/sign-in?next=")


def _tomorrow() -> str:
    return (date.today() + timedelta(days=1)).isoformat()  # noqa: DTZ011
