"""What became of our dates: who sees it, what is counted, and that too little is not shown."""

from datetime import date, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.models import ProductVersion
from portal.core.journal import Actor
from portal.insight.actions import count_dates, recount_dates
from portal.insight.models import DateFigure
from portal.insight.rules import Outcome, last_months, summed
from portal.people.roles import Role
from portal.requests.actions.life import finish_task
from portal.requests.models import Request
from portal.requests.queries import get_request_for_change
from tests.factories import NOW, ZONE, make_chain, make_department, make_person, make_request, sign_in

MONTH = date(2026, 11, 1)


@pytest.fixture
def version(session: Session) -> ProductVersion:
    return make_chain(session)


def done(session: Session, version: ProductVersion, *, hours: int) -> Request:
    """Make a request of which every task is finished so many hours after the one before."""
    request = make_request(session, make_person(session), version)
    request = get_request_for_change(session, request.id)
    at = NOW
    for task in request.tasks:
        handler, at = make_person(session, Role.BACK_OFFICE, department=task.department), at + timedelta(hours=hours)
        finish_task(session=session, task=task, person=handler, by=Actor(person_id=handler.id), at=at, zone=ZONE, result="")
    session.flush()
    return request


def figures(session: Session) -> dict[str, DateFigure]:
    rows = session.scalars(select(DateFigure)).all()
    return {"product" if row.product_id else str(row.department_id): row for row in rows}


def test_a_request_that_is_done_is_counted_for_its_product_and_its_departments(session: Session, version: ProductVersion) -> None:
    request = done(session, version, hours=1)
    count_dates(session=session, request_id=request.id, zone=ZONE)
    session.flush()
    found = figures(session)
    product = found.pop("product")
    assert (product.month, product.cases, product.by_expected, product.by_latest) == (MONTH, 1, 1, 1)
    assert product.off_days > 1
    assert sum(one.cases for one in found.values()) == len(request.tasks)
    assert all(one.by_expected == one.cases for one in found.values())


def test_what_is_late_is_counted_as_late(session: Session, version: ProductVersion) -> None:
    request = done(session, version, hours=24 * 7)
    count_dates(session=session, request_id=request.id, zone=ZONE)
    session.flush()
    assert {(one.by_expected, one.by_latest) for one in figures(session).values()} == {(0, 0)}


def test_what_is_not_done_is_not_counted(session: Session, version: ProductVersion) -> None:
    count_dates(session=session, request_id=make_request(session, make_person(session), version).id, zone=ZONE)
    assert not figures(session)


def test_counting_again_from_the_beginning_gives_the_same(session: Session, version: ProductVersion) -> None:
    for _ in range(3):
        count_dates(session=session, request_id=done(session, version, hours=2).id, zone=ZONE)
    session.flush()
    before = {key: (one.cases, one.by_expected, one.by_latest, one.off_days) for key, one in figures(session).items()}
    session.expire_all()
    assert recount_dates(session=session, zone=ZONE) == 3
    session.flush()
    assert {key: (one.cases, one.by_expected, one.by_latest, one.off_days) for key, one in figures(session).items()} == before


def counted(**more: float) -> DateFigure:
    return DateFigure(**{"month": MONTH, "cases": 4, "by_expected": 2, "by_latest": 3, "off_days": 6.0, "width_days": 8.0, **more})


def test_below_five_cases_nothing_is_shown() -> None:
    assert summed([counted()]) is None
    assert summed([counted(), counted()]) == Outcome(8, 0.5, 0.75, 1.5, 2.0)


def test_the_last_twelve_months_end_with_this_one() -> None:
    months = last_months(date(2026, 2, 28))
    assert (months[0], months[-1], len(months)) == (date(2025, 3, 1), date(2026, 2, 1), 12)


def test_the_page_shows_shares_and_keeps_few_cases_hidden(client: FlaskClient, session: Session, version: ProductVersion) -> None:
    department = make_department(session, "zeldzaam")
    session.add(counted(product_id=version.product_id, cases=50, by_latest=41, by_expected=26, off_days=75.0))
    session.add(counted(department_id=department.id))
    session.commit()
    agent = make_person(session, Role.SERVICE_DESK)
    session.commit()
    with time_machine.travel(NOW, tick=False):
        sign_in(client, agent)
        page = client.get("/insight/dates").text
        of_product = client.get(f"/insight/dates?product={version.product.code}").text
        of_department = client.get("/insight/dates?department=zeldzaam").text
        of_nothing = client.get("/insight/dates?product=none")
    for words in ("82%", "52%", "1,5 werkdagen", "november 2026"):
        assert words in page
        assert words in of_product
    assert "Minder dan vijf" in page
    assert "75%" not in page
    assert "Dat is te weinig om te laten zien" in of_department
    assert of_nothing.status_code == 200


@pytest.mark.parametrize("role", [Role.SERVICE_DESK, Role.BACK_OFFICE, Role.CATALOGUE_MANAGER, Role.ADMINISTRATOR])
def test_staff_may_see_it(client: FlaskClient, session: Session, role: Role) -> None:
    sign_in(client, make_person(session, role, department=make_department(session)))
    page = client.get("/insight/dates")
    assert page.status_code == 200
    assert "Er zijn nog geen cijfers" in page.text


def test_others_may_not(client: FlaskClient, session: Session) -> None:
    assert client.get("/insight/dates").status_code == 303
    sign_in(client, make_person(session))
    assert client.get("/insight/dates").status_code == 403
