"""ONE table of what the worker does: kind of job -> how, and what runs by the clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from portal.core.journal import DISPATCH
from portal.hours.actions import REPLAN
from portal.jobs import work
from portal.notifications.actions import SEND_MAIL
from portal.simulating.actions import SIMULATE


@dataclass(frozen=True, slots=True)
class Handler:
    """How one kind of job is done.

    `change` runs in the transaction that finishes the job. A job that reaches outside (a mail server) also has
    `prepare`, which reads what it needs and gives the errand; the errand runs before `change`, in no transaction
    at all, so that a slow server holds no lock. A job with much to work out does that in `reckon`, which only reads;
    what it gives is added to the payload of `change`. `give_up` runs when the job goes in quarantine.
    """

    change: Callable[[Session, work.Payload, datetime], None]
    prepare: Callable[[Session, work.Payload], Callable[[], None] | None] | None = None
    reckon: Callable[[Session, work.Payload], work.Payload] | None = None
    give_up: Callable[[Session, work.Payload], None] | None = None


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A kind of job that is queued once in every period."""

    kind: str
    every: timedelta

    def slot(self, at: datetime) -> int:
        """Give the number of the period in which a moment lies."""
        return int(at.timestamp() // self.every.total_seconds())


HANDLERS: Final[Mapping[str, Handler]] = {
    DISPATCH: Handler(work.dispatch_event),
    SEND_MAIL: Handler(work.keep_sent, prepare=work.prepare_mail, give_up=work.keep_failed),
    "release_jobs": Handler(work.release_jobs),
    "queue_mail": Handler(work.queue_mail),
    "remake_dates": Handler(work.remake_dates),
    "release_tasks": Handler(work.release_tasks),
    "watch_promises": Handler(work.watch_promises),
    "remind_of_approvals": Handler(work.remind_of_approvals),
    "publish_versions": Handler(work.publish_versions),
    REPLAN: Handler(work.replan_for_calendar),
    SIMULATE: Handler(work.keep_replayed, reckon=work.replay_requests, give_up=work.keep_simulation_failed),
    "count_use": Handler(work.count_use_per_department),
    "count_figures": Handler(work.count_figures_of_products),
    "clean_up": Handler(work.clean_up),
}

SCHEDULE: Final = (
    Scheduled("release_jobs", timedelta(minutes=1)),
    Scheduled("queue_mail", timedelta(minutes=1)),
    Scheduled("remake_dates", timedelta(minutes=5)),
    Scheduled("release_tasks", timedelta(minutes=1)),
    Scheduled("watch_promises", timedelta(minutes=1)),
    Scheduled("remind_of_approvals", timedelta(minutes=5)),
    Scheduled("publish_versions", timedelta(minutes=1)),
    Scheduled("count_use", timedelta(hours=6)),
    Scheduled("count_figures", timedelta(hours=6)),
    Scheduled("clean_up", timedelta(hours=1)),
)

OUTSIDE: Final = frozenset(kind for kind, handler in HANDLERS.items() if handler.prepare)
INSIDE: Final = frozenset(HANDLERS) - OUTSIDE
