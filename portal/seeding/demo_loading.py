"""Putting the demo folder in the database: people through their actions, history by replaying it."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from portal.core.errors import InvalidInputError
from portal.core.yaml_files import Placed, Problems
from portal.people.actions import PersonDetails, save_person, set_manager
from portal.people.models import Department, Location, Person
from portal.people.passwords import hash_password
from portal.people.queries import departments_by_code, list_locations, list_persons
from portal.seeding.demo_account import DEMO_PASSWORD
from portal.seeding.demo_content import PersonSeed


def load_persons(*, session: Session, persons: tuple[Placed[PersonSeed], ...], problems: Problems) -> None:
    """Save the people of the demo, all with the demo password; what does not fit is noted in `problems`."""
    known = {person.username: person for person in list_persons(session)}
    departments = departments_by_code(session)
    locations = {location.code: location for location in list_locations(session)}
    password_hash = "" if all(placed.what.username in known for placed in persons) else hash_password(DEMO_PASSWORD)
    saved: dict[str, Person] = {}
    for placed in persons:
        with problems.at(placed.file, placed.path):
            details = _details(placed.what, departments, locations)
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


def _details(person: PersonSeed, departments: Mapping[str, Department], locations: Mapping[str, Location]) -> PersonDetails:
    named = {code for code in (person.department, *(department for _, department in person.roles)) if code}
    if person.location not in locations:
        raise InvalidInputError({"location": "unknown_location"})
    if named - set(departments):
        raise InvalidInputError({"department" if person.department not in departments else "roles": "unknown_department"})
    return PersonDetails(
        username=person.username,
        name=person.name,
        email=person.email,
        phone=person.phone,
        function=person.function,
        department=departments[person.department],
        location=locations[person.location],
        language=person.language,
        roles=[(role, departments[department] if department else None) for role, department in person.roles],
    )
