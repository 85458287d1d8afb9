"""Changing persons, departments and places; signing in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.core.errors import InvalidInputError
from portal.core.texts import LocalText
from portal.core.throttle import Limit, clear_attempts, count_attempt
from portal.people.models import CostCentre, Department, Function, Location, Person, RoleAssignment, Substitute, Team
from portal.people.passwords import hash_password, is_password
from portal.people.queries import find_person_by_username
from portal.people.roles import Role

SIGN_IN_PER_USER: Final = Limit("sign_in_user", attempts=8, window=timedelta(minutes=10))
SIGN_IN_PER_ADDRESS: Final = Limit("sign_in_address", attempts=40, window=timedelta(minutes=10))


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDetails:
    """All that is kept of a person except the password and the manager."""

    username: str
    name: str
    email: str
    phone: str
    function: Function | None
    department: Department | None
    location: Location | None
    language: str
    roles: Sequence[tuple[Role, Department | None]]
    cost_centre: CostCentre | None = None


def count_sign_in(*, session: Session, username: str, address: str, at: datetime) -> str | None:
    """Count an attempt to sign in, for the user name and for the address it comes from; gives what is kept of the password.

    :raises TooManyAttemptsError: one of the limits was reached.
    """
    count_attempt(session, SIGN_IN_PER_ADDRESS, subject=address, at=at)
    count_attempt(session, SIGN_IN_PER_USER, subject=username.strip().lower(), at=at)
    person = find_person_by_username(session, username)
    return person.password_hash if person else None


def sign_in(*, session: Session, username: str, password: str, stored: str | None) -> Person:
    """Check a user name and password against what `count_sign_in` gave; a success forgets the earlier attempts of that user.

    :raises InvalidInputError: they do not belong together; the same answer for an unknown user.
    """
    # Nothing is read before this: it takes long, and who has begun to read here keeps others from writing on SQLite.
    is_right = is_password(password, stored)
    person = find_person_by_username(session, username) if is_right else None
    if person is None or person.password_hash != stored:
        raise InvalidInputError({"password": "wrong_password"})
    clear_attempts(session, SIGN_IN_PER_USER, subject=person.username)
    return person


def save_department(*, session: Session, code: str, name: LocalText) -> Department:
    """Make a department, or change its name."""
    department = session.scalars(select(Department).where(Department.code == code)).one_or_none()
    if department is None:
        department = Department(code=code, name=name)
        session.add(department)
    department.name = name
    session.flush()
    return department


def save_team(*, session: Session, code: str, name: LocalText, department: Department) -> Team:
    """Make a team of a department, or change it."""
    team = session.scalars(select(Team).where(Team.code == code)).one_or_none()
    if team is None:
        team = Team(code=code)
        session.add(team)
    team.name, team.department = name, department
    session.flush()
    return team


def save_location(*, session: Session, code: str, name: LocalText) -> Location:
    """Make a place, or change its name."""
    location = session.scalars(select(Location).where(Location.code == code)).one_or_none()
    if location is None:
        location = Location(code=code, name=name)
        session.add(location)
    location.name = name
    session.flush()
    return location


def save_function(*, session: Session, code: str, name: LocalText) -> Function:
    """Make a function that people can have, or change its name."""
    function = session.scalars(select(Function).where(Function.code == code)).one_or_none()
    if function is None:
        function = Function(code=code, name=name)
        session.add(function)
    function.name = name
    session.flush()
    return function


def save_cost_centre(*, session: Session, code: str, name: LocalText, department: Department, is_active: bool = True) -> CostCentre:
    """Make a cost centre of a department, or change it; its budget holder is given apart."""
    centre = session.scalars(select(CostCentre).where(CostCentre.code == code)).one_or_none()
    if centre is None:
        centre = CostCentre(code=code)
        session.add(centre)
    centre.name, centre.department_id, centre.is_active = name, department.id, is_active
    session.flush()
    return centre


def set_budget_holder(*, centre: CostCentre, holder: Person) -> None:
    """Say who answers for the budget of a cost centre."""
    centre.budget_holder_id = holder.id


def save_person(*, session: Session, details: PersonDetails, password: str | None, password_hash: str | None = None) -> Person:
    """Make a person or change what is kept of them; a new person needs a password.

    Whoever gives many people the same password hashes it once and gives `password_hash` instead.

    :raises InvalidInputError: a new person has no password.
    """
    person = find_person_by_username(session, details.username)
    if person is None:
        if not (password or password_hash):
            raise InvalidInputError({"password": "required"})
        person = Person(username=details.username.strip().lower())
        session.add(person)
    person.name, person.email, person.phone = details.name, details.email, details.phone
    person.function, person.language = details.function, details.language
    person.department, person.location = details.department, details.location
    person.cost_centre = details.cost_centre
    if password or password_hash:
        person.password_hash = password_hash or hash_password(password or "")
    _assign_roles(person, details.roles)
    session.flush()
    return person


def set_manager(*, person: Person, manager: Person) -> None:
    """Say who the manager of a person is."""
    person.manager_id = manager.id


def set_language(*, person: Person, language: str) -> None:
    """Keep the language in which a person reads mail and pages."""
    person.language = language


def _assign_roles(person: Person, roles: Sequence[tuple[Role, Department | None]]) -> None:
    wanted = {(role, department.id if department else None): department for role, department in roles}
    person.assignments = [
        *(one for one in person.assignments if (one.role, one.department_id) in wanted),
        *(
            RoleAssignment(role=role, department=department)
            for (role, department_id), department in wanted.items()
            if (role, department_id) not in {(one.role, one.department_id) for one in person.assignments}
        ),
    ]


def add_substitute(*, session: Session, person: Person, deputy_id: int, from_on: date, until_on: date, today: date) -> Substitute:
    """Let somebody stand in for a person, from a day until and with another one.

    :raises InvalidInputError: it is the person themselves, the days are the wrong way round, or all of it is over.
    """
    if deputy_id == person.id:
        raise InvalidInputError({"deputy": "self"})
    if until_on < max(from_on, today):
        raise InvalidInputError({"until_on": "reversed" if until_on < from_on else "past"})
    substitute = Substitute(person_id=person.id, deputy_id=deputy_id, from_on=from_on, until_on=until_on)
    session.add(substitute)
    session.flush()
    return substitute


def remove_substitute(*, session: Session, person: Person, substitute_id: int) -> None:
    """Let nobody stand in any more as was agreed here; removing it twice is no mistake."""
    session.execute(delete(Substitute).where(Substitute.id == substitute_id, Substitute.person_id == person.id))
