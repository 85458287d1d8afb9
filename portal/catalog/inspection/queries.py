"""Reading what the catalogue leans on: departments with their hours and teams, people, and uniform product names."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import exists, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from portal.catalog.agreement import ApproverKind
from portal.catalog.inspection.organisation import Organisation
from portal.catalog.models import UpnName
from portal.people.audience import CITIZEN, Belonging, token
from portal.people.models import CostCentre, Department, Function, Location, Person, RoleAssignment
from portal.people.queries import list_departments, list_teams
from portal.people.roles import Role
from portal.planning.queries import load_calendars

_BELONGINGS: Final = (
    (Belonging.DEPARTMENT, Department, Person.department_id),
    (Belonging.FUNCTION, Function, Person.function_id),
    (Belonging.LOCATION, Location, Person.location_id),
)


def load_organisation(session: Session, zone: ZoneInfo, *, at: datetime) -> Organisation:
    """Give the departments with their hours, teams and managers, what people are and belong to, and the uniform product names."""
    departments, calendars = list_departments(session), load_calendars(session, zone)
    codes = {department.id: department.code for department in departments}
    held = session.execute(select(RoleAssignment.role, RoleAssignment.department_id).join(Person).where(Person.is_active).distinct()).all()
    roles = frozenset(row.role for row in held)
    managed = {row.department_id for row in held if row.role is Role.DEPARTMENT_MANAGER}
    tokens, (has_employees, has_managers, has_holders) = _tokens(session), _who_there_is(session)
    approvers = {ApproverKind.MANAGER: has_managers, ApproverKind.BUDGET_HOLDER: has_holders}
    return Organisation(
        today=at.astimezone(zone).date(),
        departments=frozenset(codes.values()),
        with_hours=frozenset(department.code for department in departments if any(calendars[department.id].week)),
        managed=frozenset(code for one, code in codes.items() if one in managed or None in managed),
        upn_uris=frozenset(session.scalars(select(UpnName.uri))),
        teams=frozenset((team.department.code, team.code) for team in list_teams(session)),
        roles=roles,
        tokens=frozenset(tokens),
        held=frozenset(
            {CITIZEN, *roles, *({Role.EMPLOYEE} if has_employees else ()), *(one for one, is_held in tokens.items() if is_held)}
        ),
        approvers=frozenset(kind for kind, is_there in approvers.items() if is_there),
    )


def _tokens(session: Session) -> Mapping[str, bool]:
    """Give the tokens of all departments, functions and locations, each with whether somebody belongs to it."""
    parts = [
        select(literal(kind.value), model.code, exists().where(Person.is_active, column == model.id)) for kind, model, column in _BELONGINGS
    ]
    return {token(Belonging(kind), code): bool(is_held) for kind, code, is_held in session.execute(union_all(*parts))}


def _who_there_is(session: Session) -> tuple[bool, bool, bool]:
    """Tell whether anybody is an employee, has a manager, and holds the budget of a cost centre."""
    other = aliased(Person)
    is_partner = exists().where(RoleAssignment.person_id == Person.id, RoleAssignment.role == Role.PARTNER)
    employed = exists().where(Person.is_active, ~is_partner)
    led = exists().where(Person.is_active, Person.manager_id == other.id, other.is_active)
    holding = exists().where(CostCentre.is_active, CostCentre.budget_holder_id == Person.id, Person.is_active)
    found = session.execute(select(employed, led, holding)).one()
    return bool(found[0]), bool(found[1]), bool(found[2])
