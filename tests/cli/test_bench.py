"""The bench runs from loading to figures, checks what it measures, and leaves nothing behind."""

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from portal.cli.main import cli
from portal.measuring.report import write_report
from portal.measuring.scratch import POSTGRESQL, SQLITE
from portal.measuring.wire import Question, WrongAnswerError, get_request, measure, summary

SERVER = os.environ.get("PORTAL_TEST_POSTGRESQL", "")
PAGES = {"tracking", "request", "queue", "product"}


def test_figures_of_a_small_run() -> None:
    kind = POSTGRESQL if SERVER else SQLITE
    environment = {"PORTAL_DATABASE_URL": f"{SERVER}/postgres"} if SERVER else {}
    arguments = ["bench", "--database", kind, "--requests", "50", "--documents", "1000", "--seconds", "1", "--workers", "1", "--json"]
    done = CliRunner(env=environment).invoke(cli, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout)[kind]
    assert set(figures["pages"]) == PAGES
    for page in figures["pages"].values():
        assert {"per_second", "of_floor", "p50_ms", "p95_ms", "alone_ms", "statements", "bytes"} <= set(page)
        assert 0 < page["statements"] < 20
    assert figures["submit"]["tasks"] == 6
    assert figures["submit"]["times_bare_sql"] > 0
    assert figures["load"]["requests"] == 50
    assert all(view["requests"] <= 6 for view in figures["first_view"].values())
    assert figures["search"]["documents"] == 1000
    assert figures["search"]["per_second"] > 0
    assert figures["replay"]["requests"] >= 50
    assert figures["replay"]["seconds_per_10000"] > 0
    assert "tracking page" in write_report({kind: figures})
    assert not scratch_databases()


def scratch_databases() -> list[str]:
    if not SERVER:
        return []
    engine = create_engine(f"{SERVER}/postgres")
    with engine.connect() as connection:
        names = list(connection.scalars(text("SELECT datname FROM pg_database WHERE datname LIKE 'loket_bench_%'")))
    engine.dispose()
    return names


@pytest.fixture
def port_of_errors() -> int:
    """Give the port of a server that answers every request with an error page."""

    class Broken(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(500)
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"error")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Broken)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def test_an_error_page_is_never_measured(port_of_errors: int) -> None:
    question = Question(wire=get_request("/track/x"), status=200, marker=b"A-2026-000001")
    with pytest.raises(WrongAnswerError, match=r"expected 200 .*got 500"):
        measure(port_of_errors, [[question]], seconds=0.2)


def test_an_answer_without_what_it_must_contain_is_wrong() -> None:
    question = Question(wire=get_request("/track/x"), status=200, marker=b"A-2026-000001")
    question.check(b"HTTP/1.1 200 OK", b"<h1>A-2026-000001</h1>")
    with pytest.raises(WrongAnswerError):
        question.check(b"HTTP/1.1 200 OK", b"<h1>A-2026-000002</h1>")


def test_percentiles_by_nearest_rank() -> None:
    timing = summary([number / 1000 for number in range(1, 101)], elapsed=2.0)
    assert (timing.answers, timing.per_second, round(timing.p50_ms), round(timing.p95_ms)) == (100, 50.0, 50, 95)
