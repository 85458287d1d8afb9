"""Words for mails: their subjects, and where they stand."""

from collections.abc import Callable, Mapping
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.notifications.models import DeliveryState, Mail

DELIVERY_STATES: Final[Mapping[DeliveryState, str]] = {
    DeliveryState.WAITING: _l("Waits for a mail server"),
    DeliveryState.QUEUED: _l("On its way"),
    DeliveryState.SENT: _l("Sent"),
    DeliveryState.FAILED: _l("Not sent"),
}


def subject_of(mail: Mail, *, number: str, product: str) -> str:
    """Give the subject of a mail in the language of now."""
    return _SUBJECTS[mail](number, product)


_SUBJECTS: Final[Mapping[Mail, Callable[[str, str], str]]] = {
    Mail.SUBMITTED: lambda number, product: _("Your request %(number)s: %(product)s", number=number, product=product),
    Mail.DATES_CHANGED: lambda number, product: _("New date for %(number)s: %(product)s", number=number, product=product),
    Mail.QUESTION: lambda number, product: _("Your action is needed for %(number)s: %(product)s", number=number, product=product),
    Mail.REFUSED: lambda number, product: _("A part of %(number)s cannot be done: %(product)s", number=number, product=product),
    Mail.CLOSED: lambda number, product: _("Closed: %(number)s, %(product)s", number=number, product=product),
}
