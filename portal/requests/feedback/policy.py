"""Who may say how a request went: its customers, but nobody about work of their own."""

from portal.people.models import Person
from portal.requests.models import Request
from portal.requests.policy import is_customer
from portal.requests.workflow import RequestState


def has_worked_on(person_id: int, request: Request) -> bool:
    """Tell whether the person handled a task of the request. Load it with its tasks."""
    return any(task.handler_id == person_id for task in request.tasks)


def may_rate(person: Person, request: Request) -> bool:
    """Tell whether the person may rate the request: a customer who did none of its work."""
    return request.state is RequestState.DONE and is_customer(person, request) and not has_worked_on(person.id, request)


def rater_by_code(visitor: Person | None, request: Request) -> Person | None:
    """Give who rates with the tracking code: anybody (None), but a colleague who is signed in and did the work stays themselves."""
    return visitor if visitor is not None and has_worked_on(visitor.id, request) else None


def may_rate_by_code(request: Request) -> bool:
    """Tell whether the tracking code opens the rating: not when a customer did some of the work, for the code does not say who it is."""
    customers = (request.requester_id, request.beneficiary_id, request.submitted_by_id)
    return request.state is RequestState.DONE and not any(has_worked_on(one, request) for one in customers if one is not None)
