"""The clocks of a request in words: the first answer and the legal term, each by its own name beside the dates."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.requests.models import Request
from portal.web.filters import day, moment
from portal.web.words import _


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock: what it is of, where it stands, and a word about how it came to be; `is_late` when it ran out."""

    title: str
    words: str
    note: str = ""
    is_late: bool = False


def clock_lines(request: Request, *, now: datetime, zone: ZoneInfo) -> list[ClockLine]:
    """Tell the clocks that the request has; a closed request shows only when it was answered first."""
    lines = [_response(request, request.response_due_at, now)] if request.response_due_at else []
    if request.legal_due_on and not request.closed_at:
        lines.append(_legal(request, request.legal_due_on, now.astimezone(zone).date()))
    return [line for line in lines if line is not None]


def is_response_late(*, due_at: datetime | None, responded_at: datetime | None, now: datetime) -> bool:
    """Tell whether nobody gave a sign though the norm for it has passed."""
    return due_at is not None and responded_at is None and due_at < now


def response_word(*, due_at: datetime | None, responded_at: datetime | None, now: datetime) -> str | None:
    """Say in a list by when the first answer must be there; nothing when it was given or not agreed."""
    if due_at is None or responded_at is not None or due_at < now:
        return None
    return _("first answer by %(moment)s", moment=moment(due_at))


def _response(request: Request, due_at: datetime, now: datetime) -> ClockLine | None:
    given = request.responded_at
    if given is not None:
        is_late = given > due_at
        words: Callable[..., str] = _given_late if is_late else _given
        return ClockLine(_("First answer"), words(moment(given)), is_late=is_late)
    if request.closed_at:
        return None
    if due_at < now:
        return ClockLine(_("First answer"), _("not given yet, it had to be there on %(moment)s", moment=moment(due_at)), is_late=True)
    return ClockLine(_("First answer"), _("by %(moment)s at the latest", moment=moment(due_at)))


def _legal(request: Request, due_on: date, today: date) -> ClockLine:
    note = _("%(days)s calendar days by law or rule", days=request.legal_days or 0)
    if request.legal_moved_days:
        note = f"{note}, {_('moved by %(days)s days', days=request.legal_moved_days)}"
    if request.legal_stopped_on is not None:
        return ClockLine(
            _("Legal term"), _("stands still since %(day)s, until the answer to our question", day=day(request.legal_stopped_on)), note
        )
    if due_on < today:
        return ClockLine(_("Legal term"), _("passed on %(day)s", day=day(due_on)), note, is_late=True)
    return ClockLine(_("Legal term"), _("until %(day)s at the latest", day=day(due_on)), note)


def _given(when: str) -> str:
    return _("given on %(moment)s", moment=when)


def _given_late(when: str) -> str:
    return _("given on %(moment)s, later than our norm", moment=when)
