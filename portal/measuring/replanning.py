"""How long it takes to plan again after an event: a task is finished, its duration learnt, and all that follows dated."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from statistics import quantiles
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.journal import SYSTEM
from portal.planning.queries import load_calendars
from portal.requests.actions.replanning import close_task, event_on, follow_through, learn_from, stop_clock
from portal.requests.events import TaskFinished
from portal.requests.models import Request, Task
from portal.requests.queries import get_request_for_change
from portal.requests.workflow import TaskState, TaskStep
from portal.seeding.load.making import make_load
from portal.seeding.loading import Circumstances

EVENTS: Final = 200
FEWEST: Final = 50
LATELY: Final = timedelta(days=7)
"""Of the requests of so long ago most are still open."""

Unit = Callable[[], AbstractContextManager[Session]]


def open_more(session: Session, *, amount: int, circumstances: Circumstances) -> int:
    """Make requests until at least `amount` are open; gives how many are."""
    while (still_open := _count_open(session)) < amount:
        missing = max(amount - still_open, FEWEST)
        make_load(session=session, amount=missing, random_seed=still_open, circumstances=circumstances, period=LATELY)
    return still_open


def measure_replanning(writing: Unit, *, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """Finish a task of each of some open requests, each in its own transaction; milliseconds without loading and committing."""
    with writing() as session:
        still_open = _count_open(session)
        under_way = select(Task.request_id).where(Task.state.in_([TaskState.READY, TaskState.IN_PROGRESS])).distinct()
        chosen = session.scalars(under_way.order_by(Task.request_id).limit(EVENTS)).all()
    taken = []
    for request_id in chosen:
        with writing() as session:
            request = get_request_for_change(session, request_id)
            begun = time.perf_counter()
            _finish_one(session, request, zone=zone, at=now)
            session.flush()
            taken.append(1_000 * (time.perf_counter() - begun))
    cuts = quantiles(taken, n=20, method="inclusive")
    return {"events": len(taken), "open_requests": still_open, "p50_ms": cuts[9], "p95_ms": cuts[18]}


def _count_open(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(Request).where(Request.closed_at.is_(None))).one()


def _finish_one(session: Session, request: Request, *, zone: ZoneInfo, at: datetime) -> None:
    task = next(one for one in request.tasks if one.state in {TaskState.READY, TaskState.IN_PROGRESS})
    calendars = load_calendars(session, zone)
    stop_clock(task=task, calendars=calendars, at=at)
    close_task(task=task, step=TaskStep.FINISH, at=at)
    learn_from(session=session, task=task, calendars=calendars, at=at)
    cause = event_on(kind=TaskFinished, task=task)
    follow_through(session=session, request=request, cause=cause, by=SYSTEM, at=at, zone=zone, calendars=calendars)
