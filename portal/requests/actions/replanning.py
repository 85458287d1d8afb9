"""What follows from every step: tasks released or cancelled, dates made again, the state derived, the request closed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.core.journal import SYSTEM, Actor, Event, Happened, record, record_all
from portal.planning.actions import RECENT, record_duration, record_pause
from portal.planning.plan import DependencyKind, Step, begin_from, worked_until
from portal.planning.queries import Calendars, load_calendars, load_paces
from portal.planning.worktime import Calendar, working_minutes_between
from portal.requests.actions.clocks import settle_legal_term
from portal.requests.approvals.actions import settle_approvals
from portal.requests.approving import ApprovalState
from portal.requests.costs import bill_of_request
from portal.requests.events import DatesChanged, RequestClosed, TaskCancelled, TaskEvent, TaskHeld, TaskReleased
from portal.requests.models import Request, Task
from portal.requests.planner import (
    PlanDates,
    approval_key,
    approval_step,
    begins_at,
    due_at,
    guards_of,
    is_guarded,
    latest_starts,
    needing,
    plan_dates,
    released,
    step_of,
    through_gone,
)
from portal.requests.promises.actions import cancel_open_promises, remake_next_moment
from portal.requests.queries import list_running
from portal.requests.workflow import CLOSED, CLOSED_REQUESTS, TaskState, TaskStep, check, derive_request_state

SIGNS_OF_A_PERSON: Final = frozenset(
    {
        "task_started",
        "task_suspended",
        "question_asked",
        "task_resumed",
        "task_extended",
        "task_finished",
        "task_refused",
    }
)
"""What only a person of a department does: the first of these ends the wait for an answer."""


def follow_through(
    *, session: Session, request: Request, cause: TaskEvent, by: Actor, at: datetime, zone: ZoneInfo, calendars: Calendars | None = None
) -> None:
    """Record `cause` and carry out all that follows from it in the plan of the request.

    `by` did it; `cause` names the task on which it was done. Call after the task itself was changed; `calendars` are
    those that the caller has already.
    """
    if cause.type in SIGNS_OF_A_PERSON:
        request.note_response(at=at)
    # What is recorded is written by that; writing half a plan before each thing that is read would take most of the time.
    with session.no_autoflush:
        known = calendars if calendars is not None else load_calendars(session, zone)
        happened = [Happened(cause, by)]
        if cause.type == "task_refused":
            happened += cancel_needing(request=request, refused_id=cause.task_id, by=by, at=at)
        happened += release_ready(request=request, calendars=known, at=at)
        happened += remake_dates(session=session, request=request, calendars=known, at=at, zone=zone, cause=cause, by=by)
        record_all(session, happened, stream=request.stream, at=at)
        settle_legal_term(request=request, at=at, zone=zone)
        settle_state(session=session, request=request, by=by, at=at)


def release_ready(*, request: Request, calendars: Calendars, at: datetime) -> Sequence[Happened]:
    """Let the tasks begin whose predecessors are all closed; gives what is to be recorded of it.

    One that has to wait for a moment of its own keeps that moment.
    """
    states = {task.id: task.state for task in request.tasks}
    after = {task.id: list(_after(task)) for task in request.tasks}
    by_id = {task.id: task for task in request.tasks}
    begun = []
    for task_id in released(states, after):
        if is_guarded(request.approvals, task_id):
            continue
        task = by_id[task_id]
        done = {str(one): by_id[one].finished_at or at for one in after[task_id]}
        task.not_before = begins_at(stored_step(task=task, calendars=calendars), done=done)
        if task.not_before is not None and task.not_before > at:
            continue
        make_ready(task=task, calendars=calendars, at=at)
        begun.append(Happened(event_on(kind=TaskReleased, task=task), SYSTEM))
    return begun


def make_ready(*, task: Task, calendars: Calendars, at: datetime) -> None:
    """Start the clock of a task: from now the department has it."""
    task.state = check(task.state, TaskStep.RELEASE)
    calendar = calendars[task.department_id]
    task.ready_at = at
    task.running_since = begin_from(calendar, at, cut_off=task.cut_off) if task.cut_off else at
    task.due_at = due_at(calendar=calendar, since=task.running_since, norm_minutes=task.allowed_minutes)
    task.version += 1


def hold_back(*, session: Session, request: Request, task: Task, at: datetime) -> None:
    """Let a task that could begin wait again; who took it keeps it."""
    task.state = check(task.state, TaskStep.HOLD)
    task.ready_at = task.running_since = None
    task.version += 1
    record(session, event_on(kind=TaskHeld, task=task), stream=request.stream, by=Actor(), at=at)


def remake_dates(
    *, session: Session, request: Request, calendars: Calendars, at: datetime, zone: ZoneInfo, cause: TaskEvent, by: Actor
) -> Sequence[Happened]:
    """Date all open tasks again; gives what is to be recorded when the expected or latest day of the request moved, and why."""
    forecast_waiting(session=session, request=request)
    plan = dates_of(request=request, calendars=calendars, at=at)
    begins = _latest_starts(request, calendars, plan, zone)
    for task in request.tasks:
        if task.state not in CLOSED:
            dates, task.latest_start_at = plan.tasks[str(task.id)], begins[str(task.id)]
            task.starts_at, task.expected_at, task.latest_at = dates.starts_at, dates.expected_at, dates.latest_at
            if task.state is TaskState.WAITING:
                task.due_at = due_at(calendar=calendars[task.department_id], since=dates.starts_at, norm_minutes=task.allowed_minutes)
    before = request.expected_at, request.latest_at
    request.expected_at, request.latest_at = plan.expected_at, plan.latest_at
    request.version += 1
    remake_next_moment(session=session, request=request, calendars=calendars, at=at)
    days = [moment.astimezone(zone).date() for moment in (*before, plan.expected_at, plan.latest_at)]
    is_over = all(task.state in CLOSED for task in request.tasks)
    has_moved = days[:2] != days[2:] and not is_over
    return [Happened(_dates_changed(before, plan, cause), by)] if has_moved else []


def forecast_waiting(*, session: Session, request: Request) -> None:
    """Give the tasks that have not begun what their blocks take lately; one that began keeps what was known then."""
    waiting = [task for task in request.tasks if task.state is TaskState.WAITING]
    paces = load_paces(session, [task.block_id for task in waiting]) if waiting else {}
    for task in waiting:
        pace = paces.get(task.block_id)
        if pace is not None and pace.ladder and pace.department_id == task.department_id:
            task.expected_minutes, task.ladder = pace.expected_minutes, pace.ladder
            task.latest_minutes = max(task.expected_minutes, pace.latest_minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """What a plan is supposed to have besides: steps and approvals that are new, and `changed` steps of tasks (by id)."""

    steps: Sequence[Step] = ()
    waits: Sequence[Step] = ()
    changed: Mapping[int, Step] = field(default_factory=dict)


def dates_of(
    *, request: Request, calendars: Calendars, at: datetime, without: Collection[int] = (), supposed: Supposed | None = None
) -> PlanDates:
    """Give the dates of the request as it stands at `at`, or as it would when the tasks `without` were cancelled then.

    What is `supposed` besides comes in as if it were there.
    """
    more = supposed or Supposed()
    stored = {task.id: stored_step(task=task, calendars=calendars, without=without) for task in request.tasks} | dict(more.changed)
    steps = [replace(step, finished_at=at, worked_minutes=0) if key in without else step for key, step in stored.items()]
    waits = [
        approval_step(one, calendar=calendars[one.department_id]) for one in request.approvals if one.state is not ApprovalState.LAPSED
    ]
    left_out = frozenset(str(task.id) for task in request.tasks if task.state in {TaskState.REFUSED, TaskState.CANCELLED})
    left_out |= {one.key for one in (*waits, *more.waits)} | {str(key) for key in without}
    return plan_dates([*waits, *more.waits, *steps, *more.steps], start=request.submitted_at, now=at, left_out=left_out)


def _latest_starts(request: Request, calendars: Calendars, plan: PlanDates, zone: ZoneInfo) -> Mapping[str, datetime]:
    """Give by when each open task must begin; approvals that are given and tasks that fell away hold nothing up."""
    steps = [stored_step(task=task, calendars=calendars) for task in request.tasks]
    steps += [approval_step(one, calendar=calendars[one.department_id]) for one in request.approvals]
    gone = {str(task.id) for task in request.tasks if task.state in {TaskState.REFUSED, TaskState.CANCELLED}}
    gone |= {approval_key(one.id) for one in request.approvals if one.state is ApprovalState.LAPSED}
    return latest_starts(steps, latest_at=plan.latest_at, wished_on=request.wished_on, zone=zone, left_out=frozenset(gone))


def stored_step(*, task: Task, calendars: Calendars, without: Collection[int] = ()) -> Step:
    """Describe a task with its predecessors and the approvals it waits for as the plan sees it.

    What left the plan is bridged, and so are the tasks (ids) `without` which it is supposed to be.
    """
    after = _after(task, without)
    guards = [approval_key(one.id) for one in guards_of(task.request.approvals, task.id)]
    return step_of(task, after=after, guards=guards, calendar=calendars[task.department_id])


def _after(task: Task, without: Collection[int] = ()) -> dict[int, int]:
    tasks = task.request.tasks
    gone = {one.id for one in tasks if one.state in {TaskState.REFUSED, TaskState.CANCELLED}} | set(without)
    return through_gone(task.id, {one.id: {row.after_id: row.lag_minutes for row in one.predecessors} for one in tasks}, gone)


def settle_state(*, session: Session, request: Request, by: Actor, at: datetime) -> None:
    """Derive the state and the costs of the request from its tasks, and close it when all of them are closed."""
    request.state = derive_request_state([task.state for task in request.tasks])
    request.cost_cents = bill_of_request(request).own.first_year
    settle_approvals(request=request, at=at)
    if request.state in CLOSED_REQUESTS and request.closed_at is None:
        request.closed_at = at
        event = RequestClosed(
            state=request.state,
            product=request.product_version.name.as_data(),
            promised_first=request.first_expected_at.isoformat(),
            closed_at=at.isoformat(),
        )
        record(session, event, stream=request.stream, by=by, at=at)
        cancel_open_promises(session=session, request=request, by=by, at=at)


def stop_clock(*, task: Task, calendars: Calendars, at: datetime) -> int:
    """Count what was worked on the task until now, in working minutes, and stop its clock."""
    step = step_of(task, after={}, calendar=calendars[task.department_id])
    task.worked_minutes = worked_until(step, at=at)
    task.running_since = None
    return task.worked_minutes


def learn_from(*, session: Session, task: Task, calendars: Calendars, at: datetime) -> None:
    """Keep how long a finished task took, for later forecasts; those under way tell how long it takes at the least."""
    calendar = calendars[task.department_id]
    # The task itself is not among those under way: it need not be written before they are read.
    with session.no_autoflush:
        record_duration(
            session=session,
            block_id=task.block_id,
            department_id=task.department_id,
            norm_minutes=task.norm_minutes,
            minutes=task.worked_minutes,
            latest_minutes=task.latest_minutes,
            running=[worked + _since(since, calendar, at) for worked, since in list_running(session, task=task, most=RECENT)],
            at=at,
        )


def _since(moment: datetime | None, calendar: Calendar, at: datetime) -> int:
    return 0 if moment is None else max(0, working_minutes_between(calendar=calendar, start=moment, end=at))


def learn_pause(*, session: Session, task: Task, calendar: Calendar, at: datetime) -> None:
    """Keep how long the suspension took that ends now, for later forecasts."""
    if task.suspended_at is not None and task.suspend_reason is not None:
        minutes = max(0, working_minutes_between(calendar=calendar, start=task.suspended_at, end=at))
        record_pause(session=session, department_id=task.department_id, reason=task.suspend_reason, minutes=minutes, at=at)
    task.pause_ladder = None


def event_on(*, kind: type[TaskEvent], task: Task, **more: str | int) -> TaskEvent:
    """Make an event of this kind about a task."""
    return kind(task_id=task.id, name=task.name.as_data(), department=task.department.name.as_data(), **more)  # type: ignore[arg-type]


def close_task(*, task: Task, step: TaskStep, at: datetime) -> None:
    """Close a task: its clock stands still for ever."""
    task.state = check(task.state, step)
    task.finished_at = at
    task.expected_at = task.latest_at = at
    task.running_since = task.suspended_at = task.suspend_reason = task.remind_at = None
    task.version += 1


def cancel_needing(*, request: Request, refused_id: int, by: Actor, at: datetime) -> Sequence[Happened]:
    """Cancel the tasks that cannot be done without the result of a refused one; gives what is to be recorded of it."""
    needs = {task.id: _needed(task) for task in request.tasks}
    needing_it = needing(refused_id, needs)
    lost = [task for task in request.tasks if task.id in needing_it and task.state not in CLOSED]
    for task in lost:
        close_task(task=task, step=TaskStep.CANCEL, at=at)
    return [Happened(event_on(kind=TaskCancelled, task=task), by) for task in lost]


def _needed(task: Task) -> Sequence[int]:
    return [one.after_id for one in task.predecessors if one.kind is DependencyKind.NEEDS]


def _dates_changed(before: tuple[datetime, datetime], plan: PlanDates, cause: TaskEvent) -> Event:
    return DatesChanged(
        old_expected_at=before[0].isoformat(),
        new_expected_at=plan.expected_at.isoformat(),
        old_latest_at=before[1].isoformat(),
        new_latest_at=plan.latest_at.isoformat(),
        cause=cause.type,
        name=cause.name,
        department=cause.department,
    )
