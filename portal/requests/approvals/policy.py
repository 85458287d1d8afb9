"""Who may decide about an approval, and for whom."""

from collections.abc import Sequence

from portal.people.models import Person
from portal.requests.approving import StepState
from portal.requests.models import ApprovalStep, Request


def concerned_in(request: Request) -> tuple[int, ...]:
    """Give the ids of who asked for it, gets it, or sent it in: they do not approve it."""
    ids = (request.requester_id, request.submitted_by_id, request.beneficiary_id)
    return tuple(one for one in dict.fromkeys(ids) if one is not None)


def decides_as(person: Person, step: ApprovalStep, request: Request, *, principals: Sequence[Person]) -> Person | None:
    """Give in whose place the person may decide a step: their own, or that of one of the `principals` they stand in for.

    None: they may not. Own rights come first.
    """
    if step.state is not StepState.ASKED or person.id in concerned_in(request):
        return None
    return next((one for one in (person, *principals) if is_asked(one, step)), None)


def has_part_in(person: Person, request: Request, *, principals: Sequence[Person]) -> bool:
    """Tell whether the person is or was asked to approve a part of the request, or decided about one."""
    if person.id in concerned_in(request):
        return False
    steps = [step for approval in request.approvals for step in approval.steps]
    return any(person.id == step.decided_by_id or any(is_asked(one, step) for one in (person, *principals)) for step in steps)


def is_asked(person: Person, step: ApprovalStep) -> bool:
    """Tell whether a step asks this person, by name or by role."""
    if step.approver_id is not None:
        return step.approver_id == person.id
    return step.role is not None and person.has_role(step.role, department_id=step.department_id)
