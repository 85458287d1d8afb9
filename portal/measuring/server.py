"""Starting the portal as people run it, and the floor beside it, each in processes of its own."""

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

THREADS: Final = 8
_START_SECONDS: Final = 90.0
_STOP_SECONDS: Final = 15.0
_OK: Final = 200
_PORTAL: Final = (sys.executable, "-c", "from portal.cli.main import cli; cli()", "serve")
_FLOOR: Final = "portal.measuring.floor:make_floor({address!r})"


class ServerError(Exception):
    """A server did not start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A server that answers; `start_seconds` passed before its first answer."""

    port: int
    process: "subprocess.Popen[bytes]"
    start_seconds: float

    def memory_mb(self) -> float:
        """Add up the memory of its processes in MB: PSS, in which what they share counts once. 0 where the system does not tell."""
        total = 0
        for pid in _family(self.process.pid):
            try:
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
            except OSError:
                continue
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return total / 1024


@contextmanager
def serve_portal(environment: Mapping[str, str], *, address: str, workers: int, secret: str) -> Iterator[Running]:
    """Run `portal serve` on this database, without the worker for jobs."""
    port = free_port()
    settings = {
        "PORTAL_MODE": "demo",
        "PORTAL_PORT": str(port),
        "PORTAL_BASE_URL": f"http://127.0.0.1:{port}",
        "PORTAL_DATABASE_URL": address,
        "PORTAL_SECRET_KEY": secret,
        "PORTAL_WORKERS": str(workers),
        "PORTAL_WORKER": "no",
    }
    others = {name: value for name, value in environment.items() if not name.startswith("PORTAL_")}
    with _running(_PORTAL, {**others, **settings}, port, "/health") as running:
        yield running


@contextmanager
def serve_floor(environment: Mapping[str, str], *, address: str, workers: int, path: str) -> Iterator[Running]:
    """Run the floor under the same gunicorn: as many processes and threads; `path` is a page that it has."""
    port = free_port()
    options = ("-b", f"127.0.0.1:{port}", "-w", str(workers), "-k", "gthread", "--threads", str(THREADS), "--log-level", "warning")
    command = (sys.executable, "-m", "gunicorn", *options, "--no-control-socket", _FLOOR.format(address=address))
    with _running(command, environment, port, path) as running:
        yield running


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(command: Sequence[str], environment: Mapping[str, str], port: int, path: str) -> Iterator[Running]:
    with TemporaryFile() as log:
        begun = time.monotonic()
        process = subprocess.Popen(command, env=dict(environment), stdout=log, stderr=log)  # noqa: S603  our own commands
        try:
            _wait(process, port, path, log)
            yield Running(port=port, process=process, start_seconds=time.monotonic() - begun)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: "subprocess.Popen[bytes]", port: int, path: str, log: IO[bytes]) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if _answers(port, path):
            return
        time.sleep(0.02)
    log.seek(0)
    said = log.read()[-2_000:].decode(errors="replace")
    raise ServerError(said or f"no answer within {_START_SECONDS:.0f} seconds")


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_START_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == _OK
    except OSError:
        return False
    finally:
        connection.close()


def _family(pid: int) -> Iterator[int]:
    """Give a process and all that come from it."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))
