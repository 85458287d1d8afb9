"""Reading what the catalogue leans on: departments with their hours, and uniform product names."""

from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.inspection.structure import Organisation
from portal.catalog.models import UpnName
from portal.people.queries import list_departments
from portal.planning.queries import load_calendars


def load_organisation(session: Session, zone: ZoneInfo) -> Organisation:
    """Give the departments, those that are open at some time in a week, and the uniform product names."""
    departments, calendars = list_departments(session), load_calendars(session, zone)
    return Organisation(
        departments=frozenset(department.code for department in departments),
        upn_uris=frozenset(session.scalars(select(UpnName.uri))),
        with_hours=frozenset(department.code for department in departments if any(calendars[department.id].week)),
    )
