"""One order for several people: adding them, what differs per person, and one request with an own plan for each."""

import re
from collections.abc import Sequence

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.clock import utc_now
from portal.core.errors import InvalidInputError
from portal.core.journal import Actor, JournalEntry
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.actions.submission import Submission, submit_order
from portal.requests.draft_models import OrderDraft
from portal.requests.models import Request, Task
from portal.requests.order_content import load_content
from portal.requests.queries import get_draft_for
from portal.requests.several.models import FurtherBeneficiary
from portal.requests.several.queries import first_share, load_shares
from portal.requests.several.rules import MOST_PERSONS
from tests.factories import SECRET, ZONE, make_person, sign_in
from tests.requests.order.conftest import DETAILS, Browser


@pytest.fixture
def sheet(filled: Browser) -> Browser:
    """Open the page on which more people are added."""
    filled.get(filled.address.replace("check", "others"))
    return filled


def others(session: Session) -> Sequence[FurtherBeneficiary]:
    session.expire_all()
    return session.scalars(select(FurtherBeneficiary).order_by(FurtherBeneficiary.id)).all()


def requests(session: Session) -> Sequence[Request]:
    session.expire_all()
    return session.scalars(select(Request).order_by(Request.id)).all()


def fields(page: Browser) -> dict[str, str]:
    """Give what stands in the fields of the people on the page."""
    assert page.page is not None
    inputs = [dict(re.findall(r'([\w-]+)="([^"]*)"', one)) for one in re.findall(r"<input[^>]*>", page.page.text)]
    boxes = {
        one["name"]: one.get("value", "")
        for one in inputs
        if one.get("name", "").startswith("person-") and one["type"] not in {"radio", "hidden"}
    }
    chosen = re.findall(r'<input(?=[^>]* checked)[^>]*name="(person-[\w-]+)"[^>]*value="([^"]*)"', page.page.text)
    return {name.replace("-", "__"): value for name, value in [*boxes.items(), *chosen]}


def text_of(page: Browser) -> str:
    assert page.page is not None
    return page.page.text


def add(page: Browser, *names: str, **more: str) -> None:
    page.send("/others", **{**fields(page), "names": "\n".join(names), "add": "1", **more})


def test_who_is_not_signed_in_is_asked_to(sheet: Browser) -> None:
    sheet.client.post("/sign-out")
    for answer in (sheet.client.get(sheet.address), sheet.client.post(sheet.address, data={"names": "x"})):
        assert answer.location.startswith("/sign-in")


def test_before_the_check_the_order_goes_on_where_it_is(chosen: Browser, session: Session) -> None:
    token = session.scalars(select(OrderDraft.token)).one()
    assert chosen.client.get(f"/order/newcomer/{token}/others").location.endswith("/details")
    assert chosen.client.post(f"/order/newcomer/{token}/others", data={"names": "Daan"}).location.endswith("/details")
    assert not others(session)


def test_names_are_added_at_once_with_what_was_chosen_filled_in(sheet: Browser, session: Session) -> None:
    add(sheet, "Daan  Stage", "", "Sem Stage")
    assert [(one.beneficiary_name, one.answers) for one in others(session)] == [
        (name, {"begin": "2027-12-01", "parking": False}) for name in ("Daan Stage", "Sem Stage")
    ]
    assert "2. Daan Stage" in sheet.get(sheet.address).text
    page = sheet.send("/others", **fields(sheet))
    assert sheet.step == "check"
    assert "3 people, each with their own request" in page.text
    assert "Send 3 requests" in page.text


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
    add(sheet, **{f"person__{sem.id}__q__begin": ""})
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


