"""Loading the seed folders: read everything, tell all mistakes at once, then save it or nothing of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from portal.core.queue import Job
from portal.core.yaml_files import Problems
from portal.people.queries import list_persons
from portal.requests.actions.figures import count_figures
from portal.search.actions import count_use, reindex
from portal.seeding.base_content import read_base
from portal.seeding.base_loading import load_base
from portal.seeding.demo_content import read_demo
from portal.seeding.demo_loading import load_persons
from portal.seeding.demo_matrix import load_empty_cells, read_empty_cells
from portal.seeding.replay import Replay

_UNTOLD = frozenset({Job.__tablename__})


@dataclass(slots=True)
class Changes:
    """What a load did: the rows that are new, and those that were there and changed, as (table, key)."""

    new: set[tuple[str, Any]] = field(default_factory=set)
    changed: set[tuple[str, Any]] = field(default_factory=set)

    @property
    def is_empty(self) -> bool:
        """Tell whether everything was there already."""
        return not self.new and not self.changed

    def counts(self) -> Mapping[str, tuple[int, int]]:
        """Count the new and the changed rows per table."""
        new, changed = (Counter(table for table, _ in rows) for rows in (self.new, self.changed))
        return {table: (new[table], changed[table]) for table in sorted({*new, *changed})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """When and where seeds are loaded: `now` ends the replayed history, `secret` makes the tracking codes."""

    now: datetime
    zone: ZoneInfo
    secret: str


def load_seeds(*, session: Session, folder: Path, with_demo: bool, circumstances: Circumstances) -> Changes:
    """Load `base` and, when asked, `demo` of this folder; a second time changes nothing.

    :raises MistakesError: the files hold mistakes; the caller rolls back.
    """
    problems = Problems()
    base = read_base(folder / "base", zone=circumstances.zone.key, problems=problems)
    demo = read_demo(folder / "demo", problems=problems) if with_demo else None
    empty_cells = read_empty_cells(folder / "demo", problems=problems) if with_demo else ()
    problems.raise_if_any()
    with _counting(session) as changes:
        load_base(session=session, content=base, at=circumstances.now, problems=problems)
        problems.raise_if_any()
        if demo is not None:
            load_empty_cells(session=session, cells=empty_cells, at=circumstances.now)
            load_persons(session=session, persons=demo.persons, cost_centres=demo.cost_centres, problems=problems)
            problems.raise_if_any()
            replay = Replay(session=session, now=circumstances.now, zone=circumstances.zone, secret=circumstances.secret, problems=problems)
            replay.run(demo.requests)
            problems.raise_if_any()
        session.flush()
    if not changes.is_empty:
        reindex(session=session)
        count_use(session=session, at=circumstances.now)
        count_figures(session=session, at=circumstances.now)
    return changes


def has_people(session: Session) -> bool:
    """Tell whether somebody is there already, so that the database is in use."""
    return bool(list_persons(session))


@contextmanager
def _counting(session: Session) -> Iterator[Changes]:
    changes = Changes()

    def note(session: Session, _context: object) -> None:
        changes.new.update(_identities(session.new))
        changes.changed.update(set(_identities(row for row in session.dirty if session.is_modified(row))) - changes.new)

    event.listen(session, "after_flush", note)
    try:
        yield changes
    finally:
        event.remove(session, "after_flush", note)


def _identities(rows: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    for row in rows:
        if row.__tablename__ not in _UNTOLD:
            yield row.__tablename__, tuple(inspect(row).mapper.primary_key_from_instance(row))
