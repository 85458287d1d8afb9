"""Sentences for what happened to a request, one per event, and for why its dates moved."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from portal.core.journal import JournalEntry
from portal.core.texts import LocalText
from portal.requests.approvals.labels import APPROVAL_SENTENCES
from portal.requests.feedback.labels import FEEDBACK_SENTENCES
from portal.requests.labels import SUSPEND_REASONS
from portal.requests.promises.labels import PROMISE_SENTENCES
from portal.requests.workflow import RequestState, SuspendReason
from portal.web.filters import day
from portal.web.language import local
from portal.web.words import _, ngettext


def history_sentence(entry: JournalEntry) -> str:
    """Say what happened, without the name of who did it.

    :raises KeyError: the event has no sentence.
    """
    return SENTENCES[entry.type](entry.data)


def history_text(entry: JournalEntry) -> str:
    """Give what was written with an event (a question, an answer, a result, a reason), or nothing."""
    return str(entry.data.get("text", ""))


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
