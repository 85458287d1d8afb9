"""Who may see and do what with a request and its tasks."""

from collections.abc import Collection

from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.models import Request, Task
from portal.requests.workflow import CLOSED, CLOSED_REQUESTS, RequestState, SuspendReason, TaskState

SEES_ALL = frozenset({Role.SERVICE_DESK, Role.COORDINATOR, Role.ADMINISTRATOR})
_HANDLES = (Role.BACK_OFFICE, Role.DEPARTMENT_MANAGER)


def is_customer(person: Person, request: Request) -> bool:
    """Tell whether the person asked for it, gets it, or sent it in for somebody."""
    return person.id in {request.requester_id, request.beneficiary_id, request.submitted_by_id}


def may_see_request(person: Person, request: Request, departments: Collection[int]) -> bool:
    """Tell whether the person may see the request, in which `departments` (ids) have a task."""
    if is_customer(person, request) or person.roles & SEES_ALL:
        return True
    return bool(person.departments_with(*_HANDLES).intersection(departments))


def may_change_request(person: Person, request: Request) -> bool:
    """Tell whether the person may look at what can change about the request: the customer or the service desk."""
    return is_customer(person, request) or person.has_role(Role.SERVICE_DESK)


def may_cancel_request(person: Person, request: Request) -> bool:
    """Tell whether the person may change or cancel the request: the customer or the service desk, while it is open."""
    return request.state not in CLOSED_REQUESTS and may_change_request(person, request)


def may_stop_begun(person: Person, request: Request) -> bool:
    """Tell whether the person may stop what is past its point of no return: the service desk, never for oneself."""
    is_own = person.id in {request.requester_id, request.beneficiary_id}
    return person.has_role(Role.SERVICE_DESK) and not is_own


def may_reopen_request(person: Person, request: Request) -> bool:
    """Tell whether the person may open a request again that is done: the customer, or the service desk for them."""
    return request.state is RequestState.DONE and may_change_request(person, request)


def may_see_task(person: Person, task: Task) -> bool:
    """Tell whether the person may look at the task as somebody who works on the request."""
    if person.roles & SEES_ALL:
        return True
    return bool(person.departments_with(*_HANDLES).intersection(one.department_id for one in task.request.tasks))


def departments_of(person: Person) -> frozenset[int]:
    """Give the ids of the departments whose tasks the person does."""
    return person.departments_with(*_HANDLES)


def may_read_notes(person: Person, request: Request, departments: Collection[int]) -> bool:
    """Tell whether the person may read what colleagues write among themselves about the request.

    That is everybody who works on it, in `departments` (ids) or at the desk, but never who asked for it or gets it.
    """
    if person.id in {request.requester_id, request.beneficiary_id}:
        return False
    return bool(person.roles & SEES_ALL or departments_of(person).intersection(departments))


def may_claim_task(person: Person, task: Task) -> bool:
    """Tell whether the person may take the task: nobody has it, and it is of a department of theirs."""
    return task.handler_id is None and task.state not in CLOSED and _works_for(person, task)


def may_handle_task(person: Person, task: Task) -> bool:
    """Tell whether the person may work on the task: it is theirs, nobody's, or they lead the department."""
    if not _works_for(person, task):
        return False
    leads = person.has_role(Role.DEPARTMENT_MANAGER, department_id=task.department_id)
    return task.handler_id in {None, person.id} or leads


def may_answer_question(person: Person, task: Task) -> bool:
    """Tell whether the person may answer the question that stands open on the task."""
    is_open = task.state is TaskState.SUSPENDED and task.suspend_reason is SuspendReason.CUSTOMER
    return is_open and (is_customer(person, task.request) or person.has_role(Role.SERVICE_DESK))


def _works_for(person: Person, task: Task) -> bool:
    return task.department_id in person.departments_with(*_HANDLES)
