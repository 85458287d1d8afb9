"""Why this date? The longest chain of a request with its working days, and the closed days it skips. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.core.texts import LocalText
from portal.people.models import Department
from portal.planning.chain import explain_chain
from portal.planning.queries import Calendars
from portal.requests.approving import ApprovalState
from portal.requests.models import Approval, Request, Task
from portal.requests.planner import PlanDates, approval_key, approval_step, guards_of, plan_dates, step_of
from portal.requests.workflow import TaskState


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitedApproval:
    """An approval as a link of the chain, with what pages read of a task; `name` is what was to be approved."""

    name: LocalText
    department: Department
    department_id: int
    state: TaskState
    latest_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainTask:
    """One task of the longest chain: when, how many working minutes of days of `day_minutes`, which closed days it met."""

    task: Task | AwaitedApproval
    starts_at: datetime
    ends_at: datetime
    working_minutes: int
    day_minutes: int
    closed_dates: Sequence[date]


def explain_date(request: Request, *, calendars: Calendars, at: datetime) -> list[ChainTask]:
    """Name the tasks that decide the expected date of the request as it stands at `at`, first to last."""
    left_out = {TaskState.REFUSED, TaskState.CANCELLED}
    counted = {task.id: task for task in request.tasks if task.state not in left_out}
    waits = {approval_key(one.id): one for one in request.approvals if one.state is not ApprovalState.LAPSED}
    steps = [
        step_of(
            task,
            after={one.after_id: one.lag_minutes for one in task.predecessors if one.after_id in counted},
            guards=[approval_key(one.id) for one in guards_of(request.approvals, task.id)],
            calendar=calendars[task.department_id],
        )
        for task in counted.values()
    ]
    if not steps:
        return []
    steps += [approval_step(one, calendar=calendars[one.department_id]) for one in waits.values()]
    dates = plan_dates(steps, start=request.submitted_at, now=request.closed_at or at, left_out=frozenset(waits))
    nodes = {str(task.id): task for task in counted.values()} | {key: _awaited(one, key, dates) for key, one in waits.items()}
    return [
        ChainTask(
            task=nodes[link.key],
            starts_at=link.starts_at,
            ends_at=link.ends_at,
            working_minutes=link.working_minutes,
            day_minutes=calendars[nodes[link.key].department_id].day_minutes,
            closed_dates=link.closed_dates,
        )
        for link in explain_chain(steps, dates.tasks, start=request.submitted_at)
    ]


def _awaited(approval: Approval, key: str, dates: PlanDates) -> AwaitedApproval:
    return AwaitedApproval(
        name=approval.name,
        department=approval.department,
        department_id=approval.department_id,
        state=TaskState.IN_PROGRESS if approval.state is ApprovalState.OPEN else TaskState.DONE,
        latest_at=dates.tasks[key].latest_at,
    )
