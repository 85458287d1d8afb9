"""What the portal knows already, so that nobody has to fill it in: facts about the requester and the beneficiary. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.people.models import Person


class Source(StrEnum):
    """Where a fact comes from."""

    OWN_PROFILE = "own_profile"
    PROFILE = "profile"
    EARLIER_STEP = "earlier_step"


@dataclass(frozen=True, slots=True)
class Fact:
    """A value in the form in which an answer is kept, and whose profile it stands in."""

    value: str
    source: Source
    person: str


def known_facts(*, requester: Person, beneficiary: Person | None, beneficiary_name: str) -> Mapping[str, Fact]:
    """Give what is known, by the names that questions use for it, such as `beneficiary.location`.

    A place is its code. The persons come with department and place. What is empty is left out.
    """
    facts = _facts("requester", requester, Source.OWN_PROFILE)
    if beneficiary is not None:
        is_own = beneficiary.id == requester.id
        return {**facts, **_facts("beneficiary", beneficiary, Source.OWN_PROFILE if is_own else Source.PROFILE)}
    if beneficiary_name:
        return {**facts, "beneficiary.name": Fact(beneficiary_name, Source.EARLIER_STEP, beneficiary_name)}
    return facts


def _facts(role: str, person: Person, source: Source) -> dict[str, Fact]:
    values = {
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "department": person.department.name.nl if person.department else "",
        "location": person.location.code if person.location else "",
    }
    return {f"{role}.{name}": Fact(value, source, person.name) for name, value in values.items() if value}
