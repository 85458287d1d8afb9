"""`portal serve`: the web pages, by gunicorn; one of its processes also does the jobs."""

import ctypes
import fcntl
import gc
import socket
import tempfile
import threading
from contextlib import suppress
from typing import Any, Final

import click
from gunicorn.app.base import BaseApplication

from portal.cli.accounts import account_lines
from portal.cli.installation import open_migrated_app
from portal.jobs.worker import Worker
from portal.settings import Settings
from portal.web.application import Application

THREADS: Final = 8
_M_MMAP_THRESHOLD: Final = -3
_LARGE_BLOCK: Final = 1_000_000
STANDBY_SECONDS: Final = 1.0
STOP_SECONDS: Final = 20.0


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn around the application, configured by our settings alone."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._jobs = JobKeeper(app)
        super().__init__()

    def load_config(self) -> None:
        """Configure gunicorn."""
        for name, value in _configuration(self._app.settings).items():
            self.cfg.set(name, value)
        if self._app.settings.worker:
            self.cfg.set("post_worker_init", lambda _worker: self._jobs.begin())
            self.cfg.set("worker_exit", lambda _server, _worker: self._jobs.end())

    def load(self) -> Application:
        """Give the application."""
        return self._app


class JobKeeper:
    """Runs the worker in exactly one of the web processes; when that one dies, another takes over.

    The processes inherit one open file; who holds the lock on it has the job. The system lets go of the
    lock when its process ends, however it ends.
    """

    def __init__(self, app: Application) -> None:
        self._app = app
        self._lock = tempfile.TemporaryFile()  # noqa: SIM115  open as long as the processes live
        self._stop = threading.Event()
        self._standby = threading.Thread(target=self._stand_by, name="worker-standby", daemon=True)

    def begin(self) -> None:
        """Wait for the lock in a thread of this process."""
        self._standby.start()

    def end(self) -> None:
        """Stop, after the jobs in hand."""
        self._stop.set()
        if self._standby.is_alive():
            self._standby.join(STOP_SECONDS)

    def _stand_by(self) -> None:
        while not self._stop.is_set():
            if self._has_lock():
                worker = Worker(self._app)
                worker.start()
                self._stop.wait()
                worker.stop()
                worker.join(STOP_SECONDS)
            else:
                self._stop.wait(STANDBY_SECONDS)

    def _has_lock(self) -> bool:
        try:
            fcntl.lockf(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


@click.command()
def serve() -> None:
    """Serve the web pages until stopped (Ctrl+C or SIGTERM)."""
    app = open_migrated_app()
    settings = app.settings
    _check_port(settings)
    accounts = account_lines(app)
    click.echo(f"Loket runs at {settings.base_url}  (stop: Ctrl+C)")
    for line in accounts:
        click.echo(line)
    _save_memory()
    Server(app).run()


def _save_memory() -> None:
    """Let the processes share what was loaded, and give large blocks back to the system when they are done.

    Hashing a password takes 19 MB for a moment; glibc would keep that per thread ever after (mallopt(3), M_MMAP_THRESHOLD).
    """
    gc.collect()
    gc.freeze()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK)


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "bind": f"{_bracketed(settings.host)}:{settings.port}",
        "workers": settings.workers,
        "worker_class": "gthread",
        "threads": THREADS,
        "timeout": 60,
        "graceful_timeout": 25,
        "keepalive": 5,
        "loglevel": "warning",
        "control_socket_disable": True,
        # Only PORTAL_TRUSTED_PROXIES decides whose X-Forwarded headers are believed.
        "forwarded_allow_ips": "",
        "forwarder_headers": "",
    }


def _check_port(settings: Settings) -> None:
    """See whether the port is free, for a clearer sentence than gunicorn gives.

    :raises click.ClickException: it is not.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            message = f"Port {settings.port} on {settings.host} cannot be used ({reason}). Choose another one with PORTAL_PORT."
            raise click.ClickException(message) from error


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
