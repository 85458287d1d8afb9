"""A product whose account needs the manager and whose laptop, above ten euros, the budget holder; and the people around it."""

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from portal.catalog.actions import publish_block
from portal.catalog.agreement import ApprovalRule, Approver, ApproverKind, Price
from portal.catalog.definition import BlockDefinition
from portal.catalog.models import BlockVersion, ProductVersion
from portal.core.journal import SYSTEM
from portal.people.models import CostCentre, Person
from portal.people.roles import Role
from portal.planning.norm import Norm, NormUnit
from portal.requests.models import ApprovalStep, Request
from tests.factories import NOW, make_block, make_department, make_line, make_person, make_product, make_request, words

MANAGER = ApprovalRule(approvers=(Approver(kind=ApproverKind.MANAGER),))
BUDGET = ApprovalRule(approvers=(Approver(kind=ApproverKind.BUDGET_HOLDER),), above_cents=1000)


@dataclass
class Case:
    """A request that waits for two approvals."""

    request: Request
    employee: Person
    manager: Person
    holder: Person
    stranger: Person

    def step(self, kind: ApproverKind) -> ApprovalStep:
        return next(step for one in self.request.approvals for step in one.steps if step.kind is kind)


def guarded_block(session: Session, code: str, rule: ApprovalRule, cents: int) -> BlockVersion:
    """Publish a building block that needs approval."""
    definition = BlockDefinition(
        code=code,
        name=words(code),
        description=words(f"You get {code}."),
        department="ict",
        norm=Norm(1, NormUnit.WORKING_DAYS),
        prices=(Price(once_cents=cents),),
        task=words(f"Do {code}."),
        checklist=(),
        questions=(),
        approval=rule,
    )
    return publish_block(session=session, definition=definition, by=SYSTEM, at=NOW)


@pytest.fixture
def version(session: Session) -> ProductVersion:
    make_department(session, "personeel")
    make_department(session, "ict")
    make_block(session, "record", department="personeel")
    guarded_block(session, "account", MANAGER, 500)
    guarded_block(session, "laptop", BUDGET, 90_000)
    make_block(session, "bag")
    lines = [make_line(one) for one in ("record", "account", "laptop", "bag")]
    return make_product(session, "newcomer", lines, [("account", "record"), ("bag", "laptop")])


@pytest.fixture
def case(session: Session, version: ProductVersion) -> Case:
    ict = make_department(session, "ict")
    employee, manager, holder, stranger = (
        make_person(session, *roles, name=name, department=ict)
        for name, roles in (("Els Vraagt", ()), ("Bram Leidt", (Role.MANAGER,)), ("Hilde Betaalt", ()), ("Rik Anders", (Role.MANAGER,)))
    )
    centre = CostCentre(code="4711", name=words("costs"), department_id=ict.id, budget_holder_id=holder.id)
    session.add(centre)
    session.flush()
    employee.manager_id, employee.cost_centre_id = manager.id, centre.id
    session.flush()
    request = make_request(session, employee, version)
    session.commit()
    return Case(request, employee, manager, holder, stranger)
