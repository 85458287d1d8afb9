"""One order for several people: adding them, taking them off, what differs per person, and the check of all of them."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import utc_now
from portal.requests.ordering.models import OrderDraft
from tests.factories import make_person
from tests.requests.ordering.conftest import DETAILS, Browser
from tests.requests.ordering.sheets import add, fields, others, requests, text_of


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


def test_adding_nobody_asks_for_a_name(sheet: Browser, session: Session) -> None:
    answer = sheet.send("/others", **{**fields(sheet), "names": " ", "add": "1"})
    assert (answer.status_code, "Fill in at least one name" in answer.text) == (422, True)
    assert not others(session)


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


@pytest.mark.parametrize("written", ["zoe  UNAL", "Zoë Ünal", "ZOË ÜNAL", "Z.Unal@loket.example", "Z.UNAL"])
def test_a_written_name_that_one_colleague_has_is_that_colleague(sheet: Browser, session: Session, written: str) -> None:
    colleague = make_person(session, name="Zoë Ünal", username="z.unal")
    make_person(session, name="Zoë Ünalan")
    add(sheet, "Daan Stage", written)
    assert [(one.beneficiary_id, one.beneficiary_name) for one in others(session)] == [(None, "Daan Stage"), (colleague.id, "Zoë Ünal")]
    assert "Recognised as a colleague: Zoë Ünal. Do you mean somebody else? Take that person off" in text_of(sheet)
    add(sheet, "Zoe Unal")
    assert "Zoë Ünal is on this request already." in text_of(sheet)
    sheet.send("/others", **{**fields(sheet), "remove": str(others(session)[1].id)})
    add(sheet, "Zoë A. Ünal")
    assert [one.beneficiary_id for one in others(session)] == [None, None]
    assert "Recognised as" not in text_of(sheet)


def test_who_left_is_not_recognised(sheet: Browser, session: Session) -> None:
    make_person(session, name="Zoë Ünal").is_active = False
    session.commit()
    add(sheet, "Zoë Ünal")
    assert [one.beneficiary_id for one in others(session)] == [None]


def test_a_written_name_that_several_colleagues_have_asks_which(sheet: Browser, session: Session) -> None:
    _one, other = (make_person(session, name=name, username=user) for name, user in (("Jan de Vries", "jan1"), ("Ján de Vries", "jan2")))
    add(sheet, "Daan Stage", "jan de vries")
    assert "Who is “jan de vries”? Several colleagues fit: Jan de Vries, jan1@loket.example; Ján de Vries, jan2@" in text_of(sheet)
    assert "jan de vries</textarea>" in text_of(sheet)
    assert not others(session)
    add(sheet, "Daan Stage", "jan2@loket.example")
    assert [one.beneficiary_id for one in others(session)] == [None, other.id]


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
