"""Who may ask for what, and for whom."""

from collections.abc import Collection

from portal.people.audience import ANYBODY, belongs
from portal.people.models import Person
from portal.people.roles import Role


def may_ask(person: Person, audience: Collection[str]) -> bool:
    """Tell whether the person may ask for a product with this audience for themselves; an empty audience means nobody."""
    return belongs(person.tokens - {ANYBODY}, audience)


def may_ask_for_another(person: Person) -> bool:
    """Tell whether the person may send in what somebody else asks, on the phone or at the counter."""
    return person.has_role(Role.SERVICE_DESK)
