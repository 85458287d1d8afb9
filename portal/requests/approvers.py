"""Who approves: from a rule to persons or to everybody with a role. Nobody approves an own request. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from portal.catalog.agreement import Approver, ApproverKind
from portal.people.roles import Role


class Route(StrEnum):
    """How an approver was found: as the rule says, or why somebody else does it."""

    DIRECT = "direct"
    OWN_REQUEST = "own_request"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """What matters of a person: who leads them, and whether they still work here."""

    id: int
    manager_id: int | None
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Who is asked: a person, or everybody with a role for a department (None: anywhere)."""

    kind: ApproverKind
    person_id: int | None = None
    role: Role | None = None
    department_id: int | None = None
    route: Route = Route.DIRECT


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """The people around a request.

    `concerned` asked for it, get it, or sent it in: they do not approve it. `answers` are persons (ids) by question.
    `find` gives a colleague by id; `has_holders` tells whether anybody outside `concerned` has a role for a department.
    """

    requester_id: int
    owner_department_id: int
    concerned: frozenset[int]
    find: Callable[[int], Colleague | None]
    has_holders: Callable[[Role, int | None], bool]
    budget_holder_id: int | None = None
    answers: Mapping[str, int | None] = field(default_factory=dict)


def addressees_of(approvers: Sequence[Approver], circle: Circle) -> tuple[Addressee, ...]:
    """Find who is asked for each approver of a rule, in order; who is named twice is asked once."""
    found: dict[tuple[int | None, Role | None, int | None], Addressee] = {}
    for approver in approvers:
        one = addressee_of(approver, circle)
        found.setdefault((one.person_id, one.role, one.department_id), one)
    return tuple(found.values())


def addressee_of(approver: Approver, circle: Circle) -> Addressee:
    """Find who is asked.

    A person who is concerned or has left is replaced by the manager above, and so on up; where the line ends the owner of the
    product decides, and without one a coordinator. So there is always somebody, or a role that somebody can be given.
    """
    if approver.kind is ApproverKind.ROLE and approver.role is not None:
        return _with_role(approver.kind, approver.role, None, Route.DIRECT, circle)
    if approver.kind is ApproverKind.PRODUCT_OWNER:
        return _owner(approver.kind, Route.DIRECT, circle)
    return replacement_of(approver.kind, _named(approver, circle), circle)


def replacement_of(kind: ApproverKind, begin: int | None, circle: Circle) -> Addressee:
    """Find who is asked, beginning with the person who is named (None: nobody)."""
    if begin is None:
        return _owner(kind, Route.UNKNOWN, circle)
    person_id, route = climb(begin, circle)
    return _owner(kind, route, circle) if person_id is None else Addressee(kind=kind, person_id=person_id, route=route)


def next_after_role(kind: ApproverKind, role: Role, department_id: int | None, circle: Circle) -> Addressee:
    """Find who is asked instead of a role that nobody has any more who may decide."""
    return _with_role(kind, role, department_id, Route.GONE, circle)


def climb(person_id: int | None, circle: Circle) -> tuple[int | None, Route]:
    """Go up from a person to the first one who may decide; also why it is not that person. None: nobody above may."""
    route, seen = Route.DIRECT, set[int]()
    while person_id is not None and person_id not in seen:
        seen.add(person_id)
        colleague = circle.find(person_id)
        if colleague is None or not colleague.is_active:
            reason = Route.GONE
        elif person_id in circle.concerned:
            reason = Route.OWN_REQUEST
        else:
            return person_id, route
        route = reason if route is Route.DIRECT else route
        person_id = colleague.manager_id if colleague else None
    return None, Route.UNKNOWN if route is Route.DIRECT else route


def _named(approver: Approver, circle: Circle) -> int | None:
    match approver.kind:
        case ApproverKind.MANAGER:
            requester = circle.find(circle.requester_id)
            return requester.manager_id if requester else None
        case ApproverKind.BUDGET_HOLDER:
            return circle.budget_holder_id
        case ApproverKind.FROM_ANSWER if approver.question is not None:
            return circle.answers.get(approver.question)
    return None


def _owner(kind: ApproverKind, route: Route, circle: Circle) -> Addressee:
    return _with_role(kind, Role.DEPARTMENT_MANAGER, circle.owner_department_id, route, circle)


def _with_role(kind: ApproverKind, role: Role, department_id: int | None, route: Route, circle: Circle) -> Addressee:
    if circle.has_holders(role, department_id):
        return Addressee(kind=kind, role=role, department_id=department_id, route=route)
    route = Route.UNKNOWN if route is Route.DIRECT else route
    return Addressee(kind=kind, role=Role.COORDINATOR, route=route)
