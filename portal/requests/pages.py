"""What pages show of a request: its plan as a line of tasks and as a picture, and its history as sentences."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from portal.core.journal import JournalEntry
from portal.core.texts import LocalText
from portal.people.models import Person
from portal.planning.picture import Bar, Tick, scale_of, start_of, tick_days
from portal.requests.explanation import ChainTask
from portal.requests.history_labels import history_sentence, history_text
from portal.requests.labels import link_title, request_state_word, state_sentence, task_state_word, turn_sentence
from portal.requests.models import Request, Task
from portal.requests.policy import is_customer
from portal.requests.workflow import CLOSED, CLOSED_REQUESTS, RequestState, SuspendReason, TaskState
from portal.web.filters import day, short_day
from portal.web.filters import minutes as working_time
from portal.web.language import local
from portal.web.words import _

TONES: Final[Mapping[TaskState, str]] = {
    TaskState.WAITING: "neutral",
    TaskState.READY: "info",
    TaskState.IN_PROGRESS: "progress",
    TaskState.SUSPENDED: "waiting",
    TaskState.DONE: "done",
    TaskState.REFUSED: "refused",
    TaskState.CANCELLED: "refused",
}

REQUEST_TONES: Final[Mapping[RequestState, str]] = {
    RequestState.SUBMITTED: "info",
    RequestState.IN_PROGRESS: "progress",
    RequestState.SUSPENDED: "waiting",
    RequestState.DONE: "done",
    RequestState.REFUSED: "refused",
    RequestState.CANCELLED: "refused",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One task in the line of the plan; fields as components/timeline.html reads them."""

    title: str
    department: str
    tone: str
    state: str
    when: str
    reason: str | None
    is_current: bool
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The plan as bars on days."""

    rows: Sequence[Bar]
    ticks: Sequence[Tick]
    today: float | None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """Something that happened; `who` is None where names are not shown, or when the system did it."""

    at: datetime
    sentence: str
    text: str | None
    who: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyLine:
    """One task of the longest chain, in words."""

    task: str
    department: str
    duration: str
    period: str
    skipped: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """One request in a list."""

    number: str
    product: str
    for_whom: str
    sentence: str
    state: str
    tone: str
    expected_at: datetime
    latest_at: datetime
    is_open: bool
    is_late: bool
    asks_you: bool
    together: int
    has_message: bool


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A question with its answer; fields as components/summary_list.html reads them."""

    question: str
    answer: str
    change_url: None = None
    url: str | None = None


def request_rows(
    requests: Sequence[Request], *, now: datetime, reader: Person, together: Mapping[int, int] = MappingProxyType({})
) -> list[RequestRow]:
    """Show requests in a list to a reader; `asks_you` when a question to them as the customer stands open.

    `together` says how many were sent in at once, by `together_id`.
    """
    return [
        RequestRow(
            number=one.number,
            product=local(one.product_version.name),
            for_whom=one.beneficiary_name,
            sentence=state_sentence(one) if one.state in CLOSED_REQUESTS else turn_sentence(one),
            state=request_state_word(one),
            tone=REQUEST_TONES[one.state],
            expected_at=one.expected_at,
            latest_at=one.latest_at,
            is_open=one.state not in CLOSED_REQUESTS,
            is_late=one.state not in CLOSED_REQUESTS and one.expected_at < now,
            asks_you=is_customer(reader, one) and any(task.suspend_reason is SuspendReason.CUSTOMER for task in one.tasks),
            together=together.get(one.together_id or 0, 1),
            has_message=one.unanswered_since is not None and not is_customer(reader, one),
        )
        for one in requests
    ]


def answer_rows(
    request: Request, *, codes: Collection[str] | None = None, files: Mapping[str, str] = MappingProxyType({})
) -> list[AnswerRow]:
    """Show what was asked and answered; with `codes` only those questions. `files` are addresses of answers that are files."""
    return [
        AnswerRow(
            question=local(LocalText.from_data(one["label"])), answer=local(LocalText.from_data(one["shown"])), url=files.get(one["code"])
        )
        for one in request.answers
        if codes is None or one["code"] in codes
    ]


