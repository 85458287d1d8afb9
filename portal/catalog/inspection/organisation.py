"""What a catalogue leans on: the organisation with its people, as far as the check looks at it."""

from dataclasses import dataclass
from datetime import date

from portal.catalog.agreement import ApproverKind
from portal.people.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """What a catalogue leans on on a day, by code.

    The departments, those that have opening hours, those that somebody manages, their teams (department, team), the roles
    that somebody has, and the uniform product names that may be used. `tokens` are those of audiences that exist, `held` those
    that somebody has, and `approvers` the kinds of approvers that somebody can be.
    """

    today: date
    departments: frozenset[str]
    with_hours: frozenset[str]
    managed: frozenset[str] = frozenset()
    upn_uris: frozenset[str] = frozenset()
    teams: frozenset[tuple[str, str]] = frozenset()
    roles: frozenset[Role] = frozenset()
    tokens: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    approvers: frozenset[ApproverKind] = frozenset()
