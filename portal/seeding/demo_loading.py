"""Putting the demo folder in the database: people through their actions, history by replaying it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.core.errors import InvalidInputError
from portal.core.yaml_files import Placed, Problems
from portal.people.actions import PersonDetails, save_cost_centre, save_person, set_budget_holder, set_manager
from portal.people.models import CostCentre, Department, Function, Location, Person
from portal.people.passwords import hash_password
from portal.people.queries import departments_by_code, list_cost_centres, list_functions, list_locations, list_persons
from portal.seeding.demo_account import DEMO_PASSWORD
from portal.seeding.demo_content import CostCentreSeed, PersonSeed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """What a person belongs to, by code."""

    departments: Mapping[str, Department]
    locations: Mapping[str, Location]
    functions: Mapping[str, Function]
    cost_centres: Mapping[str, CostCentre]


def load_persons(
    *, session: Session, persons: tuple[Placed[PersonSeed], ...], cost_centres: tuple[Placed[CostCentreSeed], ...], problems: Problems
) -> None:
    """Save the people of the demo, all with the demo password, and their cost centres; what does not fit is noted in `problems`."""
    known = {person.username: person for person in list_persons(session)}
    departments = departments_by_code(session)
    _save_cost_centres(session, cost_centres, departments, problems)
    places = _Places(
        departments=departments,
        locations={location.code: location for location in list_locations(session)},
        functions={function.code: function for function in list_functions(session)},
        cost_centres={centre.code: centre for centre in list_cost_centres(session)},
    )
    password_hash = "" if all(placed.what.username in known for placed in persons) else hash_password(DEMO_PASSWORD)
    saved: dict[str, Person] = {}
    for placed in persons:
        with problems.at(placed.file, placed.path):
            details = _details(placed.what, places)
            is_new = placed.what.username not in known
            saved[placed.what.username] = save_person(
                session=session, details=details, password=None, password_hash=password_hash if is_new else None
            )
    for placed in persons:
        manager = placed.what.manager
        if manager is not None and manager not in saved:
            problems.add(placed.file, f"{placed.path}.manager", "unknown_person")
        elif manager is not None and placed.what.username in saved:
            set_manager(person=saved[placed.what.username], manager=saved[manager])
    _set_budget_holders(cost_centres, places.cost_centres, saved, problems)


def _save_cost_centres(
    session: Session, seeds: tuple[Placed[CostCentreSeed], ...], departments: Mapping[str, Department], problems: Problems
) -> None:
    for placed in seeds:
        seed = placed.what
        if seed.department not in departments:
            problems.add(placed.file, f"{placed.path}.department", "unknown_department")
            continue
        save_cost_centre(session=session, code=seed.code, name=seed.name, department=departments[seed.department], is_active=seed.is_active)


def _set_budget_holders(
    seeds: tuple[Placed[CostCentreSeed], ...], centres: Mapping[str, CostCentre], persons: Mapping[str, Person], problems: Problems
) -> None:
    for placed in seeds:
        holder = persons.get(placed.what.budget_holder)
        if holder is None:
            problems.add(placed.file, f"{placed.path}.budget_holder", "unknown_person")
        elif placed.what.code in centres:
            set_budget_holder(centre=centres[placed.what.code], holder=holder)


def _details(person: PersonSeed, places: _Places) -> PersonDetails:
    named = {code for code in (person.department, *(department for _, department in person.roles)) if code}
    if named - set(places.departments):
        raise InvalidInputError({"department" if person.department not in places.departments else "roles": "unknown_department"})
    for name, code, known in (
        ("location", person.location, places.locations),
        ("function", person.function, places.functions),
        ("cost_centre", person.cost_centre, places.cost_centres),
    ):
        if code not in known:
            raise InvalidInputError({name: f"unknown_{name}"})
    return PersonDetails(
        username=person.username,
        name=person.name,
        email=person.email,
        phone=person.phone,
        function=places.functions[person.function],
        department=places.departments[person.department],
        location=places.locations[person.location],
        language=person.language,
        roles=[(role, places.departments[department] if department else None) for role, department in person.roles],
        cost_centre=places.cost_centres[person.cost_centre],
    )
