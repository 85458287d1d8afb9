"""A change of a request that runs, as somebody asks for it: of which request, by whom, when, and of which version they saw it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.core.errors import ConflictError, ForbiddenError
from portal.core.journal import Actor
from portal.people.models import Person
from portal.requests.models import Request
from portal.requests.policy import may_cancel_request


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What every change of a request needs; `version` is that of the request as it was shown."""

    request: Request
    person: Person
    by: Actor
    at: datetime
    zone: ZoneInfo
    version: int


def check_change(*, change: Change) -> None:
    """Check that the person may change the request, and saw it as it is.

    :raises ForbiddenError: the person may not change this request, or it is closed.
    :raises ConflictError: it changed since it was shown.
    """
    if not may_cancel_request(change.person, change.request):
        raise ForbiddenError
    if change.version != change.request.version:
        raise ConflictError("stale_version")
