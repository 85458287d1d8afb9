"""Reading what the catalogue leans on: departments with their hours and teams, roles, and uniform product names."""

from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.inspection.structure import Organisation
from portal.catalog.models import UpnName
from portal.people.models import Person, RoleAssignment
from portal.people.queries import list_departments, list_teams
from portal.planning.queries import load_calendars


def load_organisation(session: Session, zone: ZoneInfo) -> Organisation:
    """Give the departments, those that are open at some time in a week, their teams, the roles of people, and the uniform product names."""
    departments, calendars = list_departments(session), load_calendars(session, zone)
    return Organisation(
        departments=frozenset(department.code for department in departments),
        upn_uris=frozenset(session.scalars(select(UpnName.uri))),
        teams=frozenset((team.department.code, team.code) for team in list_teams(session)),
        roles=frozenset(session.scalars(select(RoleAssignment.role).join(Person).where(Person.is_active).distinct())),
        with_hours=frozenset(department.code for department in departments if any(calendars[department.id].week)),
    )
