"""Reading what a mail is about, and how the deliveries stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.catalog.definition import CatalogueKind
from portal.catalog.models import CatalogueVersion
from portal.catalog.queries import get_version
from portal.core.journal import JournalEntry
from portal.notifications.models import Delivery, DeliveryState, Mail
from portal.people.models import Person
from portal.people.queries import names_of
from portal.planning.queries import load_calendars
from portal.requests.approvals.models import ApprovalLink
from portal.requests.approvals.queries import find_link as find_approval_link
from portal.requests.approvals.queries import list_waiting_together
from portal.requests.events import QuestionReminded
from portal.requests.explanation import ChainTask, explain_date
from portal.requests.feedback.models import RatingLink
from portal.requests.feedback.queries import find_link
from portal.requests.models import ApprovalStep, Request
from portal.requests.ordering.several.queries import list_together
from portal.requests.queries import is_question_open, load_plan_of
from portal.requests.talk.models import Message
from portal.requests.talk.queries import find_message

TELLS_DATES: Final = frozenset({Mail.SUBMITTED, Mail.DATES_CHANGED})


@dataclass(frozen=True, slots=True)
class AskedApproval:
    """What the reader is asked to approve of one request, and the link to do so."""

    request: Request
    link: ApprovalLink
    steps: Sequence[ApprovalStep]


@dataclass(frozen=True, slots=True)
class Letter:
    """All that one mail needs; `message` is the one that the mail tells of, and never an internal note.

    `chain` is there in a mail about dates: the tasks that decide it; `rating_link` in the mail that it is done; `together`
    are the requests that the reader sent in at once, in the mail that confirms them; `approvals` what is to be approved.
    """

    delivery: Delivery
    request: Request
    message: Message | None = None
    chain: Sequence[ChainTask] = ()
    rating_link: RatingLink | None = None
    approvals: Sequence[AskedApproval] = ()
    together: Sequence[Request] = ()


@dataclass(frozen=True, slots=True)
class ReviewLetter:
    """All that a mail to a reviewer needs: the version to look at, and who sent it."""

    delivery: Delivery
    kind: CatalogueKind
    version: CatalogueVersion
    sender: str


def get_request_of(session: Session, entry: JournalEntry) -> Request:
    """Load the request on whose stream, or whose stream of notes, an entry stands.

    :raises NoResultFound: there is none.
    """
    return session.get_one(Request, _request_id(entry))


def list_addressees(session: Session, person_ids: Sequence[int]) -> Sequence[Person]:
    """List those of the persons who are active and have a mail address."""
    return session.scalars(select(Person).where(Person.id.in_(person_ids), Person.is_active, Person.email != "").order_by(Person.id)).all()


def find_letter(session: Session, delivery_id: int, *, zone: ZoneInfo) -> Letter | ReviewLetter | None:
    """Find a mail that was not sent yet, with the request it is about; a mail about dates with why they are what they are.

    A mail to a reviewer is about a version of the catalogue.
    """
    query = select(Delivery).where(Delivery.id == delivery_id, Delivery.state != DeliveryState.SENT)
    delivery = session.scalars(query.options(joinedload(Delivery.entry), joinedload(Delivery.person))).one_or_none()
    if delivery is None or _is_settled(session, delivery.entry):
        return None
    if delivery.mail is Mail.REVIEW:
        return _review_letter(session, delivery)
    if delivery.mail is Mail.APPROVAL:
        return _approval_letter(session, delivery, zone)
    about = select(Request).where(Request.id == _request_id(delivery.entry))
    request = session.scalars(about.options(joinedload(Request.product_version), joinedload(Request.beneficiary))).one()
    message_id = delivery.entry.data.get("message_id")
    message = find_message(session, message_id) if message_id else None
    link = find_link(session, request_id=request.id, person_id=delivery.person_id) if delivery.mail is Mail.CLOSED else None
    chain = _chain(session, delivery, request, zone) if delivery.mail in TELLS_DATES else ()
    is_confirmed = delivery.mail is Mail.SUBMITTED and delivery.person_id == request.requester_id
    return Letter(delivery, request, message, chain, link, together=list_together(session, request) if is_confirmed else ())


def list_waiting(session: Session, *, most: int) -> Sequence[Delivery]:
    """List the oldest mails that wait for a mail server, with the event each is about."""
    query = select(Delivery).where(Delivery.state == DeliveryState.WAITING).options(joinedload(Delivery.entry))
    return session.scalars(query.order_by(Delivery.id).limit(most)).all()


def count_deliveries(session: Session) -> Mapping[DeliveryState, int]:
    """Count the mails per state."""
    rows = session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    return {state: number for state, number in rows}  # noqa: C416  rows are no pairs to the type checker


def _is_settled(session: Session, entry: JournalEntry) -> bool:
    """Tell whether a mail only reminds of a question that was answered, or is not asked any more, before it could leave."""
    return entry.type == QuestionReminded.type and not is_question_open(session, entry.data["task_id"])


def _review_letter(session: Session, delivery: Delivery) -> ReviewLetter:
    entry = delivery.entry
    kind = CatalogueKind.PRODUCTS if entry.stream.startswith("product:") else CatalogueKind.BLOCKS
    version = get_version(session, kind, entry.data["code"], entry.data["number"])
    return ReviewLetter(delivery, kind, version, names_of(session, {entry.actor_id}).get(entry.actor_id, "") if entry.actor_id else "")


def _approval_letter(session: Session, delivery: Delivery, zone: ZoneInfo) -> Letter | None:
    """Put together what waits for the reader, of each request; None when it was all decided before the mail could leave."""
    today, person_id = delivery.created_at.astimezone(zone).date(), delivery.person_id
    waiting = list_waiting_together(session, person_id=person_id, request_id=_request_id(delivery.entry), today=today)
    asked = []
    for request, steps in groupby(waiting, key=lambda step: step.approval.request):
        link = find_approval_link(session, request_id=request.id, person_id=person_id, at=delivery.created_at)
        asked += [AskedApproval(request, link, list(steps))] if link else []
    return Letter(delivery, asked[0].request, approvals=asked) if asked else None


def list_told(session: Session, *, stream: str, mail: Mail, at: datetime) -> Sequence[int]:
    """List the ids of who gets this mail already about something of the same moment on a stream."""
    query = (
        select(Delivery.person_id).join(Delivery.entry).where(Delivery.mail == mail, JournalEntry.stream == stream, JournalEntry.at == at)
    )
    return session.scalars(query).all()


def _chain(session: Session, delivery: Delivery, request: Request, zone: ZoneInfo) -> Sequence[ChainTask]:
    calendars = load_calendars(session, zone)
    return explain_date(load_plan_of(session, request), calendars=calendars, at=delivery.created_at)


def _request_id(entry: JournalEntry) -> int:
    return int(entry.stream.rpartition(":")[2])
