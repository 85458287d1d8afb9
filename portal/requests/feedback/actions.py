"""Keeping what a customer thinks of a request that is done, and making the links by which they can say it."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.core.journal import Actor, record
from portal.core.references import derive_token, hash_code, new_token
from portal.people.models import Person
from portal.requests.feedback.events import RequestRated
from portal.requests.feedback.models import Rating, RatingLink
from portal.requests.feedback.policy import has_worked_on, may_rate, may_rate_by_code
from portal.requests.feedback.queries import find_link, find_rating
from portal.requests.feedback.rules import RATE_WITHIN, Door, Score, can_rate
from portal.requests.models import Request
from portal.requests.queries import get_request_for_change
from portal.requests.workflow import RequestState

MAX_REASON: Final = 2000
PURPOSE: Final = "rating"


def rate_request(
    *,
    session: Session,
    request: Request,
    person: Person | None,
    by: Actor,
    at: datetime,
    score: Score,
    door: Door,
    reason: str | None = None,
) -> Rating:
    """Keep how satisfied a customer is; saying it again changes it. Without a `reason` the one that was given stays.

    `person` is None for somebody with the tracking code only. Load the request with its tasks, `for_change`.

    :raises InvalidInputError: the reason is too long.
    :raises ConflictError: it is not done, or the time for it is over.
    :raises ForbiddenError: it is not their request, or they did some of the work.
    """
    text = None if reason is None else reason.strip()
    if text and len(text) > MAX_REASON:
        raise InvalidInputError({"reason": "too_long"})
    rating = find_rating(session, request.id)
    if request.closed_at is None or not can_rate(closed_at=request.closed_at, rated_at=rating.rated_at if rating else None, at=at):
        raise ConflictError("rating_closed")
    if not (may_rate_by_code(request) if person is None else may_rate(person, request)):
        raise ForbiddenError
    rating = _kept(session, rating, request, request.closed_at, at=at)
    is_same = (rating.score, rating.reason) == (score, rating.reason if text is None else text)
    rating.score, rating.door, rating.changed_at = score, door, at
    rating.reason = rating.reason if text is None else text
    session.flush()
    if not is_same:
        event = RequestRated(score=score.value, door=door.value, has_reason=bool(rating.reason))
        record(session, event, stream=request.stream, by=by, at=at)
    return rating


def make_links(*, session: Session, request_id: int, secret: str) -> None:
    """Make the links by which the customers can rate a request that is done, or let those they have last longer.

    There is none for who did some of the work.
    """
    request = get_request_for_change(session, request_id)
    if request.closed_at is None or request.state is not RequestState.DONE:
        return
    for person_id in sorted({one for one in (request.requester_id, request.beneficiary_id) if one is not None}):
        if has_worked_on(person_id, request):
            continue
        link = find_link(session, request_id=request.id, person_id=person_id) or _new_link(session, request, person_id, secret)
        link.expires_at = request.closed_at + RATE_WITHIN
    session.flush()


def token_of(*, link: RatingLink, secret: str) -> str:
    """Give the token of a link."""
    return derive_token(secret=secret, purpose=PURPOSE, seed=link.seed)


def _new_link(session: Session, request: Request, person_id: int, secret: str) -> RatingLink:
    seed = new_token()
    token = derive_token(secret=secret, purpose=PURPOSE, seed=seed)
    link = RatingLink(request_id=request.id, person_id=person_id, seed=seed, token_hash=hash_code(token))
    session.add(link)
    return link


def _kept(session: Session, rating: Rating | None, request: Request, closed_at: datetime, *, at: datetime) -> Rating:
    """Give the row to write in; what was said about an earlier end begins anew."""
    if rating is None:
        rating = Rating(request_id=request.id, product_id=request.product_id, rated_at=at, reason="", score=None)
        session.add(rating)
    elif rating.rated_at < closed_at:
        rating.rated_at, rating.reason = at, ""
    return rating
