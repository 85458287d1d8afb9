"""What each job does. A job is at most ten lines: it calls actions and queries of the features."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from portal.catalog.drafting import publish_due
from portal.core.idempotency import delete_form_keys
from portal.core.journal import get_entry
from portal.core.queue import delete_finished, release_expired
from portal.core.throttle import delete_expired
from portal.hours.actions import replan_chunk
from portal.notifications.actions import mark_failed, mark_sent, queue_waiting_mail
from portal.notifications.letters import write_letter
from portal.notifications.queries import find_letter
from portal.notifications.smtp import send
from portal.requests.actions.approval import remind_approvers, reroute_left
from portal.requests.actions.beginning import release_due
from portal.requests.actions.figures import count_figures
from portal.requests.actions.overdue import remake_overdue
from portal.requests.attachments.actions import delete_unused
from portal.requests.ordering.actions.files import forget_left_over
from portal.requests.promises.actions import break_passed, look_again, remind_customers, remind_keepers
from portal.search.actions import count_use, delete_missed_searches
from portal.simulating.actions import delete_simulations, fail_simulation, keep_chunk
from portal.simulating.queries import draft_of, find_running
from portal.simulating.stage import Period, replay_chunk, set_stage
from portal.subscriptions import SUBSCRIPTIONS, mail_route
from portal.web.application import this_app

Payload = Mapping[str, Any]
KEEP_FINISHED: Final = timedelta(days=2)
KEEP_FORM_KEYS: Final = timedelta(days=7)
KEEP_MISSED_SEARCHES: Final = timedelta(days=180)
KEEP_UPLOADS: Final = timedelta(days=60)
KEEP_CONTENTS: Final = timedelta(days=1)
KEEP_SIMULATIONS: Final = timedelta(days=90)


def dispatch_event(session: Session, payload: Payload, at: datetime) -> None:
    """Run what is subscribed to an event."""
    entry = get_entry(session, payload["entry"])
    for handler in SUBSCRIPTIONS.get(entry.type, ()):
        handler(session, entry, at)


def prepare_mail(session: Session, payload: Payload) -> Callable[[], None] | None:
    """Write a mail; what comes back hands it to the mail server. None: it was sent before."""
    letter = find_letter(session, payload["delivery"], zone=this_app().settings.tz)
    if letter is None:
        return None
    settings = this_app().settings
    message = write_letter(this_app(), letter)
    return lambda: send(message, settings=settings)


def keep_sent(session: Session, payload: Payload, at: datetime) -> None:
    """Keep that the mail was sent."""
    mark_sent(session=session, delivery_id=payload["delivery"], at=at)


def keep_failed(session: Session, payload: Payload) -> None:
    """Keep that a mail was given up."""
    mark_failed(session=session, delivery_id=payload["delivery"])


def release_jobs(session: Session, _payload: Payload, at: datetime) -> None:
    """Give back the jobs of workers that died."""
    release_expired(session, at=at)


def queue_mail(session: Session, _payload: Payload, at: datetime) -> None:
    """Send the mails that waited, once there is a mail server."""
    if mail_route().is_open:
        queue_waiting_mail(session=session, at=at)


def remake_dates(session: Session, _payload: Payload, at: datetime) -> None:
    """Make the dates again that have passed while nothing happened."""
    remake_overdue(session=session, at=at, zone=this_app().settings.tz)


def release_tasks(session: Session, _payload: Payload, at: datetime) -> None:
    """Let the tasks begin that only waited for their own moment."""
    release_due(session=session, at=at, zone=this_app().settings.tz)


def replan_for_calendar(session: Session, payload: Payload, at: datetime) -> None:
    """Plan the next open requests again after the calendars changed."""
    replan_chunk(session=session, run_id=payload["run"], at=at, zone=this_app().settings.tz)


def watch_promises(session: Session, _payload: Payload, at: datetime) -> None:
    """Remind of what comes due, mark the promises that passed as broken, and look again at what waits for an answer."""
    remind_keepers(session=session, at=at)
    break_passed(session=session, at=at, zone=this_app().settings.tz)
    remind_customers(session=session, at=at, zone=this_app().settings.tz)
    look_again(session=session, at=at, zone=this_app().settings.tz)


def remind_of_approvals(session: Session, _payload: Payload, at: datetime) -> None:
    """Remind who did not approve or refuse yet, and ask somebody else instead of who left or has the role no more."""
    reroute_left(session=session, at=at, zone=this_app().settings.tz)
    remind_approvers(session=session, at=at, zone=this_app().settings.tz)


def publish_versions(session: Session, _payload: Payload, at: datetime) -> None:
    """Let the versions of the catalogue come out whose day is there."""
    publish_due(session=session, at=at)


def replay_requests(session: Session, payload: Payload) -> Payload:
    """Replay the next requests of a simulation; nothing when it was stopped."""
    simulation = find_running(session, payload["simulation"])
    if simulation is None:
        return {"chunk": None}
    period = Period(simulation.since, simulation.until, this_app().settings.tz)
    return {"chunk": replay_chunk(session, set_stage(session, draft_of(simulation), period), after=payload["after"]), "period": period}


def keep_replayed(session: Session, payload: Payload, at: datetime) -> None:
    """Keep what was replayed of a simulation."""
    if payload["chunk"] is not None:
        chunk, period, after = payload["chunk"], payload["period"], payload["after"]
        keep_chunk(session=session, simulation_id=payload["simulation"], after=after, chunk=chunk, period=period, at=at)


def keep_simulation_failed(session: Session, payload: Payload) -> None:
    """Keep that a simulation was given up."""
    fail_simulation(session=session, simulation_id=payload["simulation"])


def count_use_per_department(session: Session, _payload: Payload, at: datetime) -> None:
    """Count what each department asks most, by which the search ranks what matches equally well."""
    count_use(session=session, at=at)


def count_figures_of_products(session: Session, _payload: Payload, at: datetime) -> None:
    """Count what the requests for each product came to, and what is asked beside what."""
    count_figures(session=session, at=at)


def clean_up(session: Session, _payload: Payload, at: datetime) -> None:
    """Forget what has served its time: finished jobs, passed rate limits, used form keys, old searches, simulations and files."""
    delete_finished(session, before=at - KEEP_FINISHED)
    delete_expired(session, at=at)
    delete_form_keys(session, before=at - KEEP_FORM_KEYS)
    delete_missed_searches(session=session, before=(at - KEEP_MISSED_SEARCHES).date())
    delete_simulations(session=session, before=at - KEEP_SIMULATIONS)
    forget_left_over(session=session, before=at - KEEP_UPLOADS)
    delete_unused(session=session, before=at - KEEP_CONTENTS)
