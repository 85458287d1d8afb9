"""Making very many requests with a history quickly: planned once by the real fan-out, lived by its rules, written in bulk."""

from bisect import bisect
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import accumulate, islice
from random import Random
from typing import Any, Final, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from portal.core.bulk import BATCH, insert_rows, refresh_statistics, reserve_ids
from portal.core.errors import ConflictError
from portal.core.journal import JournalEntry
from portal.planning.models import Duration
from portal.planning.queries import Calendars, load_calendars
from portal.planning.worktime import add_working_time, working_minutes_between
from portal.requests.models import Request, Task, TaskDependency
from portal.seeding.load.crowd import Asker, handlers_by_department, invented_name, make_askers
from portal.seeding.load.life import Life
from portal.seeding.load.paces import renew_paces
from portal.seeding.load.stamping import dependency_rows, duration_rows, journal_rows, request_row, task_rows
from portal.seeding.load.subjects import LoadTask
from portal.seeding.load.templates import Template, TemplateTask, make_templates
from portal.seeding.loading import Circumstances

PERIOD: Final = timedelta(days=730)
RECENT: Final = timedelta(days=21)
RECENT_SHARE: Final = 0.06

_REQUESTS: Final = cast(Table, Request.__table__)
_TASKS: Final = cast(Table, Task.__table__)
_DEPENDENCIES: Final = cast(Table, TaskDependency.__table__)
_JOURNAL: Final = cast(Table, JournalEntry.__table__)
_DURATIONS: Final = cast(Table, Duration.__table__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One request that was lived, with what its row needs besides."""

    life: Life
    asker: Asker
    beneficiary_name: str


def make_load(
    *,
    session: Session,
    amount: int,
    random_seed: int,
    circumstances: Circumstances,
    product_ids: Collection[int] | None = None,
    period: timedelta = PERIOD,
) -> Mapping[str, int]:
    """Make `amount` requests of the last `period`, of two years most of them finished; gives the number of rows per table.

    With `product_ids` they are requests of these products only. The same `random_seed` on the same catalogue makes the
    same requests. No jobs are queued: nobody gets mail about them.

    :raises ConflictError: the catalogue or the people who do the tasks are missing (`nothing_to_load`).
    """
    chance = Random(random_seed)  # noqa: S311  no secret hangs on it
    handlers = handlers_by_department(session)
    planned = make_templates(session, chance=chance, circumstances=circumstances)
    templates = [one for one in planned if product_ids is None or one.product_id in product_ids]
    if not templates or not any(handlers.values()):
        raise ConflictError("nothing_to_load")
    crowd = make_askers(session, amount=amount, chance=chance)
    lives = Lives(
        session=session, chance=chance, circumstances=circumstances, templates=templates, crowd=crowd, handlers=handlers, period=period
    )
    counts = {"persons": len(crowd), "requests": 0, "tasks": 0, "task_dependencies": 0, "journal": 0, "durations": 0}
    made = lives.live(amount)
    while batch := list(islice(made, BATCH)):
        for table, rows in _rows(batch, circumstances.secret):
            counts[table.name] += insert_rows(session, table, rows)
    renew_paces(session)
    refresh_statistics(session)
    return counts


def _rows(batch: Sequence[Made], secret: str) -> Iterator[tuple[Table, Iterable[dict[str, Any]]]]:
    """Give the rows of a batch, table by table, in the order in which they refer to each other."""
    requests = (request_row(one.life, one.asker, beneficiary_name=one.beneficiary_name, secret=secret) for one in batch)
    yield _REQUESTS, requests
    yield _TASKS, (row for one in batch for row in task_rows(one.life))
    yield _DEPENDENCIES, (row for one in batch for row in dependency_rows(one.life))
    yield _JOURNAL, (row for one in batch for row in journal_rows(one.life))
    yield _DURATIONS, (row for one in batch for row in duration_rows(one.life))


@dataclass(slots=True, kw_only=True)
class Lives:
    """Lives through requests, oldest first."""

    session: Session
    chance: Random
    circumstances: Circumstances
    templates: Sequence[Template]
    crowd: Sequence[Asker]
    handlers: Mapping[int, Sequence[int]]
    period: timedelta

    def live(self, amount: int) -> Iterator[Made]:
        """Choose who asks what when, and live it."""
        calendars = load_calendars(self.session, self.circumstances.zone)
        live = partial(Life, now=self.circumstances.now, zone=self.circumstances.zone, calendars=calendars, chance=self.chance)
        managers = [asker for asker in self.crowd if asker.is_manager]
        weights = list(accumulate(template.weight for template in self.templates))
        chosen = [self.templates[bisect(weights, self.chance.random() * weights[-1])] for _ in range(amount)]
        request_ids = reserve_ids(self.session, _REQUESTS, amount)
        task_ids = iter(reserve_ids(self.session, _TASKS, sum(len(template.tasks) for template in chosen)))
        moments = sorted(self._moment(calendars, template) for template in chosen)
        for request_id, template, at in zip(request_ids, chosen, moments, strict=True):
            asker = self.chance.choice(managers if template.is_for_managers else self.crowd)
            ids = list(islice(task_ids, len(template.tasks)))
            tasks = [self._task(one, ids, place, at) for place, one in enumerate(template.tasks)]
            life = live(request_id=request_id, asker_id=asker.id, template=template, tasks=tasks, submitted_at=at)
            life.run()
            name = invented_name(self.chance) if template.is_for_managers else ""
            yield Made(life=life, asker=asker, beneficiary_name=name)

    def _moment(self, calendars: Calendars, template: Template) -> datetime:
        """Choose a moment in working time; the last weeks get more, so that there is enough to do."""
        now = self.circumstances.now
        begin = now - (RECENT if self.chance.random() < RECENT_SHARE else self.period)
        calendar = calendars[template.owner_id]
        minutes = working_minutes_between(calendar=calendar, start=begin, end=now)
        return add_working_time(calendar=calendar, start=begin, minutes=self.chance.randint(1, max(1, minutes - 1)))

    def _task(self, template: TemplateTask, ids: Sequence[int], place: int, at: datetime) -> LoadTask:
        return LoadTask(
            id=ids[place],
            template=template,
            department_id=template.department_id,
            norm_minutes=template.norm_minutes,
            expected_minutes=template.expected_minutes,
            latest_minutes=template.latest_minutes,
            after=[ids[before] for before, _ in template.after],
            handler=self.chance.choice(self.handlers[template.department_id]),
            starts_at=at,
            expected_at=at,
            latest_at=at,
            due_at=at,
            latest_start_at=at,
        )
