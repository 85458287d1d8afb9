"""Reading persons, departments and places."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Final

from sqlalchemy import Select, bindparam, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.core.errors import NotFoundError
from portal.core.texts import LocalText
from portal.people.audience import Belonging, split_token
from portal.people.models import CostCentre, Department, Function, Location, Person, RoleAssignment, Substitute, Team
from portal.people.roles import Role
from portal.people.rules import accented_pattern, folded


def find_person(session: Session, person_id: int) -> Person | None:
    """Find an active person with department, place and roles."""
    return session.scalars(_person_by_id(), {"person_id": person_id}).unique().one_or_none()


def get_person(session: Session, person_id: int) -> Person:
    """Load an active person with department, place and roles.

    :raises NotFoundError: there is no such person.
    """
    person = find_person(session, person_id)
    if person is None:
        raise NotFoundError
    return person


def find_person_by_username(session: Session, username: str) -> Person | None:
    """Find an active person by user name, in any case."""
    return session.scalars(_persons().where(Person.username == username.strip().lower())).unique().one_or_none()


def list_persons_called(session: Session, usernames: Collection[str]) -> Sequence[Person]:
    """List the active persons with these user names (small letters), with department, place and roles."""
    return session.scalars(_persons().where(Person.username.in_(usernames)).order_by(Person.id)).unique().all()


def find_colleague(session: Session, person_id: int) -> tuple[int | None, bool] | None:
    """Find of a person, also one who left, the id of the manager and whether the person still works here."""
    row = session.execute(select(Person.manager_id, Person.is_active).where(Person.id == person_id)).one_or_none()
    return (row[0], row[1]) if row else None


def has_holders(session: Session, role: Role, *, department_id: int | None, without: Collection[int]) -> bool:
    """Tell whether an active person has a role for a department (None: anywhere), persons `without` left out."""
    held = select(RoleAssignment.person_id).join(Person, Person.id == RoleAssignment.person_id)
    held = held.where(Person.is_active, RoleAssignment.role == role, Person.id.not_in(without))
    if department_id is not None:
        held = held.where(or_(RoleAssignment.department_id == department_id, RoleAssignment.department_id.is_(None)))
    return session.execute(held.limit(1)).first() is not None


def list_persons_named(session: Session, text: str) -> Sequence[int]:
    """List the ids of the active persons with exactly this user name, address or name, in any case and whatever the accents."""
    return [person.id for person in persons_by_name(session, [text])[text]]


def persons_by_name(session: Session, texts: Collection[str]) -> Mapping[str, Sequence[Person]]:
    """Give by text the active persons with exactly this user name, address or name, in any case and whatever the accents."""
    columns = (Person.username, Person.email, Person.name)
    alike = or_(false(), *(func.lower(column).like(accented_pattern(text)) for text in texts for column in columns))
    found = session.scalars(_persons().where(alike).order_by(Person.id)).unique().all() if texts else ()
    names = {person.id: {folded(one) for one in (person.username, person.email, person.name)} for person in found}
    return {text: [person for person in found if folded(text) in names[person.id]] for text in texts}


def list_substitutes(session: Session, person_id: int, *, today: date) -> Sequence[Substitute]:
    """List who stands in for a person, now or later, with their names, the first day first."""
    query = select(Substitute).where(Substitute.person_id == person_id, Substitute.until_on >= today)
    return session.scalars(query.options(joinedload(Substitute.deputy)).order_by(Substitute.from_on, Substitute.id)).all()


def list_persons_with(session: Session, role: Role) -> Sequence[Person]:
    """List the active persons who have a role anywhere, with department, place and roles."""
    holds = select(RoleAssignment.person_id).where(RoleAssignment.role == role)
    return session.scalars(_persons().where(Person.id.in_(holds)).order_by(Person.id)).unique().all()


def list_persons(session: Session) -> Sequence[Person]:
    """List all active persons by name, with department, place and roles."""
    return session.scalars(_persons().order_by(Person.name)).unique().all()


def list_one_per_role(session: Session) -> Sequence[Person]:
    """List for each role one person who does little else, to try the portal with."""
    number = func.count().over(partition_by=RoleAssignment.person_id)
    counted = select(RoleAssignment.person_id, RoleAssignment.role, number.label("number")).subquery()
    place = func.row_number().over(partition_by=counted.c.role, order_by=(counted.c.number, counted.c.person_id))
    ranked = select(counted.c.person_id, place.label("place")).subquery()
    chosen = select(ranked.c.person_id).where(ranked.c.place == 1)
    return session.scalars(_persons().where(Person.id.in_(chosen)).order_by(Person.id)).unique().all()


def search_persons(session: Session, text: str, *, most: int = 10) -> Sequence[Person]:
    """List at most `most` persons whose name, user name or address holds the text, by name."""
    pattern = literal_pattern(text)
    found = or_(*(func.lower(column).like(pattern, escape="\\") for column in (Person.name, Person.username, Person.email)))
    return session.scalars(_persons().where(found).order_by(Person.name, Person.id).limit(most)).unique().all()


def literal_pattern(text: str) -> str:
    r"""Give the LIKE pattern (escape `\`) for lower-case text that holds what was typed, sign by sign."""
    literal = text.strip().lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{literal}%"


def names_of(session: Session, person_ids: Collection[int]) -> Mapping[int, str]:
    """Give the names of persons by id, also of those who left."""
    if not person_ids:
        return {}
    return {row.id: row.name for row in session.execute(_names(), {"person_ids": list(person_ids)})}


def list_department_persons(session: Session, department_id: int) -> Sequence[Person]:
    """List the persons who do the tasks of a department, by name."""
    does_tasks = select(RoleAssignment.person_id).where(
        RoleAssignment.role == Role.BACK_OFFICE, RoleAssignment.department_id == department_id
    )
    return session.scalars(_persons().where(Person.id.in_(does_tasks)).order_by(Person.name)).unique().all()


def list_departments(session: Session) -> Sequence[Department]:
    """List all departments by code."""
    return session.scalars(_departments()).all()


def departments_by_code(session: Session) -> Mapping[str, Department]:
    """Give all departments by their code."""
    return {department.code: department for department in list_departments(session)}


def list_teams(session: Session, *, department_id: int | None = None) -> Sequence[Team]:
    """List the teams of a department, or of all, with their department, by department and code."""
    query = select(Team).join(Team.department).options(contains_eager(Team.department)).order_by(Department.code, Team.code)
    return session.scalars(query if department_id is None else query.where(Team.department_id == department_id)).all()


def find_team(session: Session, code: str, *, department: str) -> Team | None:
    """Find a team of a department by their codes."""
    return session.scalars(select(Team).join(Team.department).where(Team.code == code, Department.code == department)).one_or_none()


def list_locations(session: Session) -> Sequence[Location]:
    """List all places by code."""
    return session.scalars(select(Location).order_by(Location.code)).all()


def names_of_tokens(session: Session, audience: Collection[str]) -> Mapping[str, LocalText]:
    """Give the names of the departments, functions and locations that an audience names, by token; what is not there is left out."""
    named = [(text, found) for text in audience if (found := split_token(text))]
    names: dict[str, LocalText] = {}
    for kind in {kind for _, (kind, _code) in named}:
        model = _BELONGING[kind]
        codes = {code: text for text, (of, code) in named if of is kind}
        for row in session.execute(select(model.code, model.name).where(model.code.in_(list(codes)))):
            names[codes[row.code]] = row.name
    return names


def list_functions(session: Session) -> Sequence[Function]:
    """List all functions by code."""
    return session.scalars(select(Function).order_by(Function.code)).all()


def list_cost_centres(session: Session) -> Sequence[CostCentre]:
    """List all cost centres by code, with department and budget holder."""
    query = select(CostCentre).options(joinedload(CostCentre.department), joinedload(CostCentre.budget_holder))
    return session.scalars(query.order_by(CostCentre.code)).all()


def cost_centres_by_id(session: Session, centre_ids: Collection[int]) -> Mapping[int, CostCentre]:
    """Give these cost centres by id."""
    if not centre_ids:
        return {}
    return {centre.id: centre for centre in session.scalars(select(CostCentre).where(CostCentre.id.in_(centre_ids)))}


def list_open_cost_centres(session: Session, department_id: int | None) -> Sequence[CostCentre]:
    """List the active cost centres of a department by code; without one asked, of all."""
    query = select(CostCentre).where(CostCentre.is_active).order_by(CostCentre.code)
    return session.scalars(query if department_id is None else query.where(CostCentre.department_id == department_id)).all()


_BELONGING: Final[Mapping[Belonging, type[Department | Function | Location]]] = {
    Belonging.DEPARTMENT: Department,
    Belonging.FUNCTION: Function,
    Belonging.LOCATION: Location,
}


@cache
def _person_by_id() -> Select[Person]:
    """Make the statement of every page once: making it takes longer than running it."""
    return _persons().where(Person.id == bindparam("person_id"))


@cache
def _names() -> Select[int, str]:
    return select(Person.id, Person.name).where(Person.id.in_(bindparam("person_ids", expanding=True)))


@cache
def _departments() -> Select[Department]:
    return select(Department).order_by(Department.code)


def _persons() -> Select[Person]:
    return (
        select(Person)
        .where(Person.is_active)
        .options(joinedload(Person.department), joinedload(Person.location), joinedload(Person.function), joinedload(Person.assignments))
    )
