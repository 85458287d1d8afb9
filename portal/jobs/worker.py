"""The worker: two threads that look for work until they are told to stop."""

import logging
import threading
from collections.abc import Collection
from typing import Final

from portal.core.clock import utc_now
from portal.jobs.runner import queue_scheduled, run_due
from portal.jobs.table import INSIDE, OUTSIDE
from portal.web.application import Application

POLL_SECONDS: Final = 0.5
REST_SECONDS: Final = 5.0

_LOG: Final = logging.getLogger("portal.jobs")


class Worker:
    """Does the jobs of the portal. Mail has a thread of its own: a mail server that hangs holds up nothing else."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._stop = threading.Event()
        self._slots: dict[str, int] = {}
        self._threads = [
            threading.Thread(target=self._work, args=(INSIDE,), name="worker-inside", daemon=True),
            threading.Thread(target=self._work, args=(OUTSIDE,), name="worker-outside", daemon=True),
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ask to stop after the jobs in hand; may be called from a signal handler."""
        self._stop.set()

    def join(self, timeout: float | None = None) -> bool:
        """Wait until both threads are done; False when one is not within `timeout` seconds."""
        for thread in self._threads:
            thread.join(timeout)
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self, kinds: Collection[str]) -> None:
        while not self._stop.is_set():
            self._stop.wait(self._turn(kinds))

    def _turn(self, kinds: Collection[str]) -> float:
        """Do one job; give how many seconds to wait before the next look."""
        try:
            if kinds is INSIDE:
                queue_scheduled(self._app, at=utc_now(), last=self._slots)
            return 0.0 if run_due(self._app, at=utc_now(), kinds=kinds) else POLL_SECONDS
        except Exception:  # noqa: BLE001  a worker goes on whatever happens
            # The database is away or locked; a job in hand comes back when its lease runs out.
            _LOG.exception("the worker could not reach its work and tries again")
            return REST_SECONDS
