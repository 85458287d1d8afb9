"""What may be asked twice: requests for the same person or place, shown before an order is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from portal.catalog.definition import QuestionKind
from portal.people.models import Person
from portal.requests.labels import request_state_word
from portal.requests.models import Request
from portal.requests.ordering.content import OrderContent
from portal.requests.ordering.models import OrderDraft
from portal.requests.ordering.queries import list_same_person, list_same_product
from portal.requests.ordering.several.queries import Share
from portal.requests.policy import SEES_ALL, is_customer

RECENT: Final = timedelta(days=14)
MOST: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """A request that looks like the order; without a number for who may not see it, who then knows only whom they named themselves."""

    number: str | None
    for_whom: str | None
    submitted_at: datetime
    state: str
    is_same_place: bool


def similar_requests(session: Session, draft: OrderDraft, shares: Sequence[Share], *, reader: Person, at: datetime) -> list[Similar]:
    """List what was asked for already for one of the people of an order, the newest first.

    That is the same product for the same person or place, open or of the last 14 days.
    """
    people = [(share.beneficiary.id if share.beneficiary else None, share.name) for share in shares]
    found = {one.id: one for one in list_same_person(session, draft, people, since=at - RECENT)}
    places = set().union(*(_asked_places(share.content) for share in shares))
    elsewhere = list_same_product(session, draft.product_id, since=at - RECENT) if places else ()
    same_place = {one.id: one for one in elsewhere if one.id not in found and places & _places_of(one)}
    newest = sorted({**found, **same_place}.values(), key=lambda one: -one.id)[:MOST]
    return [_shown(one, reader, is_same_place=one.id in same_place) for one in newest]


def _shown(request: Request, reader: Person, *, is_same_place: bool) -> Similar:
    is_visible = is_customer(reader, request) or bool(reader.roles & SEES_ALL)
    return Similar(
        number=request.number if is_visible else None,
        for_whom=request.beneficiary_name if is_visible or not is_same_place else None,
        submitted_at=request.submitted_at,
        state=request_state_word(request),
        is_same_place=is_same_place,
    )


def _asked_places(content: OrderContent) -> set[object]:
    return {content.answers.get(one.code) for one in content.questions if one.kind is QuestionKind.LOCATION} - {None, ""}


def _places_of(request: Request) -> set[object]:
    return {one["value"] for one in request.answers if one["kind"] == QuestionKind.LOCATION}
