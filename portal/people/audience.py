"""For whom something is: tokens that a product names, and the tokens that a person has. Pure.

A token is the code of a role, `citizen`, or one of `department:<code>`, `function:<code>` and `location:<code>`. An audience
is a set of tokens: whoever has one of them belongs to it. An empty audience is nobody.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from portal.people.roles import Role

CITIZEN: Final = "citizen"
"""Everybody, also who is not signed in."""

ANYBODY: Final = "anybody"
"""Whoever asks for others has this one: it belongs to every audience that is not empty."""


class Belonging(StrEnum):
    """To what of the organisation a person belongs, as far as an audience can name it."""

    DEPARTMENT = "department"
    FUNCTION = "function"
    LOCATION = "location"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What of a person counts: roles, and the codes of what they belong to."""

    roles: frozenset[Role]
    department: str | None = None
    function: str | None = None
    location: str | None = None


def tokens_of(facts: PersonFacts | None) -> frozenset[str]:
    """Give the tokens of a person; None is a visitor who is not signed in.

    Whoever signs in is an employee, except partners: people of other organisations.
    """
    return frozenset({CITIZEN} if facts is None else {CITIZEN, *_tokens(facts)})


def token(kind: Belonging, code: str) -> str:
    """Write the token of a department, a function or a location."""
    return f"{kind}:{code}"


def split_token(text: str) -> tuple[Belonging, str] | None:
    """Read the token of a department, a function or a location; None for any other."""
    kind, colon, code = text.partition(":")
    return (Belonging(kind), code) if colon and code and kind in set(Belonging) else None


def is_token(text: str) -> bool:
    """Tell whether something is a token at all; a code that nobody has may still be one."""
    return text == CITIZEN or text in set(Role) or split_token(text) is not None


def belongs(tokens: Collection[str], audience: Collection[str]) -> bool:
    """Tell whether somebody with these tokens belongs to an audience."""
    return bool(audience) and (ANYBODY in tokens or not frozenset(tokens).isdisjoint(audience))


def left_out(audience: Collection[str], other: Collection[str]) -> frozenset[str]:
    """Give the tokens of an audience whose people do not all belong to another one too.

    Employees are everybody with a token, except citizens and partners.
    """
    if CITIZEN in other:
        return frozenset()
    outside = frozenset(audience) - frozenset(other)
    return outside & {CITIZEN, Role.PARTNER.value} if Role.EMPLOYEE in other else outside


def _tokens(facts: PersonFacts) -> Iterator[str]:
    yield from (role.value for role in facts.roles)
    if Role.PARTNER not in facts.roles:
        yield Role.EMPLOYEE.value
    if Role.SERVICE_DESK in facts.roles:
        yield ANYBODY
    for kind in Belonging:
        code = getattr(facts, kind.value)
        if code is not None:
            yield token(kind, code)
