"""Of which departments a person may see the queue."""

from collections.abc import Sequence
from typing import Final

from portal.people.models import Department, Person
from portal.people.roles import Role

DEPARTMENT_ROLES: Final = (Role.BACK_OFFICE, Role.DEPARTMENT_MANAGER)
LOOKING_ROLES: Final = frozenset({Role.SERVICE_DESK, Role.COORDINATOR})


def visible_departments(person: Person, departments: Sequence[Department]) -> Sequence[Department]:
    """Choose the departments whose queue the person may see, their own ones first; the desk sees all."""
    own = person.departments_with(*DEPARTMENT_ROLES)
    seen = departments if person.roles & LOOKING_ROLES else [one for one in departments if one.id in own]
    return sorted(seen, key=lambda department: department.id not in own)
