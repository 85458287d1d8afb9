"""What the pages about changing a request show: until when each line can be changed, and what cancelling it or the whole does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.catalog.definition import Question
from portal.core.texts import LocalText
from portal.requests.changing.actions.cancelling import Stopping
from portal.requests.changing.actions.leaving import Cancelling
from portal.requests.changing.labels import BARRIERS
from portal.requests.changing.no_return import Barrier, Window
from portal.requests.cost_pages import Costs, costs_of_request
from portal.requests.labels import task_state_word
from portal.requests.models import Request
from portal.web.filters import day, moment
from portal.web.words import _


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """A line of the request: where it stands, and until when it can be changed or why not any more."""

    task_id: int
    name: LocalText
    department: LocalText
    state: str
    is_open: bool
    has_answers: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A value before and after."""

    label: str
    before: str
    after: str

    @property
    def is_same(self) -> bool:
        """Tell whether nothing changes."""
        return self.before == self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellingPage:
    """What cancelling a line does: what falls with it, the dates, and what it costs; `refusal` says why it cannot be done."""

    name: LocalText
    lost: Sequence[LocalText]
    changes: Sequence[Change]
    costs: tuple[Costs, Costs]
    ends_all: bool
    refusal: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A part that goes on, and why it cannot stop."""

    name: LocalText
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppingPage:
    """What cancelling the whole does; `expected_on` is when what goes on is ready, `costs` are those now and those that remain.

    `may_stop_all` lets the service desk stop what goes on too.
    """

    stops: Sequence[LocalText]
    goes_on: Sequence[Kept]
    done: Sequence[LocalText]
    expected_on: str | None
    costs: tuple[Costs, Costs]
    may_stop_all: bool

    @property
    def can_stop(self) -> bool:
        """Tell whether there is anything that can stop."""
        return bool(self.stops or (self.may_stop_all and self.goes_on))


def change_lines(request: Request, windows: Mapping[int, Window], changeable: Mapping[int, Sequence[Question]]) -> list[ChangeLine]:
    """List the lines in their order; `changeable` are the questions of each whose answers can change."""
    return [
        ChangeLine(
            task_id=task.id,
            name=task.name,
            department=task.department.name,
            state=task_state_word(task),
            is_open=windows[task.id].is_open,
            has_answers=bool(changeable.get(task.id)),
            words=window_words(windows[task.id]),
        )
        for task in request.tasks
    ]


def window_words(window: Window) -> str:
    """Say until when a line can be changed, or why it cannot any more."""
    if window.barrier is Barrier.TOO_LATE and window.until is not None:
        return _("Cannot be changed any more: that was possible until %(moment)s.", moment=moment(window.until))
    if window.barrier is not None:
        return _("Cannot be changed any more: %(reason)s.", reason=BARRIERS[window.barrier])
    if window.until is None:
        return _("Can be changed until the department begins. That can be any moment.")
    if window.is_sure:
        return _("Can be changed until %(moment)s.", moment=moment(window.until))
    return _("Can be changed until it is the turn of the department. We expect that on %(day)s.", day=day(window.until))


def cancelling_page(request: Request, found: Cancelling, *, zone: ZoneInfo) -> CancellingPage:
    """Put together what cancelling a line does; `found` was worked out for now."""
    changes = []
    if found.dates is not None:
        now, then = (request.expected_at, request.latest_at), (found.dates.expected_at, found.dates.latest_at)
        changes = date_changes(now, then, zone=zone)
    return CancellingPage(
        name=found.task.name,
        lost=[one.name for one in found.lost],
        changes=changes,
        costs=(costs_of_request(request), costs_of_request(request, left_out=found.ids)),
        ends_all=found.dates is None,
        refusal=None if found.window.is_open else window_words(found.window),
    )


def stopping_page(request: Request, found: Stopping, *, may_stop_all: bool, zone: ZoneInfo) -> StoppingPage:
    """Put together what cancelling the whole does; `found` was worked out for now."""
    return StoppingPage(
        stops=[task.name for task in found.stops],
        goes_on=[Kept(name=task.name, why=window_words(window)) for task, window in found.goes_on],
        done=[task.name for task in found.done],
        expected_on=_on(found.dates.expected_at, zone) if found.dates else None,
        costs=(costs_of_request(request), costs_of_request(request, left_out=found.ids)),
        may_stop_all=may_stop_all and bool(found.goes_on),
    )


def date_changes(before: tuple[datetime, datetime], after: tuple[datetime, datetime], *, zone: ZoneInfo) -> list[Change]:
    """Set the expected and the latest date before and after beside each other."""
    labels = (_("Expected"), _("At the latest"))
    return [Change(label=label, before=_on(old, zone), after=_on(new, zone)) for label, old, new in zip(labels, before, after, strict=True)]


def _on(at: datetime, zone: ZoneInfo) -> str:
    return day(at.astimezone(zone).date())
