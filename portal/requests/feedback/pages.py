"""What pages show of how satisfied people are: the three faces under a request, and the reasons for who learns from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from portal.catalog.queries import names_of_products
from portal.core.paging import Page
from portal.core.texts import LocalText
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.feedback.forms import RatingForm
from portal.requests.feedback.labels import FACES, SCORE_TONES, SCORES
from portal.requests.feedback.policy import may_rate, may_rate_by_code
from portal.requests.feedback.queries import Satisfaction, find_rating, list_satisfaction, page_of_reasons
from portal.requests.feedback.rules import FEWEST_RATINGS, Score, can_rate
from portal.requests.models import Request
from portal.requests.policy import SEES_ALL, departments_of

COUNTS_FOR: Final = timedelta(days=365)
_READS_ALL: Final = SEES_ALL | {Role.CATALOGUE_MANAGER}
_FULL: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One of the three faces."""

    value: str
    word: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingPanel:
    """The question how it went, or thanks and room for words; `said` is the word for what was said."""

    form: RatingForm
    url: str
    faces: Sequence[Face]
    said: str | None
    is_unhappy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductLine:
    """How satisfied people are with one product; without a share there were too few answers."""

    code: str
    name: LocalText
    rated: int
    share: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonLine:
    """One reason, without a name."""

    product: LocalText
    word: str
    tone: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SatisfactionPage:
    """What somebody may read of how satisfied people are; `of` is the product that was chosen."""

    of: LocalText | None
    code: str | None
    products: Sequence[ProductLine]
    reasons: Sequence[ReasonLine]
    found: Page[object]


def rating_panel(
    session: Session, request: Request, *, person: Person | None, url: str, at: datetime, form: RatingForm | None = None
) -> RatingPanel | None:
    """Give the faces for a customer, or for somebody with the tracking code (no person); None when they cannot rate the request.

    Load the request with its tasks. `form` holds what was just sent, or a face that a link chose.
    """
    if request.closed_at is None or not (may_rate_by_code(request) if person is None else may_rate(person, request)):
        return None
    rating = find_rating(session, request.id)
    if not can_rate(closed_at=request.closed_at, rated_at=rating.rated_at if rating else None, at=at):
        return None
    current = rating if rating and rating.rated_at >= request.closed_at else None
    said = {"score": current.score.value, "reason": current.reason} if current else {}
    return RatingPanel(
        form=form or RatingForm(formdata=None, data=said),
        url=url,
        faces=[Face(value=score.value, word=str(word), icon=FACES[score]) for score, word in SCORES.items()],
        said=str(SCORES[current.score]) if current else None,
        is_unhappy=current is not None and current.score is not Score.HAPPY,
    )


def satisfaction_page(session: Session, person: Person, *, product: str | None, after: str | None, at: datetime) -> SatisfactionPage:
    """Gather what a colleague may read: all of it, or that of the products their departments answer for."""
    owners = None if person.roles & _READS_ALL else departments_of(person)
    counted = list_satisfaction(session, since=at - COUNTS_FOR, owners=owners)
    found = page_of_reasons(session, owners=owners, product=product, after=after)
    names = names_of_products(session, {*(one.product for one in counted), *(one.product for one in found.rows)})

    def name(code: str) -> LocalText:
        return names.get(code, LocalText(code, code))

    return SatisfactionPage(
        of=name(product) if product and any(one.product == product for one in counted) else None,
        code=product,
        products=[_line(one, name(one.product)) for one in counted],
        reasons=[
            ReasonLine(product=name(one.product), word=str(SCORES[one.score]), tone=SCORE_TONES[one.score], reason=one.reason, at=one.at)
            for one in found.rows
        ],
        found=Page(rows=(), next_key=found.next_key, is_first=found.is_first),
    )


def chosen_face(text: str | None) -> Score | None:
    """Read the face in an address; None when it is none of the three."""
    return Score(text) if text in {score.value for score in Score} else None


def _line(one: Satisfaction, name: LocalText) -> ProductLine:
    share = _FULL * one.satisfied // one.rated if one.rated >= FEWEST_RATINGS else None
    return ProductLine(code=one.product, name=name, rated=one.rated, share=share)
