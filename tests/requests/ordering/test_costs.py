"""What an order costs: per cost centre, on the day it is sent in, and kept by the request."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.actions import publish_block
from portal.catalog.agreement import Payer, Period, Price
from portal.catalog.definition import BlockDefinition, Need
from portal.catalog.queries import get_published_product
from portal.core.journal import SYSTEM
from portal.people.actions import save_cost_centre
from portal.people.models import CostCentre, Department, Person
from portal.people.roles import Role
from portal.planning.norm import Norm, NormUnit
from portal.requests.models import Request, Task
from tests.factories import NOW, make_department, make_draft, make_line, make_person, make_product, sign_in, words
from tests.requests.ordering.conftest import Browser

ENDED = date(2020, 1, 1)


@pytest.fixture
def centres(session: Session) -> dict[str, CostCentre]:
    """Publish a product of four blocks with different prices, and make cost centres of two departments."""
    ict, other = make_department(session, "ict"), make_department(session, "personeel")
    prices = {
        "setup": (Price(once_cents=45000, until_on=date(2099, 12, 31)), Price(once_cents=99900, from_on=date(2100, 1, 1))),
        "phone": (Price(recurring_cents=2250, period=Period.MONTH),),
        "pass": (Price(once_cents=1500, payer=Payer.CENTRAL),),
        "rare": (Price(once_cents=1, until_on=ENDED),),
    }
    for code, several in prices.items():
        text = words(code)
        definition = BlockDefinition(
            code=code,
            name=text,
            description=text,
            department="ict",
            norm=Norm(1, NormUnit.WORKING_DAYS),
            prices=several,
            task=text,
            checklist=(),
            questions=(),
        )
        publish_block(session=session, definition=definition, by=SYSTEM, at=NOW)
    lines = [make_line("setup"), make_line("phone", need=Need.OPTIONAL, chosen=False), make_line("pass")]
    make_product(session, "kit", [*lines, make_line("rare", need=Need.OPTIONAL, chosen=False)])
    kinds = {"100": ict, "101": ict, "200": other}
    found = {code: save_cost_centre(session=session, code=code, name=words(f"centre {code}"), department=of) for code, of in kinds.items()}
    save_cost_centre(session=session, code="102", name=words("closed"), department=ict, is_active=False)
    return found


@pytest.fixture
def person(session: Session, centres: dict[str, CostCentre]) -> Person:
    """Make an employee with a cost centre."""
    made = make_person(session, department=session.get(Department, centres["100"].department_id), language="en")
    made.cost_centre_id = centres["100"].id
    session.flush()
    return made


@pytest.fixture
def check(client: FlaskClient, session: Session, person: Person) -> Browser:
    """Give the check of an order."""
    sign_in(client, person)
    draft = make_draft(session, person, get_published_product(session, "kit"))
    browser = Browser(client)
    browser.get(f"/order/kit/{draft.token}/check")
    return browser


def totals(browser: Browser) -> list[str]:
    assert browser.page is not None
    found = re.findall(r'<p class="plan-total">(.*?)</p>', browser.page.text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


def test_the_total_follows_the_lines_and_the_request_keeps_it(check: Browser, session: Session, centres: dict[str, CostCentre]) -> None:
    assert totals(check) == ["Cost centre 100, centre 100 (en) € 450.00", "Paid centrally € 15.00"]
    check.send("/lines", line="phone")
    assert totals(check)[0] == "Cost centre 100, centre 100 (en) € 450.00 once and € 22.50 per month"
    check.send("/submission")
    request = session.scalars(select(Request)).one()
    assert (request.cost_centre_id, request.cost_cents) == (centres["100"].id, 45000 + 12 * 2250)
    kept = {task.name.nl: task for task in session.scalars(select(Task))}
    assert (kept["phone"].recurring_cents, kept["phone"].period, kept["phone"].payer) == (2250, Period.MONTH, Payer.COST_CENTRE)
    assert (kept["pass"].once_cents, kept["pass"].payer) == (1500, Payer.CENTRAL)
    page = check.client.get(f"/requests/{request.number}").text
    assert "€\u00a0450.00 once and €\u00a022.50 per month" in page
    assert "Paid centrally: €\u00a015.00" in page


def test_a_price_that_is_not_known_is_told_and_kept_as_such(check: Browser, session: Session) -> None:
    check.send("/lines", line="rare")
    assert check.page is not None
    assert "price not known yet" in check.page.text
    assert "Of 1 part we do not know the price yet." in check.page.text
    check.send("/submission")
    assert session.scalars(select(Task).where(Task.payer.is_(None))).one().name.nl == "rare"


def test_another_cost_centre_of_the_own_department_may_be_chosen(check: Browser, session: Session, centres: dict[str, CostCentre]) -> None:
    assert check.page is not None
    offered = re.findall(r"<option[^>]*>(\d+), ", check.page.text)
    assert offered == ["100", "101"]
    check.send("/cost-centre", cost_centre=str(centres["101"].id))
    assert totals(check)[0].startswith("Cost centre 101")
    check.send("/cost-centre", cost_centre=str(centres["200"].id))
    check.send("/cost-centre", cost_centre="x")
    assert totals(check)[0].startswith("Cost centre 101")
    check.send("/submission")
    assert session.scalars(select(Request.cost_centre_id)).one() == centres["101"].id


def test_the_service_desk_chooses_any_cost_centre(client: FlaskClient, session: Session, person: Person) -> None:
    agent = make_person(session, Role.SERVICE_DESK, language="en")
    sign_in(client, agent)
    draft = make_draft(session, agent, get_published_product(session, "kit"), requester_id=person.id, beneficiary_id=person.id)
    page = client.get(f"/order/kit/{draft.token}/check").text
    assert re.findall(r"<option[^>]*>(\d+), ", page) == ["100", "101", "200"]
