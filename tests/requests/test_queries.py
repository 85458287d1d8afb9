"""Who may load which request and task."""

import pytest
from sqlalchemy.orm import Session

from portal.core.errors import NotFoundError
from portal.people.roles import Role
from portal.requests.ordering.actions.submission import find_tracking_code
from portal.requests.queries import Scope, get_request_for, get_task_for, get_tracked_request, page_of_requests
from tests.factories import SECRET, make_chain, make_department, make_person, make_request


def test_a_request_is_seen_by_its_customer_its_departments_and_the_desk(session: Session) -> None:
    version = make_chain(session)
    customer, beneficiary = make_person(session), make_person(session)
    request = make_request(session, customer, version, beneficiary_id=beneficiary.id)
    clerk = make_person(session, Role.BACK_OFFICE, department=make_department(session, "personeel"))
    desk = make_person(session, Role.SERVICE_DESK)
    for person in (customer, beneficiary, clerk, desk):
        assert get_request_for(session, by=person, number=request.number).id == request.id


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.MANAGER, Role.CATALOGUE_MANAGER, Role.KNOWLEDGE_AUTHOR])
def test_to_anybody_else_a_request_does_not_exist(session: Session, role: Role) -> None:
    request = make_request(session, make_person(session), make_chain(session))
    stranger = make_person(session, role)
    with pytest.raises(NotFoundError):
        get_request_for(session, by=stranger, number=request.number)
    with pytest.raises(NotFoundError):
        get_task_for(session, by=stranger, task_id=request.tasks[0].id)


def test_back_office_of_another_department_sees_nothing(session: Session) -> None:
    request = make_request(session, make_person(session), make_chain(session))
    stranger = make_person(session, Role.BACK_OFFICE, department=make_department(session, "financieel"))
    with pytest.raises(NotFoundError):
        get_request_for(session, by=stranger, number=request.number)


@pytest.mark.parametrize("number", ["", "A-2026", "A-2026-999999999", "A-1999-000001", "x'; --", "A-2026-99999999999999999999"])
def test_a_number_that_is_none_is_not_found(session: Session, number: str) -> None:
    with pytest.raises(NotFoundError):
        get_request_for(session, by=make_person(session, Role.SERVICE_DESK), number=number)


def test_a_tracking_code_is_read_as_people_type_it(session: Session) -> None:
    request = make_request(session, make_person(session), make_chain(session))
    code = find_tracking_code(request=request, secret=SECRET) or ""
    for typed in (code, code.lower(), code.replace("-", " "), code.replace("-", "")):
        assert get_tracked_request(session, code=typed).id == request.id
    with pytest.raises(NotFoundError):
        get_tracked_request(session, code="0000-0000-00000")
    with pytest.raises(NotFoundError):
        get_tracked_request(session, code=request.number)


def test_a_list_pages_by_key_and_misses_none(session: Session) -> None:
    person, version = make_person(session), make_chain(session)
    made = [make_request(session, person, version).id for _ in range(23)]
    first = page_of_requests(session, by=person, scope=Scope.MINE, is_open=True)
    second = page_of_requests(session, by=person, scope=Scope.MINE, is_open=True, after=first.next_key)
    assert [request.id for request in (*first.rows, *second.rows)] == sorted(made, reverse=True)
    assert (len(first.rows), second.next_key) == (20, None)
    assert not page_of_requests(session, by=make_person(session), scope=Scope.ALL, is_open=True).rows
