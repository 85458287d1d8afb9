"""Words for roles."""

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _l

from portal.people.roles import Role

ROLES: Final[Mapping[Role, str]] = {
    Role.EMPLOYEE: _l("Employee"),
    Role.PARTNER: _l("Partner of another organisation"),
    Role.MANAGER: _l("Manager"),
    Role.BACK_OFFICE: _l("Member of a department"),
    Role.DEPARTMENT_MANAGER: _l("Head of a department"),
    Role.SERVICE_DESK: _l("Service desk"),
    Role.COORDINATOR: _l("Coordinator"),
    Role.CATALOGUE_MANAGER: _l("Catalogue manager"),
    Role.KNOWLEDGE_AUTHOR: _l("Knowledge author"),
    Role.ADMINISTRATOR: _l("Administrator"),
}

DEPUTY_FAULTS: Final[Mapping[str, str]] = {
    "self": _l("You cannot stand in for yourself. Fill in a colleague."),
    "reversed": _l("Choose the first day or a later day."),
    "past": _l("This day has passed. Choose today or a later day."),
}
