"""New lines in the plan of a request that runs: the dates they would give it, taking their place in it, and their approvals."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from portal.people.models import Department
from portal.planning.norm import norm_minutes
from portal.planning.plan import Step
from portal.requests.actions.replanning import Supposed, dates_of, hold_back, stored_step
from portal.requests.approvals.actions import Guarded, ask_approvals
from portal.requests.changing.actions.revising import Revision, Stand
from portal.requests.changing.joining import place_of
from portal.requests.fanout import PlannedTask
from portal.requests.models import Task, TaskDependency
from portal.requests.ordering.actions.making import task_values
from portal.requests.ordering.preview import DatedTask, dated_task, step_of_dated, wait_steps
from portal.requests.planner import PlanDates, approval_key, guards_of
from portal.requests.queries import load_approvals_of
from portal.requests.workflow import TaskState


def dates_with(*, stand: Stand, found: Revision) -> PlanDates:
    """Give the dates of a request with these lines added to it; a new task is named by its block (`key_of`)."""
    waits = waits_of(stand=stand, found=found)
    steps = [_named(stand, found, waits, _step(stand, found, dated)) for dated in dated_lines(stand=stand, found=found)]
    changed = {stand.tasks[one.block].id: _after_new(stand, one) for one in found.joined.followers}
    supposed = Supposed(steps=steps, waits=waits, changed=changed)
    return dates_of(request=stand.request, calendars=stand.calendars, at=stand.at, without=stand.leaving, supposed=supposed)


def waits_of(*, stand: Stand, found: Revision) -> Sequence[Step]:
    """Describe the approvals that are asked for the new lines as the plan sees them, in their order."""
    steps = wait_steps(found.approvals, stand.calendars[stand.request.owner_id], lately=stand.lately)
    return [replace(step, key=f"asked:{number}", started_at=stand.at, resumed_at=stand.at) for number, step in enumerate(steps)]


def key_of(*, stand: Stand, block: str) -> str:
    """Name the task of a block in the plan: by its id when it is there, else by its block."""
    return str(stand.tasks[block].id) if block in stand.standing and not stand.standing[block].is_gone else f"new:{block}"


def dated_lines(*, stand: Stand, found: Revision) -> Sequence[DatedTask]:
    """Give the new tasks their durations, predecessors first."""
    return [dated_task(one, stand.versions[one.block], stand.paces, stand.calendars) for one in found.joined.tasks]


def store_lines(*, session: Session, stand: Stand, found: Revision) -> Mapping[str, Task]:
    """Store the new tasks with their order, waiting; gives them by block, predecessors first."""
    dates = dates_with(stand=stand, found=found)
    made = {}
    for dated in dated_lines(stand=stand, found=found):
        block = dated.planned.block
        planned = dates.tasks[key_of(stand=stand, block=block)]
        values = task_values(
            dated=dated,
            block=stand.blocks[block],
            step=_step(stand, found, dated),
            dates=planned,
            latest_start=planned.starts_at,
            price=found.prices[block],
            at=stand.at,
            is_ready=False,
        )
        made[block] = Task(request_id=stand.request.id, position=0, **values)
    _place(stand, found, made)
    session.add_all(made.values())
    session.flush()
    for block, task in made.items():
        for name, value in (("request", stand.request), ("department", stand.versions[block].department), ("predecessors", [])):
            set_committed_value(task, name, value)
    tasks = {**stand.tasks, **made}
    for planned_task in (*found.joined.tasks, *found.joined.followers):
        _put_after(session, stand, tasks, planned_task)
    session.flush()
    return made


def ask_for_lines(*, session: Session, stand: Stand, found: Revision, made: Mapping[str, Task]) -> None:
    """Ask the approvals that the new lines need."""
    if not found.approvals:
        return
    guarded = Guarded(
        owner=session.get_one(Department, stand.request.owner_id),
        names={block: task.name for block, task in made.items()},
        task_ids={block: task.id for block, task in made.items()},
        calendar=stand.calendars[stand.request.owner_id],
    )
    ask_approvals(session=session, request=stand.request, needed=found.approvals, guarded=guarded, at=stand.at)
    load_approvals_of(session, [stand.request])


def _place(stand: Stand, found: Revision, made: Mapping[str, Task]) -> None:
    """Give the new tasks their place among the others: straight before what comes after them."""
    blocks = {task.id: block for block, task in stand.tasks.items()}
    order = [(blocks.get(task.id, ""), task) for task in stand.request.tasks]
    last = len(order)
    for one in reversed(found.joined.tasks):
        place = place_of(one.block, order=[block for block, _task in order], joined=found.joined, last=last)
        order.insert(place, (one.block, made[one.block]))
        last += place < last
    for position, (_block, task) in enumerate(order, start=1):
        task.position = position
    set_committed_value(stand.request, "tasks", [task for _block, task in order])


def _put_after(session: Session, stand: Stand, tasks: Mapping[str, Task], planned: PlannedTask) -> None:
    """Let a task come after what the plan says; what left the plan stays behind it as it was."""
    task, calendar = tasks[planned.block], stand.calendars[tasks[planned.block].department_id]
    in_plan = {one.id for block, one in tasks.items() if one.state not in {TaskState.REFUSED, TaskState.CANCELLED}}
    wanted = {tasks[block].id: (block, kind) for block, kind in planned.after}
    kept = []
    for row in task.predecessors:
        if row.after_id in wanted or row.after_id not in in_plan:
            kept.append(row)
        else:
            session.delete(row)
    there = {row.after_id for row in kept}
    for after_id, (block, kind) in wanted.items():
        if after_id not in there:
            lag = norm_minutes(planned.offsets[block], calendar) if block in planned.offsets else 0
            kept.append(TaskDependency(task_id=task.id, after_id=after_id, kind=kind, lag_minutes=lag))
    session.add_all(kept)
    set_committed_value(task, "predecessors", kept)
    if task.state is TaskState.READY:
        hold_back(session=session, request=stand.request, task=task, at=stand.at)


def _step(stand: Stand, found: Revision, dated: DatedTask) -> Step:
    """Describe a new task as the plan sees it; what begins so long after submitting counts from the day the request was sent."""
    return step_of_dated(dated, stand.calendars, at=stand.request.submitted_at, wished_on=found.wished_on)


def _named(stand: Stand, found: Revision, waits: Sequence[Step], step: Step) -> Step:
    """Name a new task and what comes before it as the plan of the request does, with the approvals that it waits for."""
    block = step.key
    guards = [wait.key for one, wait in zip(found.approvals, waits, strict=True) if one.guards(block)]
    guards += [approval_key(one.id) for one in guards_of(stand.request.approvals, 0)]
    after = (key_of(stand=stand, block=one) for one in step.after)
    lags = {key_of(stand=stand, block=one): minutes for one, minutes in step.lags.items()}
    return replace(step, key=key_of(stand=stand, block=block), after=(*guards, *after), lags=lags)


def _after_new(stand: Stand, planned: PlannedTask) -> Step:
    """Describe a task that is there as the plan sees it when it comes after something new."""
    task = stand.tasks[planned.block]
    step = stored_step(task=task, calendars=stand.calendars, without=stand.leaving)
    in_plan = {key_of(stand=stand, block=block) for block in stand.tasks}
    lags = {
        key_of(stand=stand, block=block): norm_minutes(offset, stand.calendars[task.department_id])
        for block, offset in planned.offsets.items()
    }
    after = [key_of(stand=stand, block=block) for block in planned.after_blocks]
    return replace(
        step,
        after=(*(key for key in step.after if key not in in_plan), *after),
        lags={**step.lags, **lags},
        started_at=None,
        resumed_at=None,
    )
