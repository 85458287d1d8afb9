"""The wished date beside the plan of an order: whether it fits."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.requests.order_content import OrderContent
from portal.requests.preview import PlanPreview
from portal.web.filters import day
from portal.web.words import _


class Outlook(StrEnum):
    """Whether the wished date fits."""

    FITS = "fits"
    TIGHT = "tight"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The wished date beside the plan."""

    on: date
    outlook: Outlook
    sentence: str


def wish_for(content: OrderContent, plan: PlanPreview, *, zone: ZoneInfo) -> Wish | None:
    """Compare the wished date with the plan; None when there is no such date."""
    code = content.definition.wished_date
    value = content.answers.get(code) if code else None
    if not isinstance(value, str):
        return None
    wished = date.fromisoformat(value)
    expected, latest = _day_of(plan.dates.expected_at, zone), _day_of(plan.dates.latest_at, zone)
    if latest <= wished:
        return Wish(on=wished, outlook=Outlook.FITS, sentence=_("Everything is ready in time for %(day)s.", day=day(wished)))
    if expected <= wished:
        sentence = _("It will be tight. You asked for %(day)s. We expect to make it, but it may be later.", day=day(wished))
        return Wish(on=wished, outlook=Outlook.TIGHT, sentence=sentence)
    words = {"wished": day(wished), "expected": day(expected)}
    sentence = _("This is later than you asked for. You asked for %(wished)s. We expect to be ready on %(expected)s.", **words)
    return Wish(on=wished, outlook=Outlook.TOO_LATE, sentence=sentence)


def _day_of(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
