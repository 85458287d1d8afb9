"""The pages that are measured: their addresses on a loaded database, and what each must contain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.backoffice.rules import WORKABLE
from portal.catalog.queries import get_published_product
from portal.people.models import Department, Person
from portal.people.queries import list_department_persons, list_one_per_role
from portal.people.roles import Role
from portal.requests.models import Request, Task
from portal.requests.ordering.actions.submission import find_tracking_code

SAMPLE: Final = 200
PRODUCT: Final = "nieuwe-medewerker"
_FEWEST_TASKS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One kind of page: who looks at it (a user name, or nobody), and addresses with what each must contain."""

    name: str
    username: str | None
    addresses: Sequence[tuple[str, str]]


def find_pages(session: Session, *, secret: str) -> Sequence[Page]:
    """Choose what to look at: requests of four tasks or more, spread over the years, and the fullest queue."""
    composite = select(Task.request_id).group_by(Task.request_id).having(func.count() >= _FEWEST_TASKS)
    ids = list(session.scalars(composite.order_by(Task.request_id)))
    chosen = Random(1).sample(ids, min(SAMPLE, len(ids)))  # noqa: S311  the same pages in every run
    requests = session.scalars(select(Request).where(Request.id.in_(chosen))).all()
    tracking = [(f"/track/{find_tracking_code(request=one, secret=secret)}", one.number) for one in requests]
    product = get_published_product(session, PRODUCT)
    return [
        Page(name="tracking", username=None, addresses=tracking),
        Page(name="request", username=_desk(session), addresses=[(f"/requests/{one.number}", one.number) for one in requests]),
        _queue(session),
        Page(name="product", username=_manager(session), addresses=[(f"/catalog/{PRODUCT}", product.name.nl)]),
    ]


def floor_addresses(session: Session, pages: Sequence[Page]) -> Sequence[tuple[str, str]]:
    """Give the addresses of the same requests at the floor."""
    numbers = {number for page in pages if page.name == "request" for _, number in page.addresses}
    ids = [int(number.rsplit("-", 1)[1]) for number in sorted(numbers)]
    requests = session.scalars(select(Request).where(Request.id.in_(ids))).all()
    return [(f"/{one.tracking_hash}", one.number) for one in requests]


def count_submitted(session: Session, *, after_id: int) -> Mapping[str, int]:
    """Count the requests after this one, and those of them that have tasks."""
    requests = session.scalar(select(func.count()).select_from(Request).where(Request.id > after_id)) or 0
    with_tasks = session.scalar(select(func.count(Task.request_id.distinct())).where(Task.request_id > after_id)) or 0
    return {"requests": requests, "with_tasks": with_tasks}


def last_request_id(session: Session) -> int:
    """Give the newest request."""
    return session.scalar(select(func.max(Request.id))) or 0


def _queue(session: Session) -> Page:
    """Look at the queue of the department with the most to do; the tenth most urgent task must be on its first page."""
    open_tasks = select(Task.department_id, func.count()).where(Task.finished_at.is_(None), Task.state.in_(WORKABLE))
    counted = session.execute(open_tasks.group_by(Task.department_id).order_by(func.count().desc(), Task.department_id)).all()
    department = session.get_one(Department, counted[0][0])
    person = list_department_persons(session, department.id)[0]
    first = select(Task).where(Task.department_id == department.id, Task.finished_at.is_(None), Task.state.in_(WORKABLE))
    tasks = session.scalars(first.order_by(Task.latest_start_at, Task.id).limit(10).options(joinedload(Task.request))).all()
    number = tasks[-1].request.number
    return Page(name="queue", username=person.username, addresses=[(f"/tasks?department={department.code}", number)])


def _manager(session: Session) -> str:
    """Give somebody who may ask for what managers ask."""
    return next(person.username for person in list_one_per_role(session) if person.has_role(Role.MANAGER))


def _desk(session: Session) -> str:
    """Give somebody who may see all requests."""
    persons: Sequence[Person] = list_one_per_role(session)
    return next(person.username for person in persons if person.has_role(Role.SERVICE_DESK))
