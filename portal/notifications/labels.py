"""Words for mails: their subjects, and where they stand."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from portal.notifications.models import DeliveryState, Mail
from portal.requests.workflow import RequestState
from portal.web.filters import clock
from portal.web.words import _

DELIVERY_STATES: Final[Mapping[DeliveryState, str]] = {
    DeliveryState.WAITING: _l("Waits for a mail server"),
    DeliveryState.QUEUED: _l("On its way"),
    DeliveryState.SENT: _l("Sent"),
    DeliveryState.FAILED: _l("Not sent"),
}


def subject_of(mail: Mail, *, number: str, product: str, data: Mapping[str, Any]) -> str:
    """Give the subject of a mail in the language of now; `data` is that of the event it tells of."""
    return _SUBJECTS[mail](number, product, data)


def _closed(number: str, product: str, data: Mapping[str, Any]) -> str:
    match RequestState(data["state"]):
        case RequestState.DONE:
            return _("Ready: %(number)s, %(product)s", number=number, product=product)
        case RequestState.REFUSED:
            return _("Cannot be done: %(number)s, %(product)s", number=number, product=product)
    return _("Cancelled: %(number)s, %(product)s", number=number, product=product)


_SUBJECTS: Final[Mapping[Mail, Callable[[str, str, Mapping[str, Any]], str]]] = {
    Mail.SUBMITTED: lambda number, product, _data: _("Your request %(number)s: %(product)s", number=number, product=product),
    Mail.DATES_CHANGED: lambda number, product, _data: _("New date for %(number)s: %(product)s", number=number, product=product),
    Mail.QUESTION: lambda number, product, _data: _("Your action is needed for %(number)s: %(product)s", number=number, product=product),
    Mail.REFUSED: lambda number, product, _data: _("A part of %(number)s cannot be done: %(product)s", number=number, product=product),
    Mail.CLOSED: _closed,
    Mail.REOPENED: lambda number, product, _data: _("Opened again: %(number)s, %(product)s", number=number, product=product),
    Mail.LINE_ADDED: lambda number, product, _data: _("A part was added to %(number)s: %(product)s", number=number, product=product),
    Mail.LINE_CHANGED: lambda number, product, _data: _("Other answers for %(number)s: %(product)s", number=number, product=product),
    Mail.LINE_CANCELLED: lambda number, product, _data: _(
        "Not needed any more: a part of %(number)s, %(product)s", number=number, product=product
    ),
    Mail.APPROVAL: lambda number, product, data: (
        _("Reminder: your approval is needed for %(number)s, %(product)s", number=number, product=product)
        if "number" in data
        else _("Your approval is needed for %(number)s: %(product)s", number=number, product=product)
    ),
    Mail.REVIEW: lambda number, product, _data: _("Please look at version %(number)s of %(name)s", number=number, name=product),
    Mail.MESSAGE: lambda number, product, _data: _("New message about %(number)s: %(product)s", number=number, product=product),
    Mail.MENTION: lambda number, product, _data: _("You are mentioned at %(number)s: %(product)s", number=number, product=product),
    Mail.PROMISE_MADE: lambda number, product, _data: _("Our promise about %(number)s: %(product)s", number=number, product=product),
    Mail.PROMISE_MOVED: lambda number, product, _data: _(
        "Our promise about %(number)s has another moment: %(product)s", number=number, product=product
    ),
    Mail.PROMISE_BROKEN: lambda number, product, _data: _(
        "We did not keep our promise about %(number)s: %(product)s", number=number, product=product
    ),
    Mail.PROMISE_COMES_DUE: lambda number, product, data: _(
        "At %(time)s: promised about %(number)s, %(product)s",
        time=clock(datetime.fromisoformat(data["due_at"])),
        number=number,
        product=product,
    ),
}