def test_what_is_wrong_stands_at_the_person_and_the_field_and_nothing_is_lost(sheet: Browser, session: Session) -> None:
    add(sheet, "Daan Stage", "Sem Stage")
    daan, sem = others(session)
    typed = {f"person__{daan.id}__q__parking": "yes", f"person__{sem.id}__q__begin": "31-02-2027"}
    answer = sheet.send("/others", **{**fields(sheet), **typed, "names": "Noor Stage"})
    assert answer.status_code == 422
    assert f'<a href="#person-{sem.id}-q-begin">Sem Stage, question begin (en): This day does not exist.' in answer.text
    assert 'value="31-02-2027"' in answer.text
    assert "Noor Stage</textarea>" in answer.text
    assert [one.answers["parking"] for one in others(session)] == [False, False]
    assert fields(sheet)[f"person__{daan.id}__q__parking"] == "yes"


def test_who_is_added_or_taken_off_costs_nobody_what_was_typed(sheet: Browser, session: Session) -> None:
    add(sheet, "Daan Stage", "Sem Stage")
    daan, sem = others(session)
    wrong = {f"person__{sem.id}__q__begin": "soon"}
    add(sheet, "Noor Stage", **wrong)
    assert sheet.page is not None
    assert sheet.page.status_code == 200
    assert [one.beneficiary_name for one in others(session)] == ["Daan Stage", "Sem Stage", "Noor Stage"]
    assert 'value="soon"' in text_of(sheet)
    sheet.send("/others", **{**fields(sheet), "names": "Ada Stage", "remove": str(daan.id)})
    assert [one.beneficiary_name for one in others(session)] == ["Sem Stage", "Noor Stage"]
    assert 'value="soon"' in text_of(sheet)
    assert "Ada Stage</textarea>" in text_of(sheet)
    add(sheet, "Ada Stage", **{f"person__{sem.id}__q__begin": "2-12-2027"})
    assert [one.answers["begin"] for one in others(session)] == ["2027-12-02", "2027-12-01", "2027-12-01"]
    sheet.send("/others", **{**fields(sheet), "remove": str(sem.id)})
    assert [one.beneficiary_name for one in others(session)] == ["Noor Stage", "Ada Stage"]


def test_who_is_not_on_the_order_cannot_be_taken_off(sheet: Browser) -> None:
    assert sheet.send("/others", remove="999").status_code == 404


def test_nobody_is_on_an_order_twice(sheet: Browser, session: Session) -> None:
    colleague = make_person(session, name="Jan de Vries")
    add(sheet, "fleur nieuw")
    assert "fleur nieuw is on this request already." in text_of(sheet)
    add(sheet, "Daan", "daan")
    assert "daan is on this request already." in text_of(sheet)
    add(sheet, colleague="Jan de Vries", colleague_id=str(colleague.id))
    add(sheet, colleague="Jan de Vries", colleague_id=str(colleague.id))
    assert "This colleague is on this request already." in text_of(sheet)
    assert [one.beneficiary_id for one in others(session)] == [colleague.id]
    token = session.scalars(select(OrderDraft.token)).one()
    sheet.get(f"/order/newcomer?draft={token}")
    answer = sheet.send("/drafts", for_whom="colleague", colleague="Jan de Vries", colleague_id=str(colleague.id))
    assert answer.status_code == 422
    assert "This person is on this request already" in answer.text
    assert session.scalars(select(OrderDraft.beneficiary_name)).one() == "Fleur Nieuw"


def test_a_colleague_is_searched_and_chosen_without_javascript(sheet: Browser, session: Session) -> None:
    one = make_person(session, name="Jan de Vries")
    make_person(session, name="Jan de Boer")
    answer = sheet.send("/others", names="Daan", colleague="jan", search="colleague")
    assert "Jan de Boer" in answer.text
    assert "Daan</textarea>" in answer.text
    assert "data-error-summary" not in answer.text
    answer = sheet.send("/others", names="Daan", colleague="jan")
    assert "Choose who you mean." in answer.text
    assert not others(session)
    sheet.send("/others", names="Daan", colleague="jan", colleague_id=str(one.id))
    assert [other.beneficiary_id for other in others(session)] == [None, one.id]


