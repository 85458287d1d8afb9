"""What the pages of an order for several people show of each of them: the answers that differ, the dates, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy.orm import Session

from portal.core.texts import LocalText
from portal.people.models import Person
from portal.requests.models import Request
from portal.requests.ordering.actions.submission import find_tracking_code
from portal.requests.ordering.alternatives import aim_of
from portal.requests.ordering.answers import show_answer
from portal.requests.ordering.models import OrderDraft
from portal.requests.ordering.pages import AnswerRow, Places
from portal.requests.ordering.preview import PlanPreview
from portal.requests.ordering.several.queries import Share, list_together
from portal.requests.ordering.wish_pages import Outlook, outlook_of
from portal.requests.ordering.wishing import Feasibility
from portal.requests.policy import SEES_ALL, is_customer
from portal.requests.questions.form import Entry, QuestionForm
from portal.web.filters import day
from portal.web.language import local
from portal.web.words import _, ngettext


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One more person on the check: what was answered, and the dates and the work as far as they differ from the first."""

    name: str
    url: str
    answers: Sequence[AnswerRow]
    outlook: Outlook | None
    notes: Sequence[str]
    missing: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """The people of an order: the first by name, the `others`, and where they are added."""

    first: str
    others: Sequence[PersonRow]
    url: str

    @property
    def count(self) -> int:
        """Count the people."""
        return 1 + len(self.others)

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is missing for any of the others."""
        return all(other.missing is None for other in self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPart:
    """One more person on the page where the answers that differ are filled in."""

    key: int
    number: int
    name: str
    form: QuestionForm
    is_apart: bool

    @property
    def entries(self) -> Sequence[Entry]:
        """Give what is asked of this person."""
        return self.form.entries()


@dataclass(frozen=True, slots=True, kw_only=True)
class TogetherRow:
    """One of the requests that were sent in together; `code` follows it without signing in."""

    number: str
    for_whom: str
    expected_at: datetime
    latest_at: datetime
    is_this: bool
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """The requests that were sent in together: how many, and those that the reader may see."""

    count: int
    rows: Sequence[TogetherRow]


def together_with(session: Session, shown: Request, *, reader: Person, secret: str | None = None) -> Together | None:
    """Show with which other requests this one was sent in; None when it was alone. With the `secret` the codes are there too."""
    requests = list_together(session, shown)
    if not requests:
        return None
    rows = [
        TogetherRow(
            number=one.number,
            for_whom=one.beneficiary_name,
            expected_at=one.expected_at,
            latest_at=one.latest_at,
            is_this=one.id == shown.id,
            code=find_tracking_code(request=one, secret=secret) if secret else None,
        )
        for one in requests
        if is_customer(reader, one) or reader.roles & SEES_ALL
    ]
    return Together(count=len(requests), rows=rows)


def others_url(draft: OrderDraft, key: int = 0) -> str:
    """Give the address at which more people are added, at the place of one of them."""
    return url_for("others.overview", code=draft.product.code, token=draft.token, _anchor=f"person-{key}" if key else None)


def circle_of(
    draft: OrderDraft, shares: Sequence[Share], plans: Sequence[PlanPreview | None], *, places: Places, at: datetime, zone: ZoneInfo
) -> Circle:
    """Show the people of an order with their plans; the first share is the first person's."""
    first, usual = plans[0], _outlook(shares[0], plans[0], at=at, zone=zone)
    others = [
        PersonRow(
            name=share.name,
            url=others_url(draft, share.key),
            answers=_answers(share, places),
            outlook=_unless(usual, _outlook(share, plan, at=at, zone=zone)),
            notes=[*_dates(plan, first), *_work(plan, first)],
            missing=_missing(share),
        )
        for share, plan in zip(shares[1:], plans[1:], strict=True)
    ]
    return Circle(first=shares[0].name, others=others, url=others_url(draft))


def _answers(share: Share, places: Places) -> list[AnswerRow]:
    answers = share.content.answers
    return [
        AnswerRow(question=local(one.label), answer=local(show_answer(one, answers[one.code], locations=places)), change_url=None)
        for one in share.asked
        if one.code in answers
    ]


def _dates(plan: PlanPreview | None, first: PlanPreview | None) -> list[str]:
    """Write the dates of a plan, unless they are those of the first person."""
    if plan is None:
        return []
    expected, latest = _days(plan)
    if first is not None and (expected, latest) == _days(first):
        return []
    return [_("Expected on %(expected)s, at the latest on %(latest)s.", expected=expected, latest=latest)]


def _days(plan: PlanPreview) -> tuple[str, str]:
    return day(plan.dates.expected_at), day(plan.dates.latest_at)


def _outlook(share: Share, plan: PlanPreview | None, *, at: datetime, zone: ZoneInfo) -> Outlook | None:
    aim = aim_of(share.content, plan, zone=zone) if plan else None
    return outlook_of(aim.prospect(None, at), at.astimezone(zone).date()) if aim else None


def _unless(usual: Outlook | None, outlook: Outlook | None) -> Outlook | None:
    """Leave out what is said of the first person already, unless it is bad news."""
    return None if outlook == usual and outlook is not None and outlook.feasibility is Feasibility.FEASIBLE else outlook


def _work(plan: PlanPreview | None, first: PlanPreview | None) -> list[str]:
    """Say which tasks this person has more or less than the first."""
    if plan is None or first is None:
        return []
    more = _names({block: name for block, name in plan.names.items() if block not in first.names})
    less = _names({block: name for block, name in first.names.items() if block not in plan.names})
    return [*([_("Also: %(tasks)s", tasks=more)] if more else []), *([_("Without: %(tasks)s", tasks=less)] if less else [])]


def _names(names: dict[str, LocalText]) -> str:
    return ", ".join(local(name) for name in names.values())


def _missing(share: Share) -> str | None:
    if share.is_apart:
        return _("A file is needed for this person only. Take this person off, and ask for them apart.")
    if not share.content.lines:
        return _("With these answers nothing is left to do for this person.")
    if share.missing:
        return ngettext("One answer is still needed.", "%(num)d answers are still needed.", len(share.missing))
    return None
