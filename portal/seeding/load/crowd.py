"""The made-up employees who ask all those requests, and who of each department does the tasks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final, cast

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from portal.core.bulk import insert_rows, reserve_ids
from portal.core.texts import LocalText
from portal.people.actions import save_function
from portal.people.models import Department, Location, Person, RoleAssignment
from portal.people.passwords import hash_password
from portal.people.queries import list_department_persons, list_departments, list_locations, list_open_cost_centres
from portal.people.roles import Role
from portal.seeding.demo_account import DEMO_PASSWORD

REQUESTS_EACH: Final = 20
FEWEST: Final = 20
_EMPLOYEES_PER_MANAGER: Final = 8
_PREFIX: Final = "medewerker-"
_FUNCTION: Final = ("medewerker", LocalText("Medewerker", "Employee"))
_ENGLISH_SHARE: Final = 0.1
_FIRST: Final = """
    Aafke Arjen Bente Casper Dagmar Diede Eefje Elias Fedde Femke Gijs Hanne Hidde Imke Iris Jelle Jolijn Kaj Karima Lieke
    Luuk Maud Mees Nadia Nynke Olaf Pleun Quinten Rachid Roos Sanne Sjoerd Tess Tobias Umar Vera Wessel Xenia Yusuf Zoe
    """
_LAST: Final = """
    Achterbosch Berkenhof Bovenmeer Dalhuizen Duinstra Eikelaar Elzenaar Fluitsma Geldermeer Haverlag Heidekamp Ijsbrand
    Jutterveld Kasteleijn Klaverland Lindewal Meerkoet Molenwiek Noordkade Oeverlands Paddenhoek Rietdekker Ruigeveld
    Slotgracht Terpstal Uilenburg Veenkade Vlierboom Waterrijk Wilgenpad Zandloper Zeekraal
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Somebody who asks: what the portal knows of them, a place as its code."""

    id: int
    facts: Mapping[str, str]
    cost_centre_id: int | None
    is_manager: bool


def make_askers(session: Session, *, amount: int, chance: Random) -> Sequence[Asker]:
    """Make employees for so many requests, all with the demo password; about one in nine is a manager."""
    persons = cast(Table, Person.__table__)
    wanted = max(FEWEST, amount // REQUESTS_EACH)
    first = _number_made(session)
    departments, locations = list_departments(session), list_locations(session)
    ids = reserve_ids(session, persons, wanted)
    password_hash = hash_password(DEMO_PASSWORD)
    function_id = save_function(session=session, code=_FUNCTION[0], name=_FUNCTION[1]).id
    centres = _centres_by_department(session)
    rows, askers = [], []
    for place, person_id in enumerate(ids):
        department, location = chance.choice(departments), chance.choice(locations)
        row = _person_row(person_id, first + place + 1, department, location, chance)
        centre_id = chance.choice(centres[department.id]) if department.id in centres else None
        rows.append({**row, "function_id": function_id, "cost_centre_id": centre_id, "password_hash": password_hash})
        is_manager = place % (_EMPLOYEES_PER_MANAGER + 1) == 0
        askers.append(_asker(row, department, location, cost_centre_id=centre_id, is_manager=is_manager))
    insert_rows(session, persons, rows)
    _assign_roles(session, askers)
    return askers


def _centres_by_department(session: Session) -> Mapping[int, Sequence[int]]:
    centres: dict[int, list[int]] = {}
    for centre in list_open_cost_centres(session, None):
        centres.setdefault(centre.department_id, []).append(centre.id)
    return centres


def handlers_by_department(session: Session) -> Mapping[int, Sequence[int]]:
    """Give the ids of those who do the tasks, by department."""
    return {
        department.id: [person.id for person in list_department_persons(session, department.id)] for department in list_departments(session)
    }


def invented_name(chance: Random) -> str:
    """Make up the name of somebody who is not in the portal."""
    return f"{chance.choice(_FIRST.split())} {chance.choice(_LAST.split())}"


def _assign_roles(session: Session, askers: Sequence[Asker]) -> None:
    assignments = cast(Table, RoleAssignment.__table__)
    roles = [(asker.id, role) for asker in askers for role in _roles(asker)]
    role_ids = reserve_ids(session, assignments, len(roles))
    insert_rows(
        session,
        assignments,
        (
            {"id": key, "person_id": person, "role": role, "department_id": None}
            for key, (person, role) in zip(role_ids, roles, strict=True)
        ),
    )


def _number_made(session: Session) -> int:
    query = select(func.count()).select_from(Person).where(Person.username.startswith(_PREFIX, autoescape=True))
    return session.scalar(query) or 0


def _person_row(person_id: int, number: int, department: Department, location: Location, chance: Random) -> dict[str, Any]:
    username = f"{_PREFIX}{number:05d}"
    return {
        "id": person_id,
        "username": username,
        "name": invented_name(chance),
        "email": f"{username}@loket.example",
        "phone": f"088 {number // 10_000:03d} {number // 100 % 100:02d} {number % 100:02d}",
        "department_id": department.id,
        "location_id": location.id,
        "manager_id": None,
        "language": "en" if chance.random() < _ENGLISH_SHARE else "nl",
        "is_active": True,
    }


def _asker(row: Mapping[str, Any], department: Department, location: Location, *, cost_centre_id: int | None, is_manager: bool) -> Asker:
    facts = {
        "name": row["name"],
        "email": row["email"],
        "phone": row["phone"],
        "department": department.name.nl,
        "location": location.code,
    }
    return Asker(id=row["id"], facts=facts, cost_centre_id=cost_centre_id, is_manager=is_manager)


def _roles(asker: Asker) -> Sequence[Role]:
    return (Role.EMPLOYEE, Role.MANAGER) if asker.is_manager else (Role.EMPLOYEE,)
