"""Reading what the pages of the calendars show, and the open plans that a change touches."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session, defer, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from portal.core.errors import NotFoundError
from portal.hours.models import CalendarRun
from portal.people.models import Department
from portal.requests.models import Request, Task, TaskDependency
from portal.requests.queries import load_approvals_of

MOST_RUNS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Which work a change of the calendar can touch: of one department (None: of all), between two moments (None: no end)."""

    department_id: int | None
    begins_at: datetime | None = None
    ends_at: datetime | None = None


def get_department(session: Session, code: str) -> Department:
    """Load a department by its code.

    :raises NotFoundError: there is none.
    """
    department = session.scalars(select(Department).where(Department.code == code)).one_or_none()
    if department is None:
        raise NotFoundError
    return department


def find_department(session: Session, department_id: int | None) -> Department | None:
    """Give a department by its id; None stands for the whole organisation."""
    return None if department_id is None else session.get_one(Department, department_id)


def list_runs(session: Session, *, department_id: int | None = None) -> Sequence[CalendarRun]:
    """List the latest changes with how far their plans are, newest first; of one department those of all count too."""
    is_of = or_(CalendarRun.department_id.is_(None), CalendarRun.department_id == department_id) if department_id else true()
    query = select(CalendarRun).where(is_of).options(joinedload(CalendarRun.entry))
    return session.scalars(query.order_by(CalendarRun.id.desc()).limit(MOST_RUNS)).all()


def get_run(session: Session, run_id: int) -> CalendarRun:
    """Load a run and hold it until the end of the transaction.

    :raises NoResultFound: there is none.
    """
    return session.scalars(select(CalendarRun).where(CalendarRun.id == run_id).with_for_update()).one()


def find_run_of(session: Session, entry_id: int) -> CalendarRun | None:
    """Find the run that follows from an entry of the journal."""
    return session.scalars(select(CalendarRun).where(CalendarRun.entry_id == entry_id)).one_or_none()


def count_touched(session: Session, reach: Reach) -> int:
    """Count the open requests with open work in reach."""
    return session.scalars(select(func.count()).select_from(Request).where(_touched(reach))).one()


def list_touched(session: Session, reach: Reach, *, after: int, most: int) -> Sequence[int]:
    """List the ids, above `after`, of open requests with open work in reach."""
    return session.scalars(select(Request.id).where(_touched(reach), Request.id > after).order_by(Request.id).limit(most)).all()


def load_plans(session: Session, request_ids: Sequence[int], *, for_change: bool = False) -> Sequence[Request]:
    """Load requests with all that planning needs, in three statements however many; `for_change` locks them."""
    if for_change:
        session.scalars(select(Request.id).where(Request.id.in_(request_ids)).order_by(Request.id).with_for_update()).all()
    requests = session.scalars(_requests(request_ids)).all()
    before: dict[int, list[TaskDependency]] = defaultdict(list)
    dependencies = select(TaskDependency).join(TaskDependency.task).where(Task.request_id.in_(request_ids))
    for dependency in session.scalars(dependencies):
        before[dependency.task_id].append(dependency)
    tasks: dict[int, list[Task]] = defaultdict(list)
    rows = select(Task).where(Task.request_id.in_(request_ids)).order_by(Task.request_id, Task.position)
    for task in session.scalars(rows.options(joinedload(Task.department), defer(Task.checklist, raiseload=True))):
        set_committed_value(task, "predecessors", before[task.id])
        tasks[task.request_id].append(task)
    for request in requests:
        set_committed_value(request, "tasks", tasks[request.id])
    load_approvals_of(session, requests)
    return requests


def _requests(request_ids: Sequence[int]) -> Select[Request]:
    query = select(Request).where(Request.id.in_(request_ids)).order_by(Request.id)
    return query.options(defer(Request.answers, raiseload=True))


def _touched(reach: Reach) -> ColumnElement[bool]:
    mine = [Task.request_id == Request.id, Task.finished_at.is_(None)]
    if reach.department_id is not None:
        mine.append(Task.department_id == reach.department_id)
    if reach.begins_at is not None:
        mine.append(or_(Task.latest_at >= reach.begins_at, Task.due_at >= reach.begins_at))
    if reach.ends_at is not None:
        mine.append(Task.starts_at < reach.ends_at)
    return and_(Request.closed_at.is_(None), exists().where(*mine))
