"""Owners, audiences and approvers behind which there is nobody, and days without a price: planted, and found in their place."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.catalog.agreement import ApprovalRule, Approver, ApproverKind, Price
from portal.catalog.definition import BlockDefinition, ProductDefinition
from portal.catalog.inspection.finding import Finding, FindingLevel
from portal.catalog.inspection.labels import sentence_of
from portal.catalog.inspection.organisation import Organisation
from portal.catalog.inspection.queries import load_organisation
from portal.catalog.inspection.rules import inspect_catalogue
from portal.people.models import CostCentre, Function, Location
from portal.people.roles import Role
from portal.web.application import Application
from tests.catalog.examples import product_with
from tests.catalog.inspection.test_findings import LINES, TODAY, block, catalogue, option, outcome, tree
from tests.factories import NOW, ZONE, make_department, make_person, words

DESK, PASS = block("desk"), block("pass")
ORGANISATION = Organisation(
    today=TODAY,
    departments=frozenset({"ict", "personeel"}),
    with_hours=frozenset({"ict"}),
    managed=frozenset({"ict"}),
    roles=frozenset({Role.MANAGER}),
    tokens=frozenset({"department:ict", "function:rare"}),
    held=frozenset({"citizen", "employee", "department:ict"}),
    approvers=frozenset({ApproverKind.MANAGER, ApproverKind.BUDGET_HOLDER}),
)


def by(kind: ApproverKind) -> ApprovalRule:
    return ApprovalRule(approvers=(Approver(kind=kind),))


def found(
    product: ProductDefinition, blocks: Sequence[BlockDefinition] = (DESK, PASS), organisation: Organisation = ORGANISATION
) -> list[tuple[str, str, str]]:
    findings = inspect_catalogue(catalogue(product, blocks, ()), organisation)
    return [(one.code.value, one.subject.code, one.place) for one in findings]


def test_nothing_is_found_where_there_is_somebody() -> None:
    audience = frozenset({"employee", "department:ict"})
    for kind in (ApproverKind.MANAGER, ApproverKind.BUDGET_HOLDER, ApproverKind.PRODUCT_OWNER):
        assert found(product_with(LINES, audience=audience, approval=by(kind))) == []


def test_an_owner_that_is_no_department_is_found() -> None:
    assert found(product_with(LINES, owner="moon")) == [("without_owner", "example", "owner")]


def test_an_owner_without_a_manager_is_found_when_the_owner_must_approve() -> None:
    assert found(product_with(LINES, owner="personeel")) == []
    expected = [("owner_of_nobody", "example", "owner")]
    assert found(product_with(LINES, owner="personeel", approval=by(ApproverKind.PRODUCT_OWNER))) == expected
    assert found(product_with(LINES, owner="personeel"), [replace(DESK, approval=by(ApproverKind.PRODUCT_OWNER)), PASS]) == expected


def test_an_audience_that_does_not_exist_or_is_nobody_is_found() -> None:
    audience = frozenset({"employee", "department:moon", "function:rare", "manager"})
    assert found(product_with(LINES, audience=audience)) == [
        ("audience_gone", "example", "audience"),
        ("audience_of_nobody", "example", "audience"),
        ("audience_of_nobody", "example", "audience"),
    ]


def passed_on(here: set[str], there: set[str]) -> list[Finding]:
    """Give what is found when a product for people `here` leads to one for people `there`."""
    leads = tree([option("new", leads_to="new"), option("away", leads_to="away")], outcome("new", *LINES), outcome("away", go_to="other"))
    one, other = product_with([], tree=leads, audience=frozenset(here)), product_with(LINES, code="other", audience=frozenset(there))
    whole = catalogue(one, [DESK, PASS], ())
    everybody = replace(ORGANISATION, held=frozenset({*here, *there}))
    return list(inspect_catalogue(replace(whole, products={**whole.products, other.code: other}), everybody))


@pytest.mark.parametrize(
    ("here", "there", "outside"),
    [
        ({"employee"}, {"employee"}, []),
        ({"employee"}, {"citizen"}, []),
        ({"manager", "department:ict"}, {"employee", "partner"}, []),
        ({"manager"}, {"manager", "department:ict"}, []),
        ({"employee"}, {"manager"}, ["employee"]),
        ({"employee", "manager"}, {"manager", "department:ict"}, ["employee"]),
        ({"citizen", "partner", "manager"}, {"employee"}, ["citizen", "partner"]),
    ],
)
def test_an_outcome_that_leads_people_to_what_is_not_for_them_is_found(here: set[str], there: set[str], outside: list[str]) -> None:
    findings = passed_on(here, there)
    assert [(one.code.value, one.subject.code, one.place) for one in findings] == [
        ("not_for_them", "example", "tree.outcomes[away].go_to") for _ in outside
    ]
    assert [one.details["people"] for one in findings] == outside
    assert all(one.level is FindingLevel.FAULT for one in findings)


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "This is also for everybody who works here, but not all of them may ask for the product “other”"),
        ("nl", "Dit is ook voor iedereen die hier werkt, maar niet al deze mensen mogen het product “other” aanvragen"),
    ],
)
def test_for_whom_it_is_not_is_told_with_what_to_do(app: Application, language: str, shown: str) -> None:
    (finding,) = passed_on({"employee"}, {"manager"})
    with app.test_request_context(headers={"Accept-Language": language}):
        assert sentence_of(finding).startswith(shown)


@pytest.mark.parametrize(("kind", "code"), [(ApproverKind.MANAGER, "manager_of_nobody"), (ApproverKind.BUDGET_HOLDER, "budget_of_nobody")])
def test_approvers_that_nobody_can_be_are_found(kind: ApproverKind, code: str) -> None:
    alone = replace(ORGANISATION, approvers=frozenset())
    assert found(product_with(LINES, approval=by(kind)), organisation=alone) == [(code, "example", "approval.approvers[1]")]
    assert found(product_with(LINES), [replace(DESK, approval=by(kind)), PASS], alone) == [(code, "desk", "approval.approvers[1]")]


def price(begin: int | None, end: int | None) -> Price:
    """Give a price from and until so many days after today."""
    days = [None if one is None else TODAY + timedelta(days=one) for one in (begin, end)]
    return Price(once_cents=100, from_on=days[0], until_on=days[1])


@pytest.mark.parametrize(
    ("prices", "codes"),
    [
        ((), []),
        ((price(None, 3), price(4, None)), []),
        ((price(None, 3), price(5, None)), ["price_gap"]),
        ((price(None, -9), price(-3, None)), []),
        ((price(2, None),), ["price_gap"]),
        ((price(None, -1),), ["price_ended"]),
        ((price(None, 0),), ["price_ends"]),
        ((price(None, 3), price(5, 9)), ["price_gap", "price_ends"]),
    ],
)
def test_days_without_a_price_are_found(prices: tuple[Price, ...], codes: list[str]) -> None:
    assert found(product_with(LINES), [replace(DESK, prices=prices), PASS]) == [(code, "desk", "prices") for code in codes]


def test_a_gap_is_told_with_its_days(app: Application) -> None:
    whole = catalogue(product_with(LINES), [replace(DESK, prices=(price(None, 3), price(5, None))), PASS], ())
    (finding,) = inspect_catalogue(whole, ORGANISATION)
    assert finding.level is FindingLevel.FAULT
    for language, shown in (("en", "Friday 27 November 2026"), ("nl", "vrijdag 27 november 2026")):
        with app.test_request_context(headers={"Accept-Language": language}):
            assert shown in sentence_of(finding)


def test_the_organisation_is_read_with_who_is_there_now(session: Session) -> None:
    ict, personeel = make_department(session, "ict"), make_department(session, "personeel")
    kept, left = (Function(code=code, name=words(code)) for code in ("kept", "left"))
    session.add_all([kept, left, Location(code="hall", name=words("hall"))])
    boss = make_person(session, Role.DEPARTMENT_MANAGER, department=ict)
    boss.function = kept
    gone = make_person(session, Role.COORDINATOR, department=personeel)
    gone.function, gone.is_active, gone.manager_id = left, False, boss.id
    centre = CostCentre(code="c1", name=words("c1"), department=ict, budget_holder_id=gone.id)
    session.add(centre)
    session.flush()
    read = load_organisation(session, ZONE, at=NOW)
    assert read.today == date(2026, 11, 23)
    assert read.managed == {"ict"}
    assert read.tokens >= {"department:ict", "department:personeel", "function:kept", "function:left", "location:hall"}
    assert {"citizen", "employee", "department_manager", "department:ict", "function:kept"} <= read.held
    assert not read.held & {"coordinator", "function:left", "location:hall"}
    assert not read.approvers
    centre.budget_holder_id = boss.id
    make_person(session).manager_id = boss.id
    session.flush()
    assert load_organisation(session, ZONE, at=NOW).approvers == {ApproverKind.MANAGER, ApproverKind.BUDGET_HOLDER}


def test_an_audience_is_told_in_words(app: Application) -> None:
    whole = catalogue(product_with(LINES, audience=frozenset({"manager"})), [DESK, PASS], ())
    (finding,) = inspect_catalogue(whole, ORGANISATION)
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert sentence_of(finding) == "This is for managers, but nobody belongs to that at this moment."
