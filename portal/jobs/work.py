"""What each job does. A job is at most ten lines: it calls actions and queries of the features."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from portal.catalog.drafting import publish_due
from portal.core.idempotency import delete_form_keys
from portal.core.journal import get_entry
from portal.core.queue import delete_finished, release_expired
from portal.core.throttle import delete_expired
from portal.notifications.actions import mark_failed, mark_sent, queue_waiting_mail
from portal.notifications.letters import write_letter
from portal.notifications.queries import find_letter
from portal.notifications.smtp import send
from portal.requests.actions.overdue import remake_overdue
from portal.search.actions import count_use, delete_missed_searches
from portal.subscriptions import SUBSCRIPTIONS, mail_route
from portal.web.application import this_app

Payload = Mapping[str, Any]
KEEP_FINISHED: Final = timedelta(days=2)
KEEP_FORM_KEYS: Final = timedelta(days=7)
KEEP_MISSED_SEARCHES: Final = timedelta(days=180)


def dispatch_event(session: Session, payload: Payload, at: datetime) -> None:
    """Run what is subscribed to an event."""
    entry = get_entry(session, payload["entry"])
    for handler in SUBSCRIPTIONS.get(entry.type, ()):
        handler(session, entry, at)


def prepare_mail(session: Session, payload: Payload) -> Callable[[], None] | None:
    """Write a mail; what comes back hands it to the mail server. None: it was sent before."""
    letter = find_letter(session, payload["delivery"])
    if letter is None:
        return None
    settings = this_app().settings
    message = write_letter(this_app(), letter)
    return lambda: send(message, settings=settings)


def keep_sent(session: Session, payload: Payload, at: datetime) -> None:
    """Keep that the mail was sent."""
    mark_sent(session=session, delivery_id=payload["delivery"], at=at)


def keep_failed(session: Session, payload: Payload) -> None:
    """Keep that a mail was given up."""
    mark_failed(session=session, delivery_id=payload["delivery"])


def release_jobs(session: Session, _payload: Payload, at: datetime) -> None:
    """Give back the jobs of workers that died."""
    release_expired(session, at=at)


def queue_mail(session: Session, _payload: Payload, at: datetime) -> None:
    """Send the mails that waited, once there is a mail server."""
    if mail_route().is_open:
        queue_waiting_mail(session=session, at=at)


def remake_dates(session: Session, _payload: Payload, at: datetime) -> None:
    """Make the dates again that have passed while nothing happened."""
    remake_overdue(session=session, at=at, zone=this_app().settings.tz)


def publish_versions(session: Session, _payload: Payload, at: datetime) -> None:
    """Let the versions of the catalogue come out whose day is there."""
    publish_due(session=session, at=at)


def count_use_per_department(session: Session, _payload: Payload, at: datetime) -> None:
    """Count what each department asks most, by which the search ranks what matches equally well."""
    count_use(session=session, at=at)


def clean_up(session: Session, _payload: Payload, at: datetime) -> None:
    """Forget what has served its time: finished jobs, passed rate limits, used form keys, old searches."""
    delete_finished(session, before=at - KEEP_FINISHED)
    delete_expired(session, at=at)
    delete_form_keys(session, before=at - KEEP_FORM_KEYS)
    delete_missed_searches(session=session, before=(at - KEEP_MISSED_SEARCHES).date())