def test_an_answer_brings_a_question_for_one_person_only(sheet: Browser, session: Session) -> None:
    add(sheet, "Daan Stage", "Sem Stage")
    daan, _sem = others(session)
    parks = {f"person__{daan.id}__q__parking": "yes"}
    answer = sheet.send("/others", **{**fields(sheet), **parks})
    assert "Your answers lead to one more question." in answer.text
    assert len(re.findall(r'<input[^>]*-q-plate"', answer.text)) == 1
    assert sheet.send("/others", **{**fields(sheet), **parks}).status_code == 422
    sheet.send("/others", **{**fields(sheet), **parks, f"person__{daan.id}__q__plate": "12-AB-3"})
    assert sheet.step == "check"
    sheet.send("/submission")
    assert ["plate" in {answer["code"] for answer in one.answers} for one in requests(session)] == [False, True, False]


def test_two_windows_show_a_conflict_and_lose_nothing(sheet: Browser, session: Session) -> None:
    add(sheet, "Daan Stage")
    other = Browser(sheet.client)
    other.get(sheet.address)
    add(other, "Sem Stage")
    daan, _sem = others(session)
    answer = sheet.send("/others", **{**fields(sheet), f"person__{daan.id}__q__begin": "2027-12-09", "names": "Noor"})
    assert answer.status_code == 409
    assert "This order was changed in another window." in answer.text
    assert 'value="2027-12-09"' in answer.text
    assert "Noor</textarea>" in answer.text
    assert [one.beneficiary_name for one in others(session)] == ["Daan Stage", "Sem Stage"]
    check = sheet.address.replace("others", "check")
    sheet.get(check)
    add_elsewhere = Browser(sheet.client)
    add_elsewhere.get(check.replace("check", "others"))
    add(add_elsewhere, "Noor")
    assert sheet.send("/submission").status_code == 409
    assert not requests(session)


def test_the_check_tells_what_differs_and_what_all_of_it_costs(sheet: Browser, session: Session) -> None:
    before = sheet.get(sheet.address.replace("others", "check")).text
    assert "€\u00a020" in before
    sheet.get(sheet.address.replace("check", "others"))
    add(sheet, "Daan Stage", "Sem Stage")
    _daan, sem = others(session)
    page = sheet.send("/others", **{**fields(sheet), f"person__{sem.id}__q__begin": (utc_now().date()).isoformat()})
    assert "For 3 people together:" in page.text
    assert "€\u00a060" in page.text
    assert "not feasible" in page.text


def test_another_day_moves_who_was_to_have_it_on_the_same_day(chosen: Browser, session: Session) -> None:
    soon = utc_now().date().isoformat()
    chosen.send("/details", **{**DETAILS, "q__begin": soon})
    chosen.get(chosen.address.replace("check", "others"))
    add(chosen, "Daan Stage", "Sem Stage")
    _daan, sem = others(session)
    chosen.send("/others", **{**fields(chosen), f"person__{sem.id}__q__begin": "2027-12-15"})
    chosen.send("/wished-day", day="2027-11-30")
    assert [one.answers["begin"] for one in others(session)] == ["2027-11-30", "2027-12-15"]


def test_the_check_asks_the_database_as_much_for_two_as_for_many(sheet: Browser, session: Session, statements: list[str]) -> None:
    def measure(step: str) -> int:
        address = sheet.address.rsplit("/", 1)[0] + f"/{step}"
        sheet.client.get(address)  # what stays in memory is there
        statements.clear()
        sheet.client.get(address)
        return len(statements)

    colleague = make_person(session, name="Jan de Vries")
    add(sheet, colleague="Jan de Vries", colleague_id=str(colleague.id))
    few = measure("check"), measure("others")
    add(sheet, *(f"Stagiair {number}" for number in range(12)))
    assert (measure("check"), measure("others")) == few
    assert few <= (13, 8)


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
