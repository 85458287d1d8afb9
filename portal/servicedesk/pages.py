"""What the desk shows of a request, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.requests.approvals.labels import awaits_sentence
from portal.requests.clock_pages import is_response_late
from portal.requests.labels import REQUEST_STATES, TASK_STATES
from portal.requests.pages import REQUEST_TONES
from portal.requests.workflow import CLOSED_REQUESTS
from portal.servicedesk.labels import RISK_LABELS, RISK_TONES
from portal.servicedesk.queries import DeskRow
from portal.servicedesk.rules import risk_of
from portal.web.language import local


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLine:
    """One request; `sign` and `tone` tell the risk, or the state when it is closed; `turns` who is to move."""

    row: DeskRow
    sign: str
    tone: str
    turns: Sequence[tuple[str, str, str]]
    is_response_late: bool
    awaits: str | None


def desk_lines(rows: Sequence[DeskRow], *, now: datetime) -> list[DeskLine]:
    """Show requests with their risk and who holds the ball (department, task, state)."""
    return [_line(row, now) for row in rows]


def _line(row: DeskRow, now: datetime) -> DeskLine:
    risk = risk_of(expected_at=row.expected_at, latest_at=row.latest_at, first_latest_at=row.first_latest_at, now=now)
    is_closed = row.state in CLOSED_REQUESTS
    return DeskLine(
        row=row,
        sign=str(REQUEST_STATES[row.state] if is_closed else RISK_LABELS[risk]),
        tone=REQUEST_TONES[row.state] if is_closed else RISK_TONES[risk],
        is_response_late=not is_closed and is_response_late(due_at=row.response_due_at, responded_at=row.responded_at, now=now),
        awaits=awaits_sentence(row.awaits) if row.awaits else None,
        turns=[(local(ball.department), local(ball.task), str(TASK_STATES[ball.state])) for ball in row.balls],
    )
