"""What lives in a made-up request: its tasks, what happens to them, and how often things go otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.core.journal import Event
from portal.requests.events import TaskEvent
from portal.requests.workflow import SuspendReason, TaskState
from portal.seeding.load.templates import TemplateTask


@dataclass(slots=True, kw_only=True)
class LoadTask:
    """A task while it lives; the fields mean what they mean in `Task`. In a crowd nothing waits for a moment of its own."""

    id: int
    template: TemplateTask
    department_id: int
    norm_minutes: int
    expected_minutes: int
    latest_minutes: int
    after: Sequence[int]
    handler: int
    handler_id: int | None = None
    state: TaskState = TaskState.WAITING
    starts_at: datetime
    expected_at: datetime
    latest_at: datetime
    due_at: datetime
    latest_start_at: datetime
    not_before: None = None
    cut_off: None = None
    ladder: None = None
    pause_ladder: None = None
    ready_at: datetime | None = None
    running_since: datetime | None = None
    worked_minutes: int = 0
    started_at: datetime | None = None
    suspended_at: datetime | None = None
    suspend_reason: SuspendReason | None = None
    finished_at: datetime | None = None
    note: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event with its moment, and who did it (None: the system)."""

    event: Event
    at: datetime
    person_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How often things go otherwise, as shares of all, and how long work takes beside its norm."""

    suspended: float = 0.12
    asked: float = 0.5
    refused: float = 0.015
    cancelled: float = 0.02
    usual: float = 0.65
    spread: float = 0.4


def about(kind: type[TaskEvent], task: LoadTask, **more: str | int) -> TaskEvent:
    """Make an event of this kind about a task."""
    template = task.template
    return kind(task_id=task.id, name=template.name.as_data(), department=dict(template.department), **more)  # type: ignore[arg-type]
