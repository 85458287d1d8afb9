"""Why this date: the page that tells it all, and the sentence in a mail. Without names of people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.core.journal import JournalEntry
from portal.planning.models import ClosedDay
from portal.planning.picture import Bar, Tick, scale_of, start_of, tick_days
from portal.planning.queries import Calendars, list_closed_days, load_calendars
from portal.requests.clock_pages import clock_lines
from portal.requests.explanation import AwaitedApproval, ChainTask, explain_date
from portal.requests.labels import link_title, task_state_word, turn_sentence
from portal.requests.models import Request
from portal.requests.pages import TONES, HistoryLine, Picture, WhyLine, history_lines, shift_lines, why_lines
from portal.requests.projection import project_dates
from portal.requests.queries import list_history
from portal.requests.workflow import CLOSED, RequestState
from portal.web.filters import day, short_day
from portal.web.filters import minutes as working_time
from portal.web.language import local
from portal.web.words import _

_FULL: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentShare:
    """What the tasks of one department take of the longest chain; `percent` of the department that takes most."""

    department: str
    duration: str
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedDay:
    """A day on which nobody, or one department, works as usual."""

    on: date
    name: str
    what: str
    whose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyPage:
    """All that the page shows; `verdict` only of a finished request."""

    lines: Sequence[WhyLine]
    picture: Picture | None
    shares: Sequence[DepartmentShare]
    skipped: Sequence[SkippedDay]
    shifts: Sequence[HistoryLine]
    turn: str
    verdict: str | None


def words_about_dates(
    request: Request, *, calendars: Calendars, entries: Sequence[JournalEntry], now: datetime, zone: ZoneInfo, why_url: str
) -> dict[str, object]:
    """Give what a page of the request itself says about its dates, with the way to the page that tells it all."""
    return {
        "why": why_lines(explain_date(request, calendars=calendars, at=now)),
        "shifts": shift_lines(entries),
        "clocks": clock_lines(request, now=now, zone=zone),
        "why_url": why_url,
    }


def load_why(session: Session, request: Request, *, now: datetime, zone: ZoneInfo) -> WhyPage:
    """Read the calendars and the history, and put together why the request has its date. For showing: nothing is stored."""
    calendars = load_calendars(session, zone)
    project_dates(request, calendars=calendars, at=now, zone=zone)
    chain = explain_date(request, calendars=calendars, at=now)
    closed: Sequence[ClosedDay] = []
    if chain:
        first, last = (moment.astimezone(zone).date() for moment in (min(request.submitted_at, chain[0].starts_at), chain[-1].ends_at))
        closed = list_closed_days(session, first=first, last=last, department_ids={link.task.department_id for link in chain})
    entries = list_history(session, request, public_only=True)
    return describe_why(request, chain=chain, closed=closed, entries=entries, now=now, zone=zone)


def describe_why(
    request: Request,
    *,
    chain: Sequence[ChainTask],
    closed: Sequence[ClosedDay],
    entries: Sequence[JournalEntry],
    now: datetime,
    zone: ZoneInfo,
) -> WhyPage:
    """Put together why the request has its date; `closed` are the closed and half days while its chain runs."""
    return WhyPage(
        lines=why_lines(chain),
        picture=chain_picture(chain, now=now, zone=zone) if chain else None,
        shares=_shares(chain),
        skipped=_skipped(chain, closed, zone),
        shifts=list(reversed(history_lines([entry for entry in entries if entry.type == "dates_changed"]))),
        turn="" if request.closed_at else turn_sentence(request),
        verdict=_verdict(request, zone) if request.state is RequestState.DONE else None,
    )


def chain_picture(chain: Sequence[ChainTask], *, now: datetime, zone: ZoneInfo) -> Picture:
    """Draw the longest chain as bars, each beginning where the one before it ends."""
    latest = [link.task.latest_at for link in chain if link.task.state not in CLOSED]
    scale = scale_of([*(moment for link in chain for moment in (link.starts_at, link.ends_at)), *latest], zone=zone)
    rows = [
        Bar(
            label=link_title(link.task),
            department=local(link.task.department.name),
            when=working_time(link.working_minutes, link.day_minutes),
            state=task_state_word(link.task),
            tone=TONES[link.task.state],
            start=scale.place(link.starts_at),
            end=scale.place(link.ends_at),
            latest=None if link.task.state in CLOSED else scale.place(max(link.task.latest_at, link.ends_at)),
        )
        for link in chain
    ]
    ticks = [Tick(at=start_of(one, scale=scale), label=short_day(one)) for one in tick_days(scale)]
    return Picture(rows=rows, ticks=ticks, today=scale.place(now) if scale.is_shown(now) else None)


def why_sentence(chain: Sequence[ChainTask]) -> str:
    """Tell in one paragraph why the date is what it is; empty when there is nothing left to do."""
    open_links = [link for link in chain if link.task.state not in CLOSED]
    if not open_links:
        return ""
    told = _("Why this date? These tasks follow each other: %(steps)s.", steps="; ".join(_step_words(link) for link in open_links))
    skipped = sorted({one for link in open_links for one in link.closed_dates})
    if not skipped:
        return told
    closed = _(
        "These days do not count, because of a holiday or a closed day: %(days)s.", days=", ".join(short_day(one) for one in skipped)
    )
    return f"{told} {closed}"


def _step_words(link: ChainTask) -> str:
    """Name a task with its department and how long it takes; an approval is of nobody's department."""
    title, duration = link_title(link.task), working_time(link.working_minutes, link.day_minutes)
    if isinstance(link.task, AwaitedApproval):
        return _("%(approval)s (%(duration)s)", approval=title, duration=duration)
    return _("%(department)s: “%(task)s” (%(duration)s)", department=local(link.task.department.name), task=title, duration=duration)


