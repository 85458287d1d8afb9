"""Words for mails: their subjects, and why a date moved."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.texts import LocalText
from portal.notifications.models import DeliveryState, Mail
from portal.web.language import local

DELIVERY_STATES: Final[Mapping[DeliveryState, str]] = {
    DeliveryState.WAITING: _l("Waits for a mail server"),
    DeliveryState.QUEUED: _l("On its way"),
    DeliveryState.SENT: _l("Sent"),
    DeliveryState.FAILED: _l("Not sent"),
}


def subject_of(mail: Mail, *, number: str, product: str) -> str:
    """Give the subject of a mail in the language of now."""
    return _SUBJECTS[mail](number, product)


def cause_sentence(data: Mapping[str, Any]) -> str:
    """Say in one sentence why the dates moved; `data` is that of a `dates_changed` event."""
    task, department = local(LocalText.from_data(data["name"])), local(LocalText.from_data(data["department"]))
    return _CAUSES.get(data["cause"], _other_cause)(task, department)


def _other_cause(task: str, department: str) -> str:
    return str(_('Something changed in "%(task)s" (%(department)s).', task=task, department=department))


_SUBJECTS: Final[Mapping[Mail, Callable[[str, str], str]]] = {
    Mail.SUBMITTED: lambda number, product: _("Your request %(number)s: %(product)s", number=number, product=product),
    Mail.DATES_CHANGED: lambda number, product: _("New date for %(number)s: %(product)s", number=number, product=product),
    Mail.QUESTION: lambda number, product: _("Your action is needed for %(number)s: %(product)s", number=number, product=product),
    Mail.REFUSED: lambda number, product: _("A part of %(number)s cannot be done: %(product)s", number=number, product=product),
    Mail.CLOSED: lambda number, product: _("Closed: %(number)s, %(product)s", number=number, product=product),
}

_CAUSES: Final[Mapping[str, Callable[[str, str], str]]] = {
    "task_finished": lambda task, department: _('"%(task)s" (%(department)s) is done.', task=task, department=department),
    "task_suspended": lambda task, department: _('"%(task)s" (%(department)s) stands still for now.', task=task, department=department),
    "task_resumed": lambda task, department: _('"%(task)s" (%(department)s) goes on again.', task=task, department=department),
    "question_asked": lambda task, department: _(
        '"%(task)s" (%(department)s) waits for the answer to a question.', task=task, department=department
    ),
    "question_answered": lambda task, department: _(
        'The question about "%(task)s" (%(department)s) was answered.', task=task, department=department
    ),
    "task_refused": lambda task, department: _('"%(task)s" (%(department)s) will not be done.', task=task, department=department),
    "task_started": lambda task, department: _('"%(task)s" (%(department)s) began.', task=task, department=department),
    "task_overdue": lambda task, department: _('"%(task)s" (%(department)s) takes more time.', task=task, department=department),
    "task_still_suspended": lambda task, department: _('"%(task)s" (%(department)s) still waits.', task=task, department=department),
}
