"""Making the tasks of a plan: what a task holds on the day that it is asked for."""

from datetime import datetime

from portal.catalog.agreement import Price
from portal.catalog.definition import BlockDefinition
from portal.planning.plan import PlannedDates, Step, begin_from
from portal.requests.ordering.preview import DatedTask
from portal.requests.planner import due_at
from portal.requests.workflow import TaskState


def task_values(
    *,
    dated: DatedTask,
    block: BlockDefinition,
    step: Step,
    dates: PlannedDates,
    latest_start: datetime,
    price: Price | None,
    at: datetime,
    is_ready: bool,
) -> dict[str, object]:
    """Give the columns of a new task, without its request and place; one that `is_ready` begins at `at`."""
    runs_from = begin_from(step.calendar, at, cut_off=step.cut_off) if step.cut_off else at
    return {
        "block_id": dated.version.block_id,
        "block_version_id": dated.version.id,
        "department_id": dated.version.department_id,
        "team_id": dated.version.team_id,
        "state": TaskState.READY if is_ready else TaskState.WAITING,
        "name": dated.version.name,
        "reason": dated.planned.reason,
        "norm_minutes": dated.norm_minutes,
        "expected_minutes": dated.expected_minutes,
        "latest_minutes": dated.latest_minutes,
        "ladder": dated.ladder,
        "starts_at": dates.starts_at,
        "expected_at": dates.expected_at,
        "latest_at": dates.latest_at,
        "due_at": due_at(calendar=step.calendar, since=runs_from if is_ready else dates.starts_at, norm_minutes=dated.norm_minutes),
        "latest_start_at": latest_start,
        "not_before": step.not_before,
        "cut_off": step.cut_off,
        "ready_at": at if is_ready else None,
        "running_since": runs_from if is_ready else None,
        **price_columns(price=price),
        "checklist": [{"label": point.as_data(), "is_done": False} for point in block.checklist],
    }


def price_columns(*, price: Price | None) -> dict[str, object]:
    """Give what a task keeps of the price it had; nothing when no price was known."""
    if price is None:
        return {"once_cents": 0, "recurring_cents": 0, "period": None, "payer": None}
    return {"once_cents": price.once_cents, "recurring_cents": price.recurring_cents, "period": price.period, "payer": price.payer}
