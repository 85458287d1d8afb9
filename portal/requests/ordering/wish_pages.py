"""The wished date beside the plan of an order: whether it fits, until when it can be asked for, and what fits when it does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.catalog.labels import norm_words
from portal.core.texts import LocalText
from portal.requests.ordering.alternatives import Alternatives, aim_of, alternatives_for
from portal.requests.ordering.content import OrderContent
from portal.requests.ordering.labels import FEASIBILITIES
from portal.requests.ordering.preview import PlanPreview
from portal.requests.ordering.wishing import Feasibility, Prospect
from portal.web.filters import day, short_day
from portal.web.words import _

TONES: Final = {Feasibility.FEASIBLE: "done", Feasibility.TIGHT: "waiting", Feasibility.NOT_FEASIBLE: "refused"}
NEARLY_ALL: Final = 0.975
HARDLY_ANY: Final = 0.025
_STEP: Final = 5
_FULL: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How something stands towards the wished day: the verdict, the chance and the last day to ask for it, in words."""

    feasibility: Feasibility
    chance: str | None
    last_day: str

    @property
    def word(self) -> str:
        """Give the word for the verdict."""
        return str(FEASIBILITIES[self.feasibility])

    @property
    def tone(self) -> str:
        """Give the tone of its badge."""
        return TONES[self.feasibility]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The wished date beside the plan: the `question` that asks for it, and the end of that day.

    `without` are the names of what can be left out, `kept` the blocks that are switched on then.
    """

    on: date
    question: str
    ends_at: datetime
    whole: Outlook
    sentence: str
    lines: Mapping[str, Outlook]
    alternatives: Alternatives | None
    without: Sequence[LocalText]
    kept: Sequence[str]


def wish_for(session: Session, content: OrderContent, plan: PlanPreview, *, at: datetime, zone: ZoneInfo) -> Wish | None:
    """Compare the wished date with the plan; None when there is no such date."""
    aim = aim_of(content, plan, zone=zone)
    if aim is None:
        return None
    today = at.astimezone(zone).date()
    whole = aim.prospect(None, at)
    fits = whole.feasibility is Feasibility.FEASIBLE
    alternatives = None if fits else alternatives_for(session, content, plan, aim, at=at)
    without = alternatives.without if alternatives else ()
    return Wish(
        on=aim.wished,
        question=content.definition.wished_date or "",
        ends_at=aim.due,
        whole=outlook_of(whole, today),
        sentence=wish_sentence(whole, expected_at=plan.dates.expected_at, wished=aim.wished),
        lines={task.planned.block: outlook_of(aim.prospect(task.planned.block, at), today) for task in plan.tasks},
        alternatives=alternatives,
        without=[plan.names[block] for block in without],
        kept=[line.block for line in content.lines if line.block in plan.optional and line.block not in without],
    )


def outlook_of(prospect: Prospect, today: date) -> Outlook:
    """Say how something stands towards the wished day."""
    chance = None if prospect.is_certain or prospect.notice is not None else _chance_words(prospect.chance)
    return Outlook(feasibility=prospect.feasibility, chance=chance, last_day=_last_day(prospect, today))


def wish_sentence(whole: Prospect, *, expected_at: datetime, wished: date) -> str:
    """Say how the whole stands towards the wished day."""
    match whole.feasibility:
        case Feasibility.FEASIBLE:
            return _("Everything is ready in time for %(day)s.", day=day(wished))
        case Feasibility.TIGHT:
            return _("It will be tight. You asked for %(day)s. We expect to make it, but it may be later.", day=day(wished))
        case _ if whole.notice is not None:
            words = {"wished": day(wished), "length": norm_words(whole.notice)}
            return _("This is too soon. You asked for %(wished)s. A part of it must be asked for at least %(length)s before.", **words)
        case _:
            words = {"wished": day(wished), "expected": day(expected_at)}
            return _("This is later than you asked for. You asked for %(wished)s. We expect to be ready on %(expected)s.", **words)


def _last_day(prospect: Prospect, today: date) -> str:
    last = prospect.last_day
    if last is None:
        return ""
    if prospect.notice is not None and last < today:
        return _("at least %(length)s before: that was possible until %(day)s", length=norm_words(prospect.notice), day=short_day(last))
    if last < today:
        return _("to be safe, this was to be asked for by %(day)s", day=short_day(last))
    if last == today:
        return _("ask for it today to be safe")
    return _("ask for it by %(day)s to be safe", day=short_day(last))


def _chance_words(chance: float) -> str:
    if chance >= NEARLY_ALL:
        return _("chance above %(share)d%%", share=_FULL - _STEP)
    if chance < HARDLY_ANY:
        return _("chance below %(share)d%%", share=_STEP)
    return _("chance about %(share)d%%", share=round(chance * _FULL / _STEP) * _STEP)
