"""Who may enter which page: ONE table, endpoint -> access. What is not in it is closed to all."""

from collections.abc import Mapping
from typing import Final

from portal.people.roles import Role
from portal.web.guard import EVERYONE, SIGNED_IN, Access

BACK_OFFICE: Final = frozenset({Role.BACK_OFFICE, Role.DEPARTMENT_MANAGER})
DESK: Final = frozenset({Role.SERVICE_DESK, Role.COORDINATOR})
TASKS: Final = BACK_OFFICE | DESK
CATALOGUE: Final = frozenset({Role.CATALOGUE_MANAGER})
ADMINISTRATION: Final = frozenset({Role.ADMINISTRATOR})

ACCESS: Final[Mapping[str, Access]] = {
    "assets.file": EVERYONE,
    "people.sign_in": EVERYONE,
    "people.create_session": EVERYONE,
    "people.sign_out": EVERYONE,
    "people.choose_language": EVERYONE,
    "search.home": EVERYONE,
    "search.health": EVERYONE,
    # The catalogue is shown to employees and citizens alike.
    "catalog.overview": EVERYONE,
    "catalog.matrix": EVERYONE,
    "catalog.product": EVERYONE,
    # Asking.
    "order.start": SIGNED_IN,
    "order.create_draft": SIGNED_IN,
    "order.choice": SIGNED_IN,
    "order.save_choice": SIGNED_IN,
    "order.elsewhere": SIGNED_IN,
    "order.details": SIGNED_IN,
    "order.save_details": SIGNED_IN,
    "order.check": SIGNED_IN,
    "order.save_lines": SIGNED_IN,
    "order.submit": SIGNED_IN,
    "order.delete_draft": SIGNED_IN,
    # Following.
    "requests.overview": SIGNED_IN,
    "requests.detail": SIGNED_IN,
    "requests.confirmation": SIGNED_IN,
    "requests.answer_question": SIGNED_IN,
    "requests.cancel": SIGNED_IN,
    "track.find": EVERYONE,
    "track.detail": EVERYONE,
    # Doing.
    "backoffice.queue": TASKS,
    "backoffice.task": TASKS,
    "backoffice.claim": BACK_OFFICE,
    "backoffice.release": BACK_OFFICE,
    "backoffice.start": BACK_OFFICE,
    "backoffice.suspend": BACK_OFFICE,
    "backoffice.resume": BACK_OFFICE,
    "backoffice.finish": BACK_OFFICE,
    "backoffice.refuse": BACK_OFFICE,
    "backoffice.save_checklist": BACK_OFFICE,
    # Steering.
    "servicedesk.desk": DESK,
    # Keeping the catalogue.
    "manage.overview": CATALOGUE,
    "manage.detail": CATALOGUE,
    "manage.differences": CATALOGUE,
    "manage.start_draft": CATALOGUE,
    "manage.send_for_review": CATALOGUE,
    "manage.publish": CATALOGUE,
    "manage.send_back": CATALOGUE,
    "manage.withdraw": CATALOGUE,
    "manage.roll_back": CATALOGUE,
    # Keeping the portal running.
    "jobs.overview": ADMINISTRATION,
    "jobs.retry": ADMINISTRATION,
}
