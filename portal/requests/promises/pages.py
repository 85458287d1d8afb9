"""What pages show of promises: to the requester in a sentence, to colleagues as a list, a page and figures."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlalchemy.orm import Session

from portal.core.paging import Page
from portal.people.models import Department, Person
from portal.people.queries import list_departments
from portal.planning.queries import load_calendars
from portal.planning.worktime import is_open
from portal.requests.models import Request
from portal.requests.promises.labels import CHANNELS, PROMISE_STATES, PROMISE_TONES, promise_sentence, when
from portal.requests.promises.models import Promise
from portal.requests.promises.policy import DESK_ROLES, may_settle_promise, teams_of
from portal.requests.promises.queries import (
    MonthCount,
    PromiseFilter,
    PromiseTab,
    count_per_month,
    count_promises,
    list_left_behind,
    list_possible_keepers,
    page_of_promises,
)
from portal.requests.promises.reckoning import share_kept
from portal.requests.promises.workflow import PromiseState, may_still_move
from portal.web.language import current_language, local
from portal.web.words import _

MINE: Final = "mine"
ALL: Final = "all"
MONTHS: Final = 12
_MONTH: Final = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPromise:
    """A promise as the requester reads it; `what` is None where no free text is shown."""

    sentence: str
    what: str | None
    is_broken: bool
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """A choice of who keeps a promise: a person, or with None everybody of the department."""

    value: str
    label: str
    person: Person | None
    department_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLine:
    """One promise in a list of colleagues."""

    promise: Promise
    sentence: str
    channel: str
    state: str
    tone: str
    who: str
    is_passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseList:
    """Promises under one tab: one's own, those of a department, or all."""

    whose: str
    tab: PromiseTab
    month: str | None
    month_name: str | None
    choices: Sequence[tuple[str, str]]
    lines: Sequence[PromiseLine]
    counts: Mapping[PromiseTab, int]
    page: Page[Promise]
    left_behind: Sequence[Request]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRow:
    """The promises of one month; `share` is a percentage, None when there are too few to show anything."""

    month: str
    name: str
    count: MonthCount
    share: int | None


def shown_promises(promises: Sequence[Promise], *, with_text: bool) -> list[ShownPromise]:
    """Say what we promised; without text (for the public) no words that somebody typed."""
    return [
        ShownPromise(
            sentence=promise_sentence(one.channel, one.due_at),
            what=one.what if with_text else None,
            is_broken=one.state is PromiseState.BROKEN,
            id=one.id,
        )
        for one in promises
    ]


def possible_keepers(session: Session, request: Request, person: Person, *, task_id: int | None) -> list[Keeper]:
    """List who may keep a promise about a request: oneself first, then the departments that work on it, then colleagues."""
    names = {one.id: local(one.name) for one in list_departments(session)}
    own, working = teams_of(person), {task.department_id for task in request.tasks}
    departments = sorted((own | working) & names.keys(), key=lambda one: (one not in own, names[one]))
    asked_from = next((task.department_id for task in request.tasks if task.id == task_id), None)
    home = asked_from if asked_from in own else departments[0]
    myself = Keeper(value="me", label=_("Myself"), person=person, department_id=home)
    everybody = [
        Keeper(value=f"department:{one}", label=_("Anybody of %(department)s", department=names[one]), person=None, department_id=one)
        for one in departments
    ]
    colleagues = [
        Keeper(value=f"person:{one.id}", label=one.name, person=one, department_id=_department_of(one, departments))
        for one in list_possible_keepers(session, departments)
        if one.id != person.id
    ]
    return [myself, *everybody, *colleagues]


def is_closed_then(session: Session, *, department_id: int, at: datetime, zone: ZoneInfo) -> bool:
    """Tell whether the department is closed at a moment."""
    calendar = load_calendars(session, zone).get(department_id)
    return calendar is None or not is_open(calendar=calendar, at=at)


def promise_line(promise: Promise, *, now: datetime) -> PromiseLine:
    """Show a promise to colleagues."""
    return PromiseLine(
        promise=promise,
        sentence=promise_sentence(promise.channel, promise.due_at),
        channel=str(CHANNELS[promise.channel]),
        state=str(PROMISE_STATES[promise.state]),
        tone=PROMISE_TONES[promise.state],
        who=promise.keeper.name if promise.keeper else local(promise.department.name),
        is_passed=promise.state is PromiseState.OPEN and promise.due_at <= now,
    )


