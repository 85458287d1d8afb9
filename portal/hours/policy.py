"""Who may change which calendar."""

from collections.abc import Sequence

from portal.people.models import Department, Person
from portal.people.roles import Role


def may_change_hours(person: Person, department_id: int | None) -> bool:
    """Tell whether the person may change the calendar of a department, or (None) of the whole organisation."""
    if person.has_role(Role.ADMINISTRATOR):
        return True
    return department_id is not None and person.has_role(Role.DEPARTMENT_MANAGER, department_id=department_id)


def changeable_departments(person: Person, departments: Sequence[Department]) -> list[Department]:
    """Choose the departments of which the person may change the calendar."""
    return [one for one in departments if may_change_hours(person, one.id)]
