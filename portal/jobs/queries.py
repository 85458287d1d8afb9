"""Reading how the portal runs, for the administrator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.core.queue import Job, JobState, count_jobs, list_quarantined
from portal.core.revision import newest_revision, revision_seen_by
from portal.notifications.models import DeliveryState
from portal.notifications.queries import count_deliveries


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """The state of this installation."""

    jobs: Mapping[JobState, int]
    deliveries: Mapping[DeliveryState, int]
    quarantined: Sequence[Job]
    revision: str
    is_newest: bool


def read_operations(session: Session) -> Operations:
    """Read the state of this installation."""
    revision = revision_seen_by(session.connection())
    return Operations(
        jobs=count_jobs(session),
        deliveries=count_deliveries(session),
        quarantined=list_quarantined(session),
        revision=revision or "-",
        is_newest=revision == newest_revision(),
    )
