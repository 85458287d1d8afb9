"""Making deliveries of events, and keeping what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import make_msgid
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.core.journal import JournalEntry
from portal.core.queue import enqueue
from portal.notifications.models import Delivery, DeliveryState, Mail
from portal.notifications.queries import get_request_of, list_addressees, list_waiting
from portal.notifications.recipients import is_news, recipient_ids

SEND_MAIL: Final = "send_mail"
ALWAYS_TOLD: Final = frozenset({Mail.SUBMITTED, Mail.DATES_CHANGED})  # also to who caused it: these are what people keep


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRoute:
    """How mail leaves: the domain in its Message-ID, and whether a mail server is set."""

    domain: str
    is_open: bool


def notify_customers(*, session: Session, entry: JournalEntry, mail: Mail, at: datetime, route: MailRoute) -> Sequence[Delivery]:
    """Make one delivery of `mail` for each customer of the request: who asked for it and who gets it."""
    request = get_request_of(session, entry)
    customers = (request.requester_id, request.beneficiary_id)
    return notify_persons(session=session, entry=entry, mail=mail, persons=customers, at=at, route=route)


def notify_requester(*, session: Session, entry: JournalEntry, mail: Mail, at: datetime, route: MailRoute) -> Sequence[Delivery]:
    """Make a delivery of `mail` for who asked for it: a promise is made to one person."""
    persons = (get_request_of(session, entry).requester_id,)
    return notify_persons(session=session, entry=entry, mail=mail, persons=persons, at=at, route=route)


def notify_persons(
    *, session: Session, entry: JournalEntry, mail: Mail, persons: tuple[int | None, ...], at: datetime, route: MailRoute
) -> Sequence[Delivery]:
    """Make one delivery of `mail` for each of the persons (ids); done before: nothing happens.

    Without a mail server the deliveries wait in the portal.
    """
    if not is_news(entry.at, now=at) or session.scalar(select(Delivery.id).where(Delivery.entry_id == entry.id).limit(1)):
        return ()
    person_ids = recipient_ids(customers=persons, actor_id=entry.actor_id, confirms_own_act=mail in ALWAYS_TOLD)
    deliveries = [
        Delivery(
            entry_id=entry.id,
            person_id=person.id,
            address=person.email,
            language=person.language,
            mail=mail,
            state=DeliveryState.WAITING,
            message_id=make_msgid(domain=route.domain),
            created_at=at,
        )
        for person in list_addressees(session, person_ids)
    ]
    session.add_all(deliveries)
    session.flush()
    if route.is_open:
        _queue(session, deliveries, stream=entry.stream, at=at)
    return deliveries


def queue_waiting_mail(*, session: Session, at: datetime, most: int = 200) -> int:
    """Hand the mails that waited for a mail server to the worker, the oldest first; returns how many."""
    waiting = list_waiting(session, most=most)
    for delivery in waiting:
        _queue(session, [delivery], stream=delivery.entry.stream, at=at)
    return len(waiting)


def mark_sent(*, session: Session, delivery_id: int, at: datetime) -> None:
    """Keep that the mail server took the mail."""
    session.execute(update(Delivery).where(Delivery.id == delivery_id).values(state=DeliveryState.SENT, sent_at=at))


def mark_failed(*, session: Session, delivery_id: int) -> None:
    """Keep that we gave up, unless the mail was sent after all."""
    failed = update(Delivery).where(Delivery.id == delivery_id, Delivery.state != DeliveryState.SENT)
    session.execute(failed.values(state=DeliveryState.FAILED))


def _queue(session: Session, deliveries: Sequence[Delivery], *, stream: str, at: datetime) -> None:
    """Queue a job per mail. Mails of one request reach a reader in order; a dead mailbox holds up nobody else."""
    for delivery in deliveries:
        delivery.state = DeliveryState.QUEUED
        lane = f"mail:{stream}:{delivery.person_id}"
        enqueue(session, kind=SEND_MAIL, lane=lane, payload={"delivery": delivery.id}, at=at)
