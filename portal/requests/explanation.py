"""Why this date? The longest chain of a request with its working days, and the closed days it skips. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.planning.plan import explain_chain
from portal.planning.queries import Calendars
from portal.requests.models import Request, Task
from portal.requests.planner import plan_dates, step_of
from portal.requests.workflow import TaskState


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainTask:
    """One task of the longest chain: when, how many working minutes of days of `day_minutes`, which closed days it met."""

    task: Task
    starts_at: datetime
    ends_at: datetime
    working_minutes: int
    day_minutes: int
    closed_dates: Sequence[date]


def explain_date(request: Request, *, calendars: Calendars, at: datetime) -> list[ChainTask]:
    """Name the tasks that decide the expected date of the request as it stands at `at`, first to last."""
    left_out = {TaskState.REFUSED, TaskState.CANCELLED}
    counted = {task.id: task for task in request.tasks if task.state not in left_out}
    steps = [
        step_of(
            task,
            after={one.after_id: one.lag_minutes for one in task.predecessors if one.after_id in counted},
            calendar=calendars[task.department_id],
        )
        for task in counted.values()
    ]
    if not steps:
        return []
    dates = plan_dates(steps, start=request.submitted_at, now=request.closed_at or at)
    return [
        ChainTask(
            task=counted[int(link.key)],
            starts_at=link.starts_at,
            ends_at=link.ends_at,
            working_minutes=link.working_minutes,
            day_minutes=calendars[counted[int(link.key)].department_id].day_minutes,
            closed_dates=link.closed_dates,
        )
        for link in explain_chain(steps, dates.tasks, start=request.submitted_at)
    ]
