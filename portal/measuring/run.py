"""One run on one database: loaded, served as people run it, and asked; the figures come out as plain data."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import Engine, event

from portal.core.references import new_token
from portal.measuring.barewrite import measure_bare, read_request
from portal.measuring.firstview import weigh
from portal.measuring.orders import CompositeOrder, find_composite, list_orderers, write_drafts
from portal.measuring.pages import Page, count_submitted, find_pages, floor_addresses, last_request_id
from portal.measuring.replanning import measure_replanning, open_more
from portal.measuring.replaying import ask_longest, measure_replay
from portal.measuring.scratch import settle
from portal.measuring.searching import measure_search, multiply
from portal.measuring.server import Running, serve_floor, serve_portal
from portal.measuring.visitors import Visitor
from portal.measuring.wire import Question, Timing, WrongAnswerError, get_request, measure, post_request
from portal.seeding.demo_account import DEMO_PASSWORD
from portal.seeding.loading import Circumstances
from portal.web.application import Application

CONNECTIONS: Final = 8
_DRAFTS_PER_SECOND: Final = 500
_OK: Final = 200
_SEE_OTHER: Final = 303

Figures = dict[str, Any]
Unit = Callable[[], "Any"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a run needs: an application on a loaded scratch database at `address`, and how long to ask.

    Planning again is measured with at least `open_requests` of them open.
    """

    app: Application
    engine: Engine
    address: str
    secret: str
    environment: Mapping[str, str]
    workers: int
    seconds: float
    now: datetime
    writing: Unit
    requests: int
    documents: int
    open_requests: int

    def run(self, tell: Callable[[str], None]) -> Figures:
        """Measure everything; `tell` hears what is being done.

        :raises WrongAnswerError: the portal gave another answer than it should.
        """
        with self.writing() as session:
            pages = find_pages(session, secret=self.secret)
            floor = floor_addresses(session, pages)
            order = find_composite(session, at=self.now)
            last = last_request_id(session)
        tell("the floor")
        figures: Figures = {"connections": CONNECTIONS, "workers": self.workers, "seconds": self.seconds}
        with serve_floor(self.environment, address=self.address, workers=self.workers, path=floor[0][0]) as server:
            figures["floor"] = self._timings(server, Page(name="floor", username=None, addresses=floor))
        with serve_portal(self.environment, address=self.address, workers=self.workers, secret=self.secret) as server:
            figures["start_seconds"] = server.start_seconds
            figures["pages"] = {page.name: self._page(server, page, figures["floor"], tell) for page in pages}
            figures["first_view"] = {path: asdict(weigh(server.port, path)) for path in ("/", pages[-1].addresses[0][0])}
            tell("submitting")
            figures["submit"] = self._submit(server, order, last)
            figures["memory_mb"] = server.memory_mb()
        tell("bare SQL")
        figures["bare_sql"] = self._bare(last)
        figures["submit"]["times_bare_sql"] = figures["bare_sql"]["per_second"] / figures["submit"]["per_second"]
        tell(f"planning again after an event, with {self.open_requests} requests open")
        with self.writing() as session:
            circumstances = Circumstances(now=self.now, zone=self.app.settings.tz, secret=self.secret)
            open_more(session, amount=self.open_requests, circumstances=circumstances)
        settle(self.engine)
        figures["replan"] = measure_replanning(self.writing, zone=self.app.settings.tz, now=self.now)
        tell("replaying requests with a draft")
        with self.writing() as session:
            circumstances = Circumstances(now=self.now, zone=self.app.settings.tz, secret=self.secret)
            asked = ask_longest(session, requests=self.requests, circumstances=circumstances)
        figures["replay"] = measure_replay(self.app, asked, at=self.now)
        tell(f"searching in {self.documents} documents")
        figures["search"] = self._search()
        return figures

    def _search(self) -> Figures:
        with self.writing() as session:
            names = multiply(session, documents=self.documents)
        settle(self.engine)
        with self.writing() as session:
            return dict(measure_search(session, names, seconds=self.seconds))

    def _page(self, server: Running, page: Page, floor: Figures, tell: Callable[[str], None]) -> Figures:
        tell(f"the {page.name} page")
        figures = self._timings(server, page)
        of_floor = figures["per_second"] / floor["per_second"]
        return {**figures, "of_floor": of_floor, "statements": self._statements(page), "bytes": self._size(server, page)}

    def _timings(self, server: Running, page: Page) -> Figures:
        """Ask over all connections at once, and then over one alone; the first round warms up."""
        cookie = self._cookie(server, page)
        questions = [Question(wire=get_request(path, cookie=cookie), status=_OK, marker=text.encode()) for path, text in page.addresses]
        starts = [turn * len(questions) // CONNECTIONS for turn in range(CONNECTIONS)]
        turns = [questions[start:] + questions[:start] for start in starts]
        measure(server.port, turns, seconds=min(1.0, self.seconds / 4))
        together = measure(server.port, turns, seconds=self.seconds)
        alone = measure(server.port, turns[:1], seconds=self.seconds / 4)
        return {**asdict(together), "alone_ms": alone.p50_ms}

    def _cookie(self, server: Running, page: Page) -> str:
        visitor = Visitor(server.port)
        if page.username:
            visitor.sign_in(page.username, DEMO_PASSWORD)
        return visitor.cookie

    def _size(self, server: Running, page: Page) -> int:
        return weigh(server.port, page.addresses[0][0], cookie=self._cookie(server, page)).page_bytes

    def _statements(self, page: Page) -> int:
        """Count the statements of one page, in this process, the first time left out."""
        client = self.app.test_client()
        if page.username:
            token = client.get("/sign-in").text.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
            client.post("/sign-in", data={"csrf_token": token, "username": page.username, "password": DEMO_PASSWORD})
        client.get(page.addresses[0][0])
        with _noted(self.engine) as statements:
            status = client.get(page.addresses[0][0]).status_code
        if status != _OK:
            message = f"{page.name} answered {status}"
            raise WrongAnswerError(message)
        return len(statements)

    def _submit(self, server: Running, order: CompositeOrder, last: int) -> Figures:
        amount = max(5, round(_DRAFTS_PER_SECOND * self.seconds / CONNECTIONS))
        with self.writing() as session:
            drafts = {
                person.username: write_drafts(session, order, person=person, amount=amount, at=self.now)
                for person in list_orderers(session, CONNECTIONS)
            }
        turns = [self._submissions(server, order, username, tokens) for username, tokens in drafts.items()]
        timing = measure(server.port, turns, seconds=self.seconds, repeat=False)
        with self.writing() as session:
            made = count_submitted(session, after_id=last)
        if set(made.values()) != {timing.answers}:
            message = f"{timing.answers} orders were answered as submitted, but the database has {made}"
            raise WrongAnswerError(message)
        return {**asdict(timing), "tasks": order.tasks}

    def _submissions(self, server: Running, order: CompositeOrder, username: str, tokens: Sequence[str]) -> Sequence[Question]:
        """Write down the submission of each draft, as the form of its check page sends it."""
        visitor = Visitor(server.port)
        visitor.sign_in(username, DEMO_PASSWORD)
        code = order.code
        visitor.read(f"/order/{code}/{tokens[0]}/check")
        questions = []
        for token in tokens:
            body = urlencode({"csrf_token": visitor.csrf_token, "form_key": new_token(), "version": "1"})
            wire = post_request(f"/order/{code}/{token}/submission", cookie=visitor.cookie, body=body)
            questions.append(Question(wire=wire, status=_SEE_OTHER, marker=b"/confirmation"))
        return questions

    def _bare(self, last: int) -> Figures:
        written = read_request(self.address, last + 1)
        timing: Timing = measure_bare(self.address, written, connections=CONNECTIONS, seconds=self.seconds)
        return asdict(timing)


@contextmanager
def _noted(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
