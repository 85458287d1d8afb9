"""Asking over HTTP as fast as one can: a lean keep-alive client, and several of them at once in processes of their own."""

import re
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Final

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNK: Final = 262_144
_TIMEOUT: Final = 30.0
_FORK: Final = get_context("fork")


class WrongAnswerError(Exception):
    """The server gave another answer than the one that was to be measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One request as it goes over the line, the status it must get and what its answer must contain."""

    wire: bytes
    status: int
    marker: bytes

    def check(self, head: bytes, body: bytes) -> None:
        """Refuse any other answer: error pages and redirects must not be measured.

        :raises WrongAnswerError: it is another one.
        """
        is_right = head[9:12] == b"%d" % self.status and (self.marker in body or self.marker in head)
        if not is_right:
            first = self.wire.split(b"\r\n", 1)[0].decode()
            message = f"{first}: expected {self.status} with {self.marker.decode()!r}, got {head[9:12].decode()}: {body[:300]!r}"
            raise WrongAnswerError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What was measured: answers per second of all connections together, and milliseconds per answer."""

    answers: int
    per_second: float
    p50_ms: float
    p95_ms: float


class Line:
    """One connection that stays open."""

    def __init__(self, port: int) -> None:
        """Connect to the server on this machine."""
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, question: bytes) -> tuple[bytes, bytes]:
        """Send one request; give head and body of the answer.

        :raises WrongAnswerError: the server hung up, or did not say how long its answer is.
        """
        self._socket.sendall(question)
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        found = _LENGTH.search(data[:end])
        if found is None:
            raise WrongAnswerError(data[:end].decode(errors="replace"))
        whole = end + 4 + int(found[1])
        while len(data) < whole:
            data += self._more()
        return data[:end], data[end + 4 : whole]

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _more(self) -> bytes:
        data = self._socket.recv(_CHUNK)
        if not data:
            message = "the server hung up"
            raise WrongAnswerError(message)
        return data


def get_request(path: str, *, cookie: str = "") -> bytes:
    """Write a GET."""
    return _head("GET", path, cookie) + b"\r\n"


def post_request(path: str, *, cookie: str, body: str) -> bytes:
    """Write a POST of a form."""
    data = body.encode()
    lengths = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(data)}\r\n\r\n"
    return _head("POST", path, cookie) + lengths.encode() + data


def measure(port: int, questions: Sequence[Sequence[Question]], *, seconds: float, repeat: bool = True) -> Timing:
    """Ask from one process per list of questions, for so many seconds or until a list that may not be repeated is empty.

    :raises WrongAnswerError: an answer was not the right one.
    """
    return measure_together(_ask_on, [(port, own, seconds, repeat) for own in questions], failure=WrongAnswerError)


def measure_together(work: Callable[..., None], lots: Iterable[tuple[Any, ...]], *, failure: type[Exception]) -> Timing:
    """Do the same work in a process per lot of arguments, all from the same moment; each tells its timings and when it ended.

    :raises Exception: the `failure`, with what a process told instead.
    """
    pipes = []
    for lot in lots:
        ours, theirs = _FORK.Pipe()
        process = _FORK.Process(target=work, args=(theirs, *lot), daemon=True)
        process.start()
        pipes.append((process, ours))
    begun = time.monotonic() + 0.2
    for _, pipe in pipes:
        pipe.send(begun)
    results = [pipe.recv() for _, pipe in pipes]
    for process, _ in pipes:
        process.join()
    wrong = next((result for result in results if isinstance(result, str)), None)
    if wrong is not None:
        raise failure(wrong)
    return summary([timing for timings, _ in results for timing in timings], max(ended for _, ended in results) - begun)


def summary(timings: Sequence[float], elapsed: float) -> Timing:
    """Summarise the seconds that single answers took; percentiles by nearest rank."""
    ordered = sorted(timings)
    if not ordered:
        message = "nothing was measured: no answer came in time"
        raise WrongAnswerError(message)
    p50, p95 = (ordered[max(0, -(-len(ordered) * percent // 100) - 1)] * 1000 for percent in (50, 95))
    return Timing(answers=len(ordered), per_second=len(ordered) / elapsed, p50_ms=p50, p95_ms=p95)


def _head(method: str, path: str, cookie: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Language: nl", *([f"Cookie: {cookie}"] if cookie else [])]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _ask_on(pipe: Connection, port: int, questions: Sequence[Question], seconds: float, repeat: bool) -> None:  # noqa: FBT001  run in a process
    try:
        line = Line(port)
        begun = pipe.recv()
        time.sleep(max(0.0, begun - time.monotonic()))
        timings = list(_timed(line, questions, begun + seconds, repeat=repeat))
        pipe.send((timings, time.monotonic()))
        line.close()
    except Exception as error:  # noqa: BLE001  told to the process that measures
        pipe.send(f"{type(error).__name__}: {error}")


def _timed(line: Line, questions: Sequence[Question], until: float, *, repeat: bool) -> Iterator[float]:
    place = 0
    while time.monotonic() < until and (repeat or place < len(questions)):
        question = questions[place % len(questions)]
        begun = time.perf_counter()
        head, body = line.ask(question.wire)
        yield time.perf_counter() - begun
        question.check(head, body)
        place += 1
