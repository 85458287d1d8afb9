"""Persons: roles for departments, finding people, passwords."""

import pytest
from sqlalchemy.orm import Session

from portal.core.errors import InvalidInputError, NotFoundError
from portal.people.actions import PersonDetails, save_department, save_person
from portal.people.models import Department
from portal.people.passwords import hash_password, is_password
from portal.people.queries import (
    find_person_by_username,
    get_person,
    list_department_persons,
    list_departments,
    list_one_per_role,
    search_persons,
)
from portal.people.roles import Role
from tests.people.conftest import NewPerson


def test_a_role_for_a_department_counts_there_only(new_person: NewPerson, ict: Department, personnel: Department) -> None:
    person = new_person("samira", (Role.BACK_OFFICE, ict), (Role.EMPLOYEE, None))
    assert person.has_role(Role.BACK_OFFICE)
    assert person.has_role(Role.BACK_OFFICE, department_id=ict.id)
    assert not person.has_role(Role.BACK_OFFICE, department_id=personnel.id)
    assert person.has_role(Role.EMPLOYEE, department_id=personnel.id)
    assert person.departments_with(Role.BACK_OFFICE, Role.DEPARTMENT_MANAGER) == {ict.id}
    assert person.roles == {Role.BACK_OFFICE, Role.EMPLOYEE}


def test_saving_again_changes_roles_and_keeps_the_password(session: Session, new_person: NewPerson, ict: Department) -> None:
    person = new_person("samira", (Role.BACK_OFFICE, ict), (Role.EMPLOYEE, None))
    earlier = person.password_hash
    details = PersonDetails(
        username="SAMIRA",
        name="S",
        email="",
        phone="",
        function=None,
        department=ict,
        location=None,
        language="nl",
        roles=[(Role.MANAGER, None)],
    )
    again = save_person(session=session, details=details, password=None)
    assert again is person
    assert again.roles == {Role.MANAGER}
    assert again.password_hash == earlier


def test_a_new_person_needs_a_password(session: Session) -> None:
    details = PersonDetails(
        username="a", name="A", email="", phone="", function=None, department=None, location=None, language="nl", roles=()
    )
    with pytest.raises(InvalidInputError):
        save_person(session=session, details=details, password="")


def test_a_department_is_made_once(session: Session, ict: Department) -> None:
    assert save_department(session=session, code="ict", name=ict.name) is ict
    assert list(list_departments(session)) == [ict]


def test_people_are_found_by_any_part_of_their_name(session: Session, new_person: NewPerson) -> None:
    new_person("noor", name="Noor van Dijk")
    new_person("bram", name="Bram 100% Echt")
    assert [person.username for person in search_persons(session, "VAN d")] == ["noor"]
    assert [person.username for person in search_persons(session, "0% e")] == ["bram"]
    assert search_persons(session, "%") == search_persons(session, "100%")
    assert search_persons(session, "_") == []


def test_finding_forgives_case_and_spaces(session: Session, new_person: NewPerson) -> None:
    assert find_person_by_username(session, " NOOR ") is None
    person = new_person("noor")
    assert find_person_by_username(session, " NOOR ") is person
    with pytest.raises(NotFoundError):
        get_person(session, person.id + 1)


def test_those_who_do_the_tasks_of_a_department(session: Session, new_person: NewPerson, ict: Department, personnel: Department) -> None:
    new_person("samira", (Role.BACK_OFFICE, ict))
    new_person("wilma", (Role.DEPARTMENT_MANAGER, ict), (Role.BACK_OFFICE, personnel))
    assert [person.username for person in list_department_persons(session, ict.id)] == ["samira"]


def test_one_person_per_role_who_does_little_else(session: Session, new_person: NewPerson, ict: Department) -> None:
    new_person("veel", (Role.EMPLOYEE, None), (Role.MANAGER, None), (Role.BACK_OFFICE, ict))
    new_person("noor", (Role.EMPLOYEE, None))
    new_person("later", (Role.EMPLOYEE, None))
    new_person("bram", (Role.EMPLOYEE, None), (Role.MANAGER, None))
    assert [person.username for person in list_one_per_role(session)] == ["veel", "noor", "bram"]


def test_passwords() -> None:
    stored = hash_password("geheim")
    assert stored.startswith("$argon2id$")
    assert is_password("geheim", stored)
    assert not is_password("Geheim", stored)
    assert not is_password("nobody", None)
    assert not is_password("geheim", "broken")
