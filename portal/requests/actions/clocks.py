"""The clocks of a request beside the norm of its tasks: the legal term, and the first sign of a person."""

from datetime import datetime
from zoneinfo import ZoneInfo

from portal.catalog.definition import ProductDefinition
from portal.planning.legal_term import legal_due_on
from portal.planning.norm import norm_minutes
from portal.planning.queries import Calendars
from portal.planning.worktime import add_working_time
from portal.requests.models import Request
from portal.requests.workflow import SuspendReason, TaskState


def start_clocks(*, request: Request, definition: ProductDefinition, calendars: Calendars, at: datetime, zone: ZoneInfo) -> None:
    """Start the legal term and the time for a first answer, as far as the product has them."""
    if definition.legal_days is not None:
        request.legal_days, request.legal_moved_days = definition.legal_days, 0
        _renew_legal_due(request, submitted_at=at, zone=zone)
    if definition.response is not None:
        calendar = calendars[request.owner_id]
        minutes = norm_minutes(definition.response, calendar)
        request.response_due_at = add_working_time(calendar=calendar, start=at, minutes=minutes)


def settle_legal_term(*, request: Request, at: datetime, zone: ZoneInfo) -> None:
    """Let the legal term stand still as long as something is asked of the customer (Awb 4:15); a day counts once."""
    if request.legal_days is None:
        return
    today = at.astimezone(zone).date()
    if _waits_for_customer(request):
        request.legal_stopped_on = request.legal_stopped_on or today
    elif request.legal_stopped_on is not None:
        move_legal_term(request=request, days=(today - request.legal_stopped_on).days, zone=zone)
        request.legal_stopped_on = None


def move_legal_term(*, request: Request, days: int, zone: ZoneInfo) -> None:
    """Give the legal term so many calendar days more."""
    if request.legal_days is not None:
        request.legal_moved_days += days
        _renew_legal_due(request, submitted_at=request.submitted_at, zone=zone)


def _waits_for_customer(request: Request) -> bool:
    return any(task.state is TaskState.SUSPENDED and task.suspend_reason is SuspendReason.CUSTOMER for task in request.tasks)


def _renew_legal_due(request: Request, *, submitted_at: datetime, zone: ZoneInfo) -> None:
    begins_on = submitted_at.astimezone(zone).date()
    request.legal_due_on = legal_due_on(begins_on=begins_on, days=request.legal_days or 0, moved_days=request.legal_moved_days)
