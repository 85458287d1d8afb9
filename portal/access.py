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
CALENDARS: Final = frozenset({Role.ADMINISTRATOR, Role.DEPARTMENT_MANAGER})
TEXTS: Final = CATALOGUE | ADMINISTRATION | frozenset({Role.COORDINATOR})

ACCESS: Final[Mapping[str, Access]] = {
    "assets.file": EVERYONE,
    "people.sign_in": EVERYONE,
    "people.create_session": EVERYONE,
    "people.sign_out": EVERYONE,
    "people.choose_language": EVERYONE,
    "search.home": EVERYONE,
    "search.results": EVERYONE,
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
    "requests.why": SIGNED_IN,
    "requests.confirmation": SIGNED_IN,
    "requests.answer_question": SIGNED_IN,
    "requests.cancel": SIGNED_IN,
    "track.find": EVERYONE,
    "track.detail": EVERYONE,
    "track.why": EVERYONE,
    # Promising, and keeping it.
    "promises.overview": TASKS,
    "promises.kept": TASKS,
    "promises.new": TASKS,
    "promises.create": TASKS,
    "promises.detail": TASKS,
    "promises.keep": TASKS,
    "promises.move": TASKS,
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
    "check.overview": CATALOGUE,
    "simulation.play": CATALOGUE,
    "replay.overview": CATALOGUE,
    "replay.start": CATALOGUE,
    "replay.detail": CATALOGUE,
    "replay.changes": CATALOGUE,
    "replay.cancel": CATALOGUE,
    "manage.start_draft": CATALOGUE,
    "manage.send_for_review": CATALOGUE,
    "manage.publish": CATALOGUE,
    "manage.send_back": CATALOGUE,
    "manage.withdraw": CATALOGUE,
    "manage.roll_back": CATALOGUE,
    "compose.new_block": CATALOGUE,
    "compose.create_block": CATALOGUE,
    "compose.block": CATALOGUE,
    "compose.save_block": CATALOGUE,
    "compose.questions": CATALOGUE,
    "compose.new_question": CATALOGUE,
    "compose.create_question": CATALOGUE,
    "compose.question": CATALOGUE,
    "compose.save_question": CATALOGUE,
    "compose.copy": CATALOGUE,
    "compose.create_copy": CATALOGUE,
    "compose.product": CATALOGUE,
    "compose.save_product": CATALOGUE,
    "compose.lines": CATALOGUE,
    "compose.new_line": CATALOGUE,
    "compose.create_line": CATALOGUE,
    "compose.line": CATALOGUE,
    "compose.save_line": CATALOGUE,
    "compose.move_line_up": CATALOGUE,
    "compose.move_line_down": CATALOGUE,
    "compose.remove_line": CATALOGUE,
    "compose.tree": CATALOGUE,
    "compose.tree_question": CATALOGUE,
    "compose.save_tree_question": CATALOGUE,
    "compose.remove_tree_question": CATALOGUE,
    "compose.tree_answer": CATALOGUE,
    "compose.save_tree_answer": CATALOGUE,
    "compose.remove_tree_answer": CATALOGUE,
    "compose.tree_outcome": CATALOGUE,
    "compose.save_tree_outcome": CATALOGUE,
    "compose.remove_tree_outcome": CATALOGUE,
    # Keeping the calendars.
    "hours.overview": CALENDARS,
    "hours.department": CALENDARS,
    "hours.week": CALENDARS,
    "hours.save_week": CALENDARS,
    "hours.day": CALENDARS,
    "hours.save_day": CALENDARS,
    "hours.removal": CALENDARS,
    "hours.remove_day": CALENDARS,
    "texts.overview": TEXTS,
    "texts.new": TEXTS,
    "texts.create": TEXTS,
    "texts.detail": TEXTS,
    "texts.save": TEXTS,
    "texts.remove": TEXTS,
    # Keeping the portal running.
    "jobs.overview": ADMINISTRATION,
    "jobs.retry": ADMINISTRATION,
}