def promise_list(session: Session, person: Person, asked: Mapping[str, str], *, now: datetime) -> PromiseList:
    """Load the promises that an address asks for; what it may not ask for, it does not get."""
    teams = {one.code: one for one in readable_teams(session, person)}
    whose = asked.get("whose", MINE)
    whose = whose if whose in teams or whose == MINE or (whose == ALL and person.roles & DESK_ROLES) else MINE
    tab = PromiseTab(asked["tab"]) if asked.get("tab") in list(PromiseTab) else PromiseTab.DUE
    month = asked.get("month") if _MONTH.fullmatch(asked.get("month", "")) else None
    filters = {one: _filter(person, teams.get(whose), whose, one, month) for one in PromiseTab}
    found = page_of_promises(session, filters[tab], after=asked.get("after"))
    is_steering = whose == ALL and tab is PromiseTab.DUE and found.is_first
    return PromiseList(
        whose=whose,
        tab=tab,
        month=month,
        month_name=month_name(month) if month else None,
        choices=_choices(person, list(teams.values())),
        lines=[promise_line(one, now=now) for one in found.rows],
        counts={one: count_promises(session, filters[one]) for one in (PromiseTab.DUE, PromiseTab.BROKEN)},
        page=found,
        left_behind=list_left_behind(session, at=now) if is_steering else (),
    )


def readable_teams(session: Session, person: Person) -> Sequence[Department]:
    """List the departments whose figures the person reads, the own ones first; who steers reads all."""
    own, sees_all = teams_of(person), bool(person.roles & DESK_ROLES)
    seen = [one for one in list_departments(session) if sees_all or one.id in own]
    return sorted(seen, key=lambda one: one.id not in own)


def month_rows(
    session: Session, *, now: datetime, zone: ZoneInfo, department_id: int | None = None, keeper_id: int | None = None
) -> list[MonthRow]:
    """Count what became of the promises of a team or a person in the last twelve months, the latest first."""
    first = now.astimezone(zone).date().replace(day=1)
    months = [f"{month:%Y-%m}" for month in _months_back(first)]
    counts = count_per_month(session, since=months[-1], department_id=department_id, keeper_id=keeper_id)
    return [_month_row(counts[month]) for month in months if month in counts]


def may_be_moved(promise: Promise, person: Person, *, now: datetime) -> bool:
    """Tell whether the person may give the promise another moment now."""
    is_in_time = promise.state is PromiseState.OPEN and may_still_move(due_at=promise.due_at, at=now)
    return is_in_time and may_settle_promise(person, promise)


def conflict_sentence(reason: str) -> str:
    """Say why it could not be done any more."""
    if reason == "promise_came":
        return _("The moment of this promise has come, so it cannot be moved any more. Keep it, or promise something new afterwards.")
    return _("Somebody else changed this promise just before you. You see it as it is now; nothing was saved.")


def first_moment(promise: Promise) -> str | None:
    """Write the moment that was promised first, when it is another one than now."""
    return when(promise.first_due_at) if promise.moves else None


def month_name(month: str) -> str:
    """Write a month (`2026-11`) in words."""
    return format_date(date.fromisoformat(f"{month}-01"), "MMMM y", locale=current_language())


def _choices(person: Person, teams: Sequence[Department]) -> list[tuple[str, str]]:
    own = teams_of(person)
    everybody = [(ALL, _("All departments"))] if person.roles & DESK_ROLES else []
    return [(MINE, _("Mine")), *((one.code, local(one.name)) for one in teams if one.id in own), *everybody]


def _filter(person: Person, team: Department | None, whose: str, tab: PromiseTab, month: str | None) -> PromiseFilter:
    """Make the filter of a list; the rows behind somebody's own figures are those of that person only."""
    if whose == MINE:
        shared = frozenset[int]() if month else teams_of(person)
        return PromiseFilter(tab=tab, month=month, keeper_id=person.id, shared_ids=shared)
    return PromiseFilter(tab=tab, month=month, department_ids=frozenset({team.id}) if team else None)


def _department_of(person: Person, departments: Sequence[int]) -> int:
    return next((one for one in departments if one == person.department_id), departments[0])


def _months_back(first: date) -> list[date]:
    months = [first]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months


def _month_row(count: MonthCount) -> MonthRow:
    return MonthRow(month=count.month, name=month_name(count.month), count=count, share=share_kept(kept=count.kept, broken=count.broken))
