"""Words for the states of requests and tasks. Every code has words in both languages."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from babel.lists import format_list
from flask_babel import get_locale

from portal.requests.approvals.labels import awaits_sentence
from portal.requests.explanation import AwaitedApproval
from portal.requests.models import Request, Task
from portal.requests.workflow import RequestState, SuspendReason, TaskState
from portal.web.filters import day
from portal.web.language import local
from portal.web.words import _, _l

TASK_STATES: Final[Mapping[TaskState, Any]] = {
    TaskState.WAITING: _l("waiting its turn"),
    TaskState.READY: _l("ready to begin"),
    TaskState.IN_PROGRESS: _l("being worked on"),
    TaskState.SUSPENDED: _l("on hold"),
    TaskState.DONE: _l("finished"),
    TaskState.REFUSED: _l("refused"),
    TaskState.CANCELLED: _l("cancelled"),
}

REQUEST_STATES: Final[Mapping[RequestState, Any]] = {
    RequestState.SUBMITTED: _l("received"),
    RequestState.IN_PROGRESS: _l("being worked on"),
    RequestState.SUSPENDED: _l("on hold"),
    RequestState.DONE: _l("finished"),
    RequestState.REFUSED: _l("refused"),
    RequestState.CANCELLED: _l("cancelled"),
}

SUSPEND_REASONS: Final[Mapping[SuspendReason, Any]] = {
    SuspendReason.CUSTOMER: _l("waiting for the customer"),
    SuspendReason.SUPPLIER: _l("waiting for a supplier"),
    SuspendReason.OTHER: _l("another reason"),
}


def link_title(link: Task | AwaitedApproval) -> str:
    """Name a task, or an approval that is waited for, in the chain that decides a date."""
    return _("Approval of “%(name)s”", name=local(link.name)) if isinstance(link, AwaitedApproval) else local(link.name)


def task_state_word(task: Task | AwaitedApproval) -> str:
    """Give the word for where a task stands; a task on hold says what it waits for."""
    if isinstance(task, AwaitedApproval):
        return str(_("approved") if task.state is TaskState.DONE else _("waiting for an answer"))
    if task.state is TaskState.SUSPENDED and task.suspend_reason is not None:
        return _("on hold: %(reason)s", reason=SUSPEND_REASONS[task.suspend_reason])
    return str(TASK_STATES[task.state])


def request_state_word(request: Request) -> str:
    """Give the word for where a request stands."""
    return str(REQUEST_STATES[request.state])


def state_sentence(request: Request) -> str:
    """Say in a sentence or two when the request is ready and who holds the ball. Needs its tasks with departments."""
    product = local(request.product_version.name)
    match request.state:
        case RequestState.DONE:
            return _(
                "“%(product)s” is ready. We finished it on %(day)s.", product=product, day=day(request.closed_at or request.expected_at)
            )
        case RequestState.REFUSED:
            return _("We cannot deliver “%(product)s”. Below you read why.", product=product)
        case RequestState.CANCELLED:
            return _("“%(product)s” was cancelled. Nothing more will be done.", product=product)
    expected = _("We expect “%(product)s” to be ready on %(day)s.", product=product, day=day(request.expected_at))
    return f"{expected} {turn_sentence(request)}"


def turn_sentence(request: Request) -> str:
    """Say who holds the ball now. Needs the tasks with departments."""
    waits_for_customer = [
        task for task in request.tasks if task.state is TaskState.SUSPENDED and task.suspend_reason is SuspendReason.CUSTOMER
    ]
    if waits_for_customer:
        return _("We are waiting for an answer to a question from %(departments)s.", departments=_departments(waits_for_customer))
    waits_for_approval = awaits_sentence(request.awaits) if request.awaits else ""
    busy = [task for task in request.tasks if task.state in {TaskState.READY, TaskState.IN_PROGRESS}]
    if busy:
        turn = _("It is now up to %(departments)s.", departments=_departments(busy))
        return f"{turn} {waits_for_approval}".strip()
    if waits_for_approval:
        return waits_for_approval
    suspended = [task for task in request.tasks if task.state is TaskState.SUSPENDED]
    return _("The work of %(departments)s is on hold.", departments=_departments(suspended)) if suspended else ""


def _departments(tasks: Sequence[Task]) -> str:
    return str(format_list(list(dict.fromkeys(local(task.department.name) for task in tasks)), locale=get_locale() or "nl"))
