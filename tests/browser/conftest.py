"""A running portal for real browsers: served over HTTP with its worker, a real SMTP server, and a clock that can be moved."""

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import make_server

from portal.app import create_app
from portal.core import schema
from portal.core.db import db, transaction
from portal.jobs.runner import queue_scheduled, run_all_due
from portal.seeding.loading import Circumstances, load_seeds
from portal.settings import Settings
from portal.web.application import Application
from tests.conftest import NewDatabase
from tests.mailbox import Mailbox

CHROMIUM = os.environ.get("PORTAL_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
SEEDS = Path(__file__).parents[2] / "seeds"
ZONE = ZoneInfo("Europe/Amsterdam")

PATIENCE = 20_000  # milliseconds; a busy machine is no defect
expect.set_options(timeout=PATIENCE)

OpenWindow = Callable[[], Page]


@dataclass
class RunningPortal:
    """A portal at `address`, with the mail it sent and the clock it lives by."""

    app: Application
    address: str
    mailbox: Mailbox
    traveller: time_machine.Traveller

    def move_clock(self, moment: datetime) -> None:
        """Let time pass until a moment."""
        self.traveller.move_to(moment)

    def work(self) -> None:
        """Let the worker do all that is due now, also what runs by the clock."""
        queue_scheduled(self.app, at=datetime.now(UTC), last={})
        run_all_due(self.app, at=datetime.now(UTC))


def next_monday_morning() -> datetime:
    """Give a Monday at 10:00 in Amsterdam that is not in the past: browsers keep their own clock for cookies."""
    today = datetime.now(ZONE).replace(hour=10, minute=0, second=0, microsecond=0)
    return today + timedelta(days=7 - today.weekday())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give Debian's Chromium; without it the test is skipped, or fails when PORTAL_TEST_REQUIRE is set."""
    if not CHROMIUM:
        if os.environ.get("PORTAL_TEST_REQUIRE"):
            pytest.fail("PORTAL_TEST_REQUIRE is set and there is no chromium. Install it with: apt-get install chromium")
        pytest.skip("There is no chromium on this machine.")
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def portal(new_database: NewDatabase) -> Iterator[RunningPortal]:
    """Run the portal with the catalogue and the demo organisation, on a Monday at ten."""
    box, mail_port, port = Mailbox(), _free_port(), _free_port()
    controller = Controller(box, hostname="127.0.0.1", port=mail_port)
    controller.start()
    address = f"http://127.0.0.1:{port}"
    app = create_app(Settings(database_url=new_database(), base_url=address, mail_host="127.0.0.1", mail_port=mail_port))
    with time_machine.travel(next_monday_morning(), tick=True) as traveller:
        _fill(app)
        server = make_server("127.0.0.1", port, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield RunningPortal(app=app, address=address, mailbox=box, traveller=traveller)
        server.shutdown()
        thread.join()
    controller.stop()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.once)], ids=["javascript", "no javascript"])
def open_window(request: pytest.FixtureRequest, browser: Browser, portal: RunningPortal) -> Iterator[OpenWindow]:
    """Give a function that opens a window of somebody new, in Dutch; once with and once without JavaScript."""
    contexts: list[BrowserContext] = []

    def open_one() -> Page:
        contexts.append(browser.new_context(base_url=portal.address, locale="nl-NL", java_script_enabled=request.param))
        contexts[-1].set_default_timeout(PATIENCE)
        return contexts[-1].new_page()

    yield open_one
    for context in contexts:
        context.close()


def sign_in(page: Page, username: str) -> None:
    """Sign in with a demo account."""
    page.goto("/sign-in")
    page.fill("#username", username)
    page.fill("#password", "loket-demo")
    page.click("form[action='/sign-in'] button[type=submit]")


def _fill(app: Application) -> None:
    with app.app_context():
        schema.upgrade(db.engine)
        with transaction() as session:
            circumstances = Circumstances(now=datetime.now(UTC), zone=ZONE, secret=app.settings.secret_key)
            load_seeds(session=session, folder=SEEDS, with_demo=True, circumstances=circumstances)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
