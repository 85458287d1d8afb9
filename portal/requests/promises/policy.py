"""Who may make, keep, move and read promises."""

from collections.abc import Collection
from typing import Final

from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.models import Request
from portal.requests.policy import SEES_ALL
from portal.requests.promises.models import Promise
from portal.requests.workflow import CLOSED_REQUESTS

DESK_ROLES: Final = frozenset({Role.SERVICE_DESK, Role.COORDINATOR})
_DEPARTMENT_ROLES: Final = (Role.BACK_OFFICE, Role.DEPARTMENT_MANAGER)


def teams_of(person: Person) -> frozenset[int]:
    """Give the ids of the departments whose promises the person keeps and reads."""
    own = person.departments_with(*_DEPARTMENT_ROLES, *DESK_ROLES)
    is_at_desk = bool(person.roles & DESK_ROLES) and person.department_id is not None
    return own | {person.department_id} if is_at_desk and person.department_id else own


def may_make_promise(person: Person, request: Request, departments: Collection[int]) -> bool:
    """Tell whether the person may promise something about an open request, in which `departments` (ids) have a task."""
    if request.state in CLOSED_REQUESTS:
        return False
    return bool(person.roles & DESK_ROLES) or bool(person.departments_with(*_DEPARTMENT_ROLES).intersection(departments))


def may_see_promise(person: Person, promise: Promise) -> bool:
    """Tell whether the person may read a promise as somebody who works on it."""
    return bool(person.roles & SEES_ALL) or may_settle_promise(person, promise)


def may_settle_promise(person: Person, promise: Promise) -> bool:
    """Tell whether the person may keep or move it: the keeper, a colleague of the team, or the coordinator."""
    is_own = person.id in {promise.keeper_id, promise.made_by_id}
    return is_own or promise.department_id in teams_of(person) or person.has_role(Role.COORDINATOR)
