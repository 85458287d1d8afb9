"""Submitting for several people: one request with an own plan for each, all or none, and what leads from one to the other."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.clock import utc_now
from portal.core.errors import InvalidInputError
from portal.core.journal import Actor, JournalEntry
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.models import Task
from portal.requests.ordering.actions.submission import Submission, submit_order
from portal.requests.ordering.content import load_content
from portal.requests.ordering.models import OrderDraft
from portal.requests.ordering.queries import get_draft_for
from portal.requests.ordering.several.queries import first_share, load_shares
from portal.requests.ordering.several.rules import MOST_PERSONS
from tests.factories import SECRET, ZONE, make_person, sign_in
from tests.requests.ordering.conftest import DETAILS, Browser
from tests.requests.ordering.sheets import add, fields, others, requests, text_of


def test_each_gets_an_own_request_with_an_own_plan(sheet: Browser, session: Session, manager: Person) -> None:
    colleague = make_person(session, name="Jan de Vries")
    add(sheet, "Daan Stage")
    add(sheet, colleague="Jan de Vries", colleague_id=str(colleague.id))
    first, second = others(session)
    sheet.send("/others", **{**fields(sheet), f"person__{second.id}__q__begin": "2027-12-15"})
    page = sheet.send("/submission")
    assert "We have your 3 requests" in page.text
    made = requests(session)
    assert [one.beneficiary_name for one in made] == ["Fleur Nieuw", "Daan Stage", "Jan de Vries"]
    assert [one.beneficiary_id for one in made] == [None, None, colleague.id]
    assert [str(one.wished_on) for one in made] == ["2027-12-01", "2027-12-01", "2027-12-15"]
    assert {one.together_id for one in made} == {made[0].id}
    assert {one.requester_id for one in made} == {manager.id}
    for one in made:
        shown = {answer["code"]: answer["value"] for answer in one.answers}
        assert (shown["name"], shown["hours"]) == (one.beneficiary_name, 32)
        assert one.number in page.text
        assert session.scalar(select(func.count(Task.id)).where(Task.request_id == one.id)) == 2
        assert session.scalar(select(func.count(JournalEntry.id)).where(JournalEntry.stream == one.stream)) == 1
    assert len({one.tracking_hash for one in made}) == 3
    assert first.draft_id == second.draft_id


def test_a_second_click_gives_the_same_requests(sheet: Browser, session: Session) -> None:
    add(sheet, "Daan Stage")
    address = sheet.address
    sheet.get(address.replace("others", "check"))
    sheet.send("/submission")
    confirmed = sheet.address
    sheet.client.post(address.replace("others", "submission"), data={"version": "9"})
    for step in ("check", "others", "details"):
        assert sheet.get(address.replace("others", step)).request.path == confirmed
    assert sheet.client.post(address, data={"names": "Sem"}).location.endswith(confirmed)
    assert len(requests(session)) == 2
    draft = session.scalars(select(OrderDraft)).one()
    person = session.get_one(Person, draft.person_id)
    again = submit_order(session=session, draft=draft, shares=[], submission=submission(person))
    assert [one.id for one in again] == [one.id for one in requests(session)]


def submission(person: Person) -> Submission:
    return Submission(person=person, by=Actor(person_id=person.id), at=utc_now(), zone=ZONE, secret=SECRET)


def test_one_who_is_not_complete_holds_up_all(sheet: Browser, session: Session, manager: Person) -> None:
    add(sheet, "Daan Stage", "Sem Stage")
    daan, sem = others(session)
    add(sheet, "Lot Stage", **{f"person__{sem.id}__q__begin": ""})
    check = sheet.get(sheet.address.replace("others", "check"))
    assert "One answer is still needed." in check.text
    assert '/submission"' not in check.text
    draft = session.scalars(select(OrderDraft)).one()
    answer = sheet.client.post(sheet.address.replace("check", "submission"), data={"version": str(draft.version), "form_key": "k"})
    assert answer.location.endswith(f"/others#person-{sem.id}")
    session.expire_all()
    loaded = get_draft_for(session, by=manager, token=draft.token)
    shares = load_shares(session, loaded, load_content(session, loaded))
    with pytest.raises(InvalidInputError) as caught:
        submit_order(session=session, draft=loaded, shares=shares, submission=submission(manager))
    assert caught.value.errors == {"begin": "required"}
    assert not requests(session)
    assert daan.answers == {"begin": "2027-12-01", "parking": False}


def test_more_than_the_most_is_no_order(sheet: Browser, session: Session, manager: Person) -> None:
    token = session.scalars(select(OrderDraft.token)).one()
    draft = get_draft_for(session, by=manager, token=token)
    shares = [first_share(draft, load_content(session, draft))] * (MOST_PERSONS + 1)
    with pytest.raises(InvalidInputError) as caught:
        submit_order(session=session, draft=draft, shares=shares, submission=submission(manager))
    assert caught.value.errors == {"people": "too_many"}
    add(sheet, *(f"Stagiair {number}" for number in range(MOST_PERSONS)))
    assert "You can ask for at most 25 people at once." in text_of(sheet)
    assert "Stagiair 24" in text_of(sheet)
    add(sheet, *(f"Stagiair {number}" for number in range(MOST_PERSONS - 1)))
    assert len(others(session)) == MOST_PERSONS - 1
    assert "This is the most that fits in one go." in text_of(sheet)


def test_a_request_of_before_for_one_of_them_is_told(sheet: Browser, session: Session) -> None:
    add(sheet, "Daan Stage")
    sheet.get(sheet.address.replace("others", "check"))
    sheet.send("/submission")
    number = requests(session)[1].number
    sheet.get("/order/newcomer")
    for step, values in (
        ("drafts", {"for_whom": "newcomer", "newcomer": "Ada Nieuw"}),
        ("choice", {"answer": "new"}),
        ("choice", {"answer": "long"}),
    ):
        sheet.send(f"/{step}", **values)
    page = sheet.send("/details", **DETAILS)
    assert number not in page.text
    sheet.get(sheet.address.replace("check", "others"))
    add(sheet, "daan stage")
    assert number in sheet.get(sheet.address.replace("others", "check")).text


def test_requests_that_were_sent_in_together_lead_to_each_other(sheet: Browser, session: Session) -> None:
    colleague = make_person(session, name="Jan de Vries", language="en")
    add(sheet, "Daan Stage", colleague="Jan de Vries", colleague_id=str(colleague.id))
    sheet.get(sheet.address.replace("others", "check"))
    sheet.send("/submission")
    made = requests(session)
    page = sheet.get(f"/requests/{made[0].number}").text
    assert "Requested together: 3" in page
    assert all(one.number in page for one in made)
    assert sheet.get("/requests").text.count("Requested together: 3") == 3
    sign_in(sheet.client, colleague)
    page = sheet.get(f"/requests/{made[2].number}").text
    assert "Requested together: 3" in page
    assert made[0].number not in page
    assert "Daan Stage" not in page
    page = sheet.get(f"/requests/{made[2].number}/confirmation").text
    assert "<h1>We have your request</h1>" in page
    assert "Daan Stage" not in page


def test_the_service_desk_asks_for_several_people_of_a_manager(filled: Browser, session: Session, manager: Person) -> None:
    desk = make_person(session, Role.SERVICE_DESK, name="Dirk Desk", language="en")
    sign_in(filled.client, desk)
    filled.get("/order/newcomer")
    filled.send("/drafts", requester="mirjam", requester_id=str(manager.id), for_whom="newcomer", newcomer="Ada Nieuw")
    for answer in ("new", "long"):
        filled.send("/choice", answer=answer)
    filled.send("/details", **DETAILS)
    filled.get(filled.address.replace("check", "others"))
    add(filled, "Daan Stage")
    filled.get(filled.address.replace("others", "check"))
    filled.send("/submission")
    assert {(one.requester_id, one.submitted_by_id) for one in requests(session)} == {(manager.id, desk.id)}