def plan_lines(request: Request, *, link: Callable[[Task], str | None] | None = None, marked: int | None = None) -> list[PlanLine]:
    """Show the tasks of a request in their order; `marked` (an id) is the current one, else those that are being worked on."""
    return [
        PlanLine(
            title=local(task.name),
            department=local(task.department.name),
            tone=TONES[task.state],
            state=task_state_word(task),
            when=_when(task),
            reason=local(task.reason) or None,
            is_current=task.id == marked if marked else _has_the_ball(task),
            url=link(task) if link else None,
        )
        for task in request.tasks
    ]


def plan_picture(request: Request, *, now: datetime, zone: ZoneInfo) -> Picture:
    """Draw the tasks of a request as bars, from the first to the latest day."""
    drawn = [task for task in request.tasks if task.state is not TaskState.CANCELLED]
    moments = [moment for task in drawn for moment in (task.starts_at, task.expected_at, task.latest_at)]
    scale = scale_of([request.submitted_at, *moments], zone=zone)
    rows = [
        Bar(
            label=local(task.name),
            department=local(task.department.name),
            when=_when(task, written=short_day),
            state=task_state_word(task),
            tone=TONES[task.state],
            start=scale.place(_begin_of(task)),
            end=scale.place(task.expected_at),
            latest=None if task.state in CLOSED else scale.place(task.latest_at),
        )
        for task in drawn
    ]
    ticks = [Tick(at=start_of(one, scale=scale), label=short_day(one)) for one in tick_days(scale)]
    return Picture(rows=rows, ticks=ticks, today=scale.place(now) if scale.is_shown(now) else None)


def why_lines(chain: Sequence[ChainTask]) -> list[WhyLine]:
    """Write out the arithmetic of the expected date: the tasks of the longest chain, first to last."""
    return [
        WhyLine(
            task=link_title(link.task),
            department=local(link.task.department.name),
            duration=working_time(link.working_minutes, link.day_minutes),
            period=_period(link.starts_at, link.ends_at),
            skipped=", ".join(short_day(one) for one in link.closed_dates) or None,
        )
        for link in chain
    ]


def shift_lines(entries: Sequence[JournalEntry]) -> list[HistoryLine]:
    """Tell every time the dates moved, the latest first."""
    return history_lines([entry for entry in entries if entry.type == "dates_changed"])


def history_lines(entries: Sequence[JournalEntry], *, names: Mapping[int, str] | None = None) -> list[HistoryLine]:
    """Tell what happened, newest first; without `names` (for the public) neither who did it nor what was written."""
    return [
        HistoryLine(
            at=entry.at,
            sentence=history_sentence(entry),
            text=(history_text(entry) or None) if names is not None and entry.type not in _IN_CONVERSATION else None,
            who=_who(entry, names) if names is not None and entry.actor_id else None,
        )
        for entry in reversed(entries)
    ]


def _who(entry: JournalEntry, names: Mapping[int, str]) -> str | None:
    """Name who did it, and for whom."""
    name = names.get(entry.actor_id or 0)
    other = names.get(entry.on_behalf_of_id or 0)
    return _("%(name)s on behalf of %(other)s", name=name, other=other) if name and other else name


# What was asked and answered is read in the conversation.
_IN_CONVERSATION: Final = frozenset({"question_asked", "question_answered"})


def _period(begin: datetime, end: datetime) -> str:
    first, last = short_day(begin), short_day(end)
    return first if first == last else _("%(first)s to %(last)s", first=first, last=last)


def _has_the_ball(task: Task) -> bool:
    return task.state in {TaskState.READY, TaskState.IN_PROGRESS, TaskState.SUSPENDED}


def _begin_of(task: Task) -> datetime:
    begun = task.started_at or task.ready_at or task.starts_at
    return min(begun, task.expected_at)


def _when(task: Task, *, written: Callable[[datetime], str] = day) -> str:
    if task.state is TaskState.CANCELLED:
        return str(_("not needed any more"))
    return written(task.finished_at or task.expected_at)
