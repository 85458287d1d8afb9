"""The same composite request written with the bare driver: what the database itself needs, to compare submitting with.

The rows are those that submitting made: the request, its tasks with their order, its journal entry and its job, in one
transaction with as few statements as possible; on SQLite BEGIN IMMEDIATE, WAL and synchronous FULL.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import psycopg
from psycopg.types.json import Json
from sqlalchemy import make_url

from portal.core.references import new_token
from portal.measuring.wire import Timing, measure_together

Row = dict[str, Any]
Execute = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRequest:
    """The rows of one request as the driver reads them, without what links them to each other."""

    request: Row
    tasks: Sequence[Row]
    order: Sequence[tuple[int, int, str, int]]
    journal: Row
    job: Row


def read_request(address: str, request_id: int) -> WrittenRequest:
    """Read the rows of a request that was submitted."""
    with closing(_Driver(address)) as driver:
        request = driver.rows("SELECT * FROM requests WHERE id = {0}", request_id)[0]
        tasks = driver.rows("SELECT * FROM tasks WHERE request_id = {0} ORDER BY position", request_id)
        dependencies = driver.rows(
            "SELECT d.* FROM task_dependencies d JOIN tasks t ON t.id = d.task_id WHERE t.request_id = {0}", request_id
        )
        journal = driver.rows("SELECT * FROM journal WHERE stream = {0} ORDER BY sequence LIMIT 1", f"request:{request_id}")[0]
        job = driver.rows("SELECT * FROM jobs WHERE lane = {0} ORDER BY id LIMIT 1", f"request:{request_id}")[0]
    place = {task["id"]: index for index, task in enumerate(tasks)}
    order = [(place[one["task_id"]], place[one["after_id"]], one["kind"], one["lag_minutes"]) for one in dependencies]
    for row in (request, journal, job, *tasks):
        del row["id"]
    return WrittenRequest(request=request, tasks=tasks, order=order, journal=journal, job=job)


def measure_bare(address: str, written: WrittenRequest, *, connections: int, seconds: float) -> Timing:
    """Write it again and again over so many connections, each in a process of its own.

    :raises RuntimeError: a process failed; the message tells why.
    """
    return measure_together(_write_on, [(address, written, seconds)] * connections, failure=RuntimeError)


class _Driver:
    """A connection of the bare driver, the same on both databases; `{0}` in a statement stands for a parameter."""

    def __init__(self, address: str) -> None:
        url = make_url(address)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._connection: Any = sqlite3.connect(str(url.database), isolation_level=None, timeout=30)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                self._connection.execute(f"PRAGMA {pragma}")
        else:
            address = url.set(drivername="postgresql").render_as_string(hide_password=False)
            self._connection = psycopg.connect(address, autocommit=True)

    def close(self) -> None:
        self._connection.close()

    def execute(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        adapted = values if self.is_sqlite else [Json(value) if isinstance(value, dict | list) else value for value in values]
        cursor = self._connection.execute(statement, adapted)
        return cursor.fetchall() if cursor.description else []

    def rows(self, statement: str, value: Any) -> list[Row]:  # noqa: ANN401  any parameter
        cursor = self._connection.execute(statement.format(self.sign), [value])
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    @property
    def sign(self) -> str:
        return "?" if self.is_sqlite else "%s"

    def begin(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")

    def end(self) -> None:
        self._connection.execute("COMMIT")


def _write_on(pipe: Connection, address: str, written: WrittenRequest, seconds: float) -> None:
    try:
        with closing(_Driver(address)) as driver:
            begun = pipe.recv()
            time.sleep(max(0.0, begun - time.monotonic()))
            pipe.send((list(_timed(driver, written, begun + seconds)), time.monotonic()))
    except Exception as error:  # noqa: BLE001  told to the process that measures
        pipe.send(f"{type(error).__name__}: {error}")


def _timed(driver: _Driver, written: WrittenRequest, until: float) -> Iterator[float]:
    while time.monotonic() < until:
        begun = time.perf_counter()
        driver.begin()
        _write(driver, written)
        driver.end()
        yield time.perf_counter() - begun


def _write(driver: _Driver, written: WrittenRequest) -> None:
    mark = new_token()
    request_id = _insert(driver, "requests", [{**written.request, "tracking_hash": mark}], "RETURNING id")[0][0]
    tasks = [{**task, "request_id": request_id} for task in written.tasks]
    task_ids = [row[0] for row in _insert(driver, "tasks", tasks, "RETURNING id")]
    if written.order:
        order = [
            {"task_id": task_ids[task], "after_id": task_ids[after], "kind": kind, "lag_minutes": lag}
            for task, after, kind, lag in written.order
        ]
        _insert(driver, "task_dependencies", order)
    stream = f"bare:{mark}"
    _insert(driver, "journal", [{**written.journal, "stream": stream}])
    _insert(driver, "jobs", [{**written.job, "lane": stream, "state": "done"}])


def _insert(driver: _Driver, table: str, rows: Sequence[Mapping[str, Any]], ending: str = "") -> list[tuple[Any, ...]]:
    names = ", ".join(rows[0])
    places = ", ".join([f"({', '.join([driver.sign] * len(rows[0]))})"] * len(rows))
    statement = f"INSERT INTO {table} ({names}) VALUES {places} {ending}"  # noqa: S608  our own tables
    return driver.execute(statement, [value for row in rows for value in row.values()])
