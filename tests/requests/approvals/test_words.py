"""Who is asked, in words: on the page on which one decides, in the list, and to the requester."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.catalog.agreement import ApprovalMode, ApprovalRule, Approver, ApproverKind
from portal.people.models import Substitute
from portal.people.roles import Role
from tests.factories import make_line, make_person, make_product, make_request, sign_in
from tests.requests.approvals.conftest import MANAGER, Case, guarded_block


def test_each_line_says_who_is_asked_and_a_role_has_its_name(client: FlaskClient, session: Session, case: Case) -> None:
    approvers = (Approver(kind=ApproverKind.MANAGER), Approver(kind=ApproverKind.ROLE, role=Role.COORDINATOR))
    guarded_block(session, "server", ApprovalRule(approvers=approvers, mode=ApprovalMode.IN_ORDER), 100)
    number = make_request(session, case.employee, make_product(session, "ordered", [make_line("server")])).number
    coordinator = make_person(session, Role.COORDINATOR, name="Sor Regelt")
    session.commit()
    sign_in(client, case.manager)
    page = client.get(f"/approvals/{number}").text
    assert "Geeft u akkoord" in page
    assert "Gevraagd aan: de leidinggevende van de aanvrager (Bram Leidt)" in page
    assert "Kosten in het eerste jaar: € 1,00" in page.replace("\xa0", " ")
    step_id = page.split(f"/approvals/{number}/")[1].split("/")[0]
    seen = re.findall(r'name="seen"[^>]*value="(\w+)"', page)[0]
    assert client.post(f"/approvals/{number}/{step_id}/decision", data={"decision": "approve", "seen": seen}).status_code == 303
    done = client.get(f"/approvals/{number}").text
    assert "Geeft u akkoord" not in done
    assert "U hoeft niets meer te antwoorden" in done
    sign_in(client, coordinator)
    assert "Gevraagd aan: Regiehouder" in client.get(f"/approvals/{number}").text
    sign_in(client, case.employee)
    page = client.get(f"/requests/{number}").text
    assert "iemand met de rol “Regiehouder”" in page
    assert "iemand met een rol" not in page


def test_the_list_says_on_whose_behalf_one_answers(client: FlaskClient, session: Session, case: Case) -> None:
    deputy = make_person(session, name="Daan Vervangt")
    session.add(Substitute(person_id=case.manager.id, deputy_id=deputy.id, from_on=date(2020, 1, 1), until_on=date(2099, 1, 1)))
    session.commit()
    sign_in(client, deputy)
    page = client.get("/approvals").text
    assert ("U antwoordt namens" in page, "Bram Leidt" in page) == (True, True)
    sign_in(client, case.manager)
    assert "U antwoordt namens" not in client.get("/approvals").text


def test_the_list_counts_no_part_twice(client: FlaskClient, session: Session, case: Case) -> None:
    whole = make_product(session, "whole", [make_line("account"), make_line("bag")], approval=MANAGER)
    request = make_request(session, case.employee, whole)
    session.commit()
    assert sorted(one.amount_cents for one in request.approvals) == [500, request.cost_cents]
    sign_in(client, case.manager)
    row = client.get("/approvals").text.split(request.number)[2].split("</li>")[0]
    assert "€ 15,00" in row.replace("\xa0", " ")


def test_of_a_cancelled_request_the_page_says_so(client: FlaskClient, case: Case) -> None:
    sign_in(client, case.employee)
    page = client.get(f"/requests/{case.request.number}/cancellation").text
    fields = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', page))
    client.post(f"/requests/{case.request.number}/cancellation", data={**fields, "reason": "Niet meer nodig"})
    sign_in(client, case.manager)
    assert "Deze aanvraag is geannuleerd. U hoeft niets meer te antwoorden." in client.get(f"/approvals/{case.request.number}").text


def decide_by_page(client: FlaskClient, number: str, decision: str = "approve") -> str:
    """Decide the first line that waits, and give the page that follows."""
    page = client.get(f"/approvals/{number}").text
    step_id, seen = page.split(f"/approvals/{number}/")[1].split("/")[0], re.findall(r'name="seen"[^>]*value="(\w+)"', page)[0]
    data = {"decision": decision, "seen": seen, "reason": "Te duur"}
    return client.post(f"/approvals/{number}/{step_id}/decision", data=data, follow_redirects=True).text


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        (ApprovalMode.IN_ORDER, "Uw akkoord is genoteerd. Wij vragen nu de volgende."),
        (ApprovalMode.ALL_OF, "Uw akkoord is genoteerd. Iemand anders moet nog antwoorden voordat het verder gaat."),
        (ApprovalMode.ONE_OF, "Het is akkoord en gaat verder."),
    ],
)
def test_it_goes_on_only_when_nobody_else_must_answer(
    client: FlaskClient, session: Session, case: Case, mode: ApprovalMode, told: str
) -> None:
    approvers = (Approver(kind=ApproverKind.MANAGER), Approver(kind=ApproverKind.BUDGET_HOLDER))
    guarded_block(session, "server", ApprovalRule(approvers=approvers, mode=mode), 100)
    number = make_request(session, case.employee, make_product(session, "asked", [make_line("server"), make_line("bag")])).number
    session.commit()
    sign_in(client, case.manager)
    page = decide_by_page(client, number)
    assert (told in page, "gaat verder." in page) == (True, mode is ApprovalMode.ONE_OF)
    sign_in(client, case.holder)
    if mode is not ApprovalMode.ONE_OF:
        assert "Het is akkoord en gaat verder." in decide_by_page(client, number)


def test_what_waits_for_another_approval_too_does_not_go_on_yet(client: FlaskClient, session: Session, case: Case) -> None:
    whole = make_product(session, "whole", [make_line("laptop")], approval=MANAGER)
    number = make_request(session, case.employee, whole).number
    session.commit()
    sign_in(client, case.manager)
    assert "Iemand anders moet nog antwoorden voordat het verder gaat." in decide_by_page(client, number)
    sign_in(client, case.holder)
    assert "Het is niet akkoord." in decide_by_page(client, number, "refuse")