def _shares(chain: Sequence[ChainTask]) -> list[DepartmentShare]:
    """Add up the working time per department, in days of that department, the first one to begin first."""
    minutes: dict[int, list[ChainTask]] = {}
    for link in chain:
        minutes.setdefault(link.task.department_id, []).append(link)
    days = {one: sum(link.working_minutes / link.day_minutes for link in links) for one, links in minutes.items()}
    most = max(days.values(), default=0) or 1
    return [
        DepartmentShare(
            department=local(links[0].task.department.name),
            duration=working_time(sum(link.working_minutes for link in links), links[0].day_minutes),
            percent=round(_FULL * days[one] / most),
        )
        for one, links in minutes.items()
    ]


def _skipped(chain: Sequence[ChainTask], closed: Sequence[ClosedDay], zone: ZoneInfo) -> list[SkippedDay]:
    """Name the closed and half days in the time that a department of the chain works or waits for its turn."""
    names = {link.task.department_id: local(link.task.department.name) for link in chain}
    met = {(link.task.department_id, one) for link in chain for one in link.closed_dates}
    return [
        SkippedDay(
            on=one.on,
            name=local(one.name),
            what=_("closed") if one.opens_minute is None else _("half day"),
            whose=_("everybody") if one.department_id is None else names[one.department_id],
        )
        for one in closed
        if (_is_half_day_of(one, chain, zone) if one.opens_minute is not None else _is_met(one, met))
    ]


def _is_met(one: ClosedDay, met: set[tuple[int, date]]) -> bool:
    return any(on == one.on and one.department_id in {None, department_id} for department_id, on in met)


def _is_half_day_of(one: ClosedDay, chain: Sequence[ChainTask], zone: ZoneInfo) -> bool:
    return any(
        one.department_id in {None, link.task.department_id}
        and link.starts_at.astimezone(zone).date() <= one.on <= link.ends_at.astimezone(zone).date()
        for link in chain
    )


def _verdict(request: Request, zone: ZoneInfo) -> str:
    """Say what became of what was promised first."""
    closed, expected, latest = (
        moment.astimezone(zone).date()
        for moment in (request.closed_at or request.expected_at, request.first_expected_at, request.first_latest_at)
    )
    words: Mapping[str, str] = {"closed": day(closed), "expected": day(expected), "latest": day(latest)}
    if closed < expected:
        return _("We first expected %(expected)s. It was ready earlier: on %(closed)s.", **words)
    if closed == expected:
        return _("We first expected %(expected)s, and it was ready on that day.", **words)
    if closed <= latest:
        return _(
            "We first expected %(expected)s and promised %(latest)s at the latest. It was ready on %(closed)s, within our promise.", **words
        )
    return _(
        "We first expected %(expected)s and promised %(latest)s at the latest. It was ready on %(closed)s: we did not keep our promise.",
        **words,
    )
