"""What the pages of an order show of its plan: each line with its dates and its cost, and whose approval it needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from portal.catalog.price_labels import price_words
from portal.core.texts import LocalText
from portal.planning.picture import Scale, scale_of
from portal.planning.plan import PlannedDates
from portal.requests.approvals.labels import needed_sentence
from portal.requests.ordering.content import OrderContent
from portal.requests.ordering.preview import PlanPreview
from portal.requests.ordering.wish_pages import Outlook, Wish
from portal.web.filters import short_day
from portal.web.words import _

_LEAST_BAR: Final = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One line of the plan: when, by whom, why, after what; without dates when it is switched off.

    `bar` is where it begins and how long it is, from 0 to 100 of the whole plan. `margin` is how far it may run out,
    and `wished` where the wished day ends; `outlook` says how it stands towards that day.
    """

    block: str
    name: LocalText
    department: LocalText
    reason: LocalText
    after: Sequence[LocalText]
    when: str | None
    cost: str | None
    is_optional: bool
    is_on: bool
    bar: tuple[float, float] | None = None
    margin: float = 0
    wished: float | None = None
    outlook: Outlook | None = None


def plan_rows(content: OrderContent, plan: PlanPreview, wish: Wish | None, *, zone: ZoneInfo) -> list[PlanRow]:
    """List the tasks in their order, and after them the optional lines that are switched off."""
    names, scale = plan.names, _scale(plan, wish, zone)
    tasks = [
        PlanRow(
            block=task.planned.block,
            name=task.version.name,
            department=task.version.department.name,
            reason=task.planned.reason,
            after=[names[block] for block in task.planned.after_blocks],
            when=_span(plan, task.planned.block),
            cost=_line_cost(content, plan, task.planned.block),
            is_optional=task.planned.block in plan.optional,
            is_on=True,
            **_picture(plan.dates.tasks[task.planned.block], wish, scale),
            outlook=wish.lines[task.planned.block] if wish else None,
        )
        for task in plan.tasks
    ]
    return [*tasks, *(_switched_off(content, plan, line.block, line.reason) for line in plan.switched_off)]


def needed_sentences(plan: PlanPreview) -> list[str]:
    """Say of a plan whose approval it needs first."""
    return [needed_sentence(one, step, plan.names) for one, step in zip(plan.approvals, plan.waits.steps, strict=True)]


def _scale(plan: PlanPreview, wish: Wish | None, zone: ZoneInfo) -> Scale:
    """Choose the days of the bars; a wished day far behind the plan would make them too small to see."""
    begin, end = min(plan.dates.tasks[block].starts_at for block in plan.names), plan.dates.expected_at
    if wish is None:
        return scale_of([begin, end], zone=zone)
    shown = [begin, end, *(plan.dates.tasks[block].latest_at for block in plan.names)]
    is_near = begin <= wish.ends_at <= max(shown) + (max(shown) - begin)
    return scale_of([*shown, *([wish.ends_at] if is_near else [])], zone=zone)


def _picture(dates: PlannedDates, wish: Wish | None, scale: Scale) -> dict[str, Any]:
    begin = scale.place(dates.starts_at)
    bar = begin, max(_LEAST_BAR, round(scale.place(dates.expected_at) - begin, 2))
    if wish is None:
        return {"bar": bar}
    margin = max(0.0, round(scale.place(dates.latest_at) - sum(bar), 2))
    return {"bar": bar, "margin": margin, "wished": scale.place(wish.ends_at) if scale.is_shown(wish.ends_at) else None}


def _switched_off(content: OrderContent, plan: PlanPreview, block: str, reason: LocalText) -> PlanRow:
    version = content.versions[block]
    return PlanRow(
        block=block,
        name=version.name,
        department=version.department.name,
        reason=reason,
        after=(),
        when=None,
        cost=_line_cost(content, plan, block),
        is_optional=True,
        is_on=False,
    )


def _span(plan: PlanPreview, block: str) -> str:
    dates = plan.dates.tasks[block]
    first, last = short_day(dates.starts_at), short_day(dates.expected_at)
    return first if first == last else _("%(first)s to %(last)s", first=first, last=last)


def _line_cost(content: OrderContent, plan: PlanPreview, block: str) -> str | None:
    """Write what one line costs on the day of the plan; None when it is free."""
    return price_words(plan.prices[block]) if content.blocks[block].prices else None
