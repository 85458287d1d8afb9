"""Reading which departments there are to do the work of the catalogue."""

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.catalog.inspection.structure import Organisation
from portal.people.queries import list_departments
from portal.planning.queries import load_calendars


def load_organisation(session: Session, zone: ZoneInfo) -> Organisation:
    """Give the departments, and those that are open at some time in a week."""
    departments, calendars = list_departments(session), load_calendars(session, zone)
    return Organisation(
        departments=frozenset(department.code for department in departments),
        with_hours=frozenset(department.code for department in departments if any(calendars[department.id].week)),
    )
