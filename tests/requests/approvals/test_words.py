"""Who is asked, in words: on the page on which one decides, in the list, and to the requester."""

import re
from datetime import date

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
