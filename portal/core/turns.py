"""On SQLite one transaction writes at a time: who wants to write waits for a turn, and everybody gets one.

SQLite itself looks again less and less often, up to ten times a second, so that under load who comes later goes first, and
some wait until they may wait no longer ("database is locked"). Here the threads of a process wait in line, and only the first
of them looks, so often that it sees every moment at which another process has done.
"""

import sqlite3
from collections import deque
from threading import Lock
from time import monotonic, sleep
from typing import Any, Final

from sqlalchemy import Connection, Engine, event

_LOOK_AGAIN: Final = 0.001
_MILLISECONDS: Final = 1000


class _Line:
    """A lock that goes to who waits longest; one of `threading` goes to anybody."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: deque[Lock] = deque()
        self._is_taken = False

    def acquire(self, timeout: float) -> bool:
        """Wait for the turn, at most so many seconds; tells whether it came."""
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=timeout):
            return True
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True  # it came while we gave up

    def release(self) -> None:
        """Give the turn to the next, if anybody waits."""
        with self._guard:
            self._is_taken = bool(self._waiting)
            if self._waiting:
                self._waiting.popleft().release()


class Turns:
    """Who of this process writes in one SQLite file; as long as `busy_timeout` of the connection says, others wait."""

    def __init__(self, engine: Engine) -> None:
        self._turn = _Line()
        self._writer: object = None
        for end in ("checkin", "invalidate"):
            event.listen(engine, end, self._end)

    def begin(self, connection: Connection) -> None:
        """Begin a transaction that writes.

        :raises OperationalError: the others took too long, or the file cannot be written.
        """
        driver: Any = connection.connection.dbapi_connection
        patience = driver.execute("PRAGMA busy_timeout").fetchone()[0]
        driver.execute("PRAGMA busy_timeout=0")
        try:
            self._wait(driver, patience / _MILLISECONDS)
            if not driver.in_transaction:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            self._end(driver)
            raise
        finally:
            driver.execute(f"PRAGMA busy_timeout={patience}")

    def _wait(self, driver: Any, patience: float) -> None:  # noqa: ANN401  the driver's connection
        until = monotonic() + patience
        if self._writer is not driver and not self._turn.acquire(timeout=patience):
            return
        self._writer = driver
        while _is_busy(driver) and monotonic() < until:
            sleep(_LOOK_AGAIN)

    def _end(self, driver: object, *_of_event: object) -> None:
        if driver is not None and self._writer is driver:
            self._writer = None
            self._turn.release()


def _is_busy(driver: Any) -> bool:  # noqa: ANN401  the driver's connection
    """Try to begin; tell whether another process keeps us from it. What else goes wrong is found again by who begins."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode == sqlite3.SQLITE_BUSY
    return False
