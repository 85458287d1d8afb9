"""Words for the states of requests and tasks, and sentences for what happened. Every code has words in both languages."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from babel.lists import format_list
from flask_babel import get_locale

from portal.core.journal import JournalEntry
from portal.core.texts import LocalText
from portal.requests.approvals.labels import APPROVAL_SENTENCES, awaits_sentence
from portal.requests.explanation import AwaitedApproval
from portal.requests.feedback.labels import FEEDBACK_SENTENCES
from portal.requests.joining import Hurdle
from portal.requests.models import Request, Task
from portal.requests.no_return import Barrier
from portal.requests.promises.labels import PROMISE_SENTENCES
from portal.requests.wishing import Feasibility
from portal.requests.workflow import RequestState, SuspendReason, TaskState
from portal.web.filters import day
from portal.web.language import local
from portal.web.words import _, _l, ngettext

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

FEASIBILITIES: Final[Mapping[Feasibility, Any]] = {
    Feasibility.FEASIBLE: _l("feasible"),
    Feasibility.TIGHT: _l("tight"),
    Feasibility.NOT_FEASIBLE: _l("not feasible"),
}

BARRIERS: Final[Mapping[Barrier, Any]] = {
    Barrier.CLOSED: _l("it is closed"),
    Barrier.READY: _l("the department has it already"),
    Barrier.STARTED: _l("the department has begun"),
    Barrier.TOO_LATE: _l("it is too close to the day for which it is meant"),
    Barrier.NEEDED: _l("another part that goes on needs it"),
}

HURDLES: Final[Mapping[Hurdle, Any]] = {
    Hurdle.REFUSED: _l("Cannot be added: “%(name)s” was refused."),
    Hurdle.NEEDS_GONE: _l("Cannot be added alone: it needs “%(name)s”, which is not part of this request any more."),
    Hurdle.TOO_LATE: _l("Cannot be added any more: it is too close to the day for which it is meant."),
    Hurdle.STAYS: _l("Cannot be changed any more: “%(name)s” would have to stop, and for that it is too late."),
    Hurdle.FOLLOWER: _l("Cannot be added any more: it has to come before “%(name)s”, and for that it is too late."),
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


def history_sentence(entry: JournalEntry) -> str:
    """Say what happened, without the name of who did it.

    :raises KeyError: the event has no sentence.
    """
    return SENTENCES[entry.type](entry.data)


def history_text(entry: JournalEntry) -> str:
    """Give what was written with an event (a question, an answer, a result, a reason), or nothing."""
    return str(entry.data.get("text", ""))


def _departments(tasks: Sequence[Task]) -> str:
    return str(format_list(list(dict.fromkeys(local(task.department.name) for task in tasks)), locale=get_locale() or "nl"))


def _words(data: Mapping[str, Any], key: str) -> str:
    return local(LocalText.from_data(data[key]))


def _on_task(sentence: Callable[[str, str], str]) -> Callable[[Mapping[str, Any]], str]:
    return lambda data: sentence(_words(data, "name"), _words(data, "department"))


def _submitted(data: Mapping[str, Any]) -> str:
    expected = day(datetime.fromisoformat(data["expected_at"]))
    return _("“%(product)s” was requested. Expected on %(day)s.", product=_words(data, "product"), day=expected)


def _suspended(data: Mapping[str, Any]) -> str:
    return _(
        "%(department)s put “%(task)s” on hold: %(reason)s.",
        department=_words(data, "department"),
        task=_words(data, "name"),
        reason=SUSPEND_REASONS[SuspendReason(data["reason"])],
    )


def _extended(data: Mapping[str, Any]) -> str:
    days = ngettext("%(num)d working day", "%(num)d working days", data["days"])
    return _("%(department)s extended “%(task)s” by %(days)s.", department=_words(data, "department"), task=_words(data, "name"), days=days)


def _ticked(data: Mapping[str, Any]) -> str:
    return _("Checklist of “%(task)s”: %(done)s of %(points)s done.", task=_words(data, "name"), done=data["done"], points=data["points"])


def _dates_changed(data: Mapping[str, Any]) -> str:
    old, new = (datetime.fromisoformat(data[key]) for key in ("old_expected_at", "new_expected_at"))
    cause = CAUSES[_cause_of(data)](_words(data, "name"), _words(data, "department"))
    if day(old) == day(new):
        latest = day(datetime.fromisoformat(data["new_latest_at"]))
        return _("The latest date became %(day)s, because %(cause)s.", day=latest, cause=cause)
    return _("The expected date moved from %(old)s to %(new)s, because %(cause)s.", old=day(old), new=day(new), cause=cause)


def _cause_of(data: Mapping[str, Any]) -> str:
    """Name the cause; a task that finished early is another one than a task that finished late."""
    old, new = ([datetime.fromisoformat(data[f"{age}_{date}_at"]) for date in ("expected", "latest")] for age in ("old", "new"))
    return "task_finished_early" if data["cause"] == "task_finished" and new < old else str(data["cause"])


def _cancelled(data: Mapping[str, Any]) -> str:
    goes_on = data.get("goes_on", 0)
    if not goes_on:
        return _("The request was cancelled.")
    return ngettext(
        "The request was cancelled. %(num)d part could not be stopped any more and goes on.",
        "The request was cancelled. %(num)d parts could not be stopped any more and go on.",
        goes_on,
    )


def _closed(data: Mapping[str, Any]) -> str:
    product = _words(data, "product")
    match RequestState(data["state"]):
        case RequestState.DONE:
            return _("“%(product)s” is ready.", product=product)
        case RequestState.REFUSED:
            return _("“%(product)s” was refused.", product=product)
    return _("“%(product)s” was cancelled.", product=product)


def _message_sent(data: Mapping[str, Any]) -> str:
    return _("The customer wrote a message.") if data["by_customer"] else _("A message was sent to the customer.")


SENTENCES: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "message_sent": _message_sent,
    "note_written": lambda _data: _("A colleague wrote an internal note."),
    "colleagues_mentioned": lambda data: (
        _("You are mentioned in an internal note.") if data["is_note"] else _("You are mentioned in a message.")
    ),
    "request_submitted": _submitted,
    "task_released": _on_task(lambda task, department: _("%(department)s can begin “%(task)s”.", task=task, department=department)),
    "task_held": _on_task(
        lambda task, department: _("“%(task)s” of %(department)s waits again: a new part comes first.", task=task, department=department)
    ),
    "task_claimed": _on_task(lambda task, department: _("%(department)s took “%(task)s”.", task=task, department=department)),
    "task_given_back": _on_task(
        lambda task, department: _("“%(task)s” is back in the queue of %(department)s.", task=task, department=department)
    ),
    "checklist_ticked": _ticked,
    "task_started": _on_task(lambda task, department: _("%(department)s began “%(task)s”.", task=task, department=department)),
    "task_suspended": _suspended,
    "question_asked": _on_task(
        lambda task, department: _(
            "%(department)s asked a question about “%(task)s”. The clock stands still until the answer.", task=task, department=department
        )
    ),
    "question_reminded": _on_task(
        lambda task, department: _(
            "We sent a reminder: %(department)s still waits for an answer about “%(task)s”.", task=task, department=department
        )
    ),
    "question_answered": _on_task(
        lambda task, department: _("The question from %(department)s about “%(task)s” was answered.", task=task, department=department)
    ),
    "task_resumed": _on_task(lambda task, department: _("%(department)s goes on with “%(task)s”.", task=task, department=department)),
    "task_finished": _on_task(lambda task, department: _("%(department)s finished “%(task)s”.", task=task, department=department)),
    "task_extended": _extended,
    "task_refused": _on_task(lambda task, department: _("%(department)s refused “%(task)s”.", task=task, department=department)),
    "task_cancelled": _on_task(
        lambda task, department: _(
            "“%(task)s” of %(department)s was cancelled: it cannot be done without what was refused.", task=task, department=department
        )
    ),
    "line_cancelled": _on_task(
        lambda task, department: _("“%(task)s” of %(department)s was cancelled by the customer.", task=task, department=department)
    ),
    "line_added": _on_task(
        lambda task, department: _("“%(task)s” of %(department)s was added by the customer.", task=task, department=department)
    ),
    "wish_moved": lambda _data: _("The customer asked for it on another day."),
    "line_changed": _on_task(
        lambda task, department: _("The customer changed answers about “%(task)s” of %(department)s.", task=task, department=department)
    ),
    "line_fell_away": _on_task(
        lambda task, department: _(
            "“%(task)s” of %(department)s was cancelled too: it cannot be done without what the customer cancelled.",
            task=task,
            department=department,
        )
    ),
    "dates_changed": _dates_changed,
    "request_cancelled": _cancelled,
    "request_closed": _closed,
    "request_reopened": lambda _data: _("The request was opened again, because something is not right."),
    "task_reopened": _on_task(lambda task, department: _("%(department)s does “%(task)s” again.", task=task, department=department)),
    **PROMISE_SENTENCES,
    **APPROVAL_SENTENCES,
    **FEEDBACK_SENTENCES,
}

CAUSES: Final[Mapping[str, Callable[[str, str], str]]] = {
    "task_started": lambda task, department: _("%(department)s began “%(task)s” later than planned", task=task, department=department),
    "task_suspended": lambda task, department: _("%(department)s put “%(task)s” on hold", task=task, department=department),
    "question_asked": lambda task, department: _("%(department)s waits for an answer about “%(task)s”", task=task, department=department),
    "question_answered": lambda task, department: _(
        "“%(task)s” stood still until the answer to %(department)s", task=task, department=department
    ),
    "task_resumed": lambda task, department: _("“%(task)s” of %(department)s was on hold", task=task, department=department),
    "task_finished": lambda task, department: _("%(department)s finished “%(task)s” later than planned", task=task, department=department),
    "task_finished_early": lambda task, department: _(
        "%(department)s finished “%(task)s” earlier than planned", task=task, department=department
    ),
    "task_extended": lambda task, department: _(
        "%(department)s takes more time for “%(task)s” than usual", task=task, department=department
    ),
    "task_refused": lambda task, department: _("%(department)s refused “%(task)s”", task=task, department=department),
    "task_released": lambda task, department: _("%(department)s can begin “%(task)s” now", task=task, department=department),
    "task_overdue": lambda task, department: _("%(department)s needs more time for “%(task)s”", task=task, department=department),
    "task_still_suspended": lambda task, department: _("“%(task)s” of %(department)s still waits", task=task, department=department),
    "approval_given": lambda task, _department: _("the approval of “%(task)s” came at another moment than planned", task=task),
    "approval_refused": lambda task, _department: _("“%(task)s” was not approved", task=task),
    "approval_still_open": lambda task, _department: _("“%(task)s” still waits for approval", task=task),
    "line_changed": lambda task, _department: _("the customer changed answers about “%(task)s”", task=task),
    "wish_moved": lambda _task, _department: _("the customer asked for it on another day"),
    "line_added": lambda task, _department: _("“%(task)s” was added by the customer", task=task),
    "line_cancelled": lambda task, _department: _("“%(task)s” was cancelled by the customer", task=task),
    "task_reopened": lambda task, department: _("%(department)s does “%(task)s” again", task=task, department=department),
    "calendar_changed": lambda _task, department: _("the opening hours of %(department)s changed", department=department),
}
