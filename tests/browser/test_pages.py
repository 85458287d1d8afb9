"""Every page as a browser shows it: no accessibility violations (axe), no sideways scrolling, in both languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from portal.core.db import db
from portal.people.models import Department
from portal.requests.models import Request, Task
from portal.requests.ordering.actions.submission import find_tracking_code
from portal.requests.workflow import SuspendReason, TaskState
from tests.browser.conftest import PATIENCE, RunningPortal, sign_in

pytestmark = pytest.mark.once

AXE = Path(__file__).parents[2] / "build" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, DESK = 320, 1280

# Who looks at which pages; {…} is filled in from the demo.
PAGES = {
    None: ["/", "/sign-in", "/catalog", "/catalog/matrix", "/catalog/zaalreservering", "/track", "/track/{code}", "/track/0000", "/no"],
    "bram": [
        "/",
        "/requests",
        "/requests?state=closed",
        "/requests/{asked}",
        "/requests/{done}",
        "/requests/{done}/confirmation",
        "/catalog/nieuwe-medewerker",
    ],
    "noor": ["/", "/requests", "/requests?state=closed", "/order/bijeenkomst", "/catalog/bijeenkomst", "/tasks"],
    "samira": ["/", "/tasks", "/tasks?tab=late", "/tasks?tab=waiting", "/tasks/{ready}", "/tasks/{waiting}", "/tasks/{suspended}"],
    "soraya": ["/desk", "/desk?q=bram", "/desk?q=nobody+of+this+name", "/requests?scope=all"],
    "adil": ["/operations", "/manage/cost-centres"],
    "milan": [
        "/manage/catalog",
        "/manage/catalog/products/telewerken",
        "/manage/catalog/products/bijeenkomst",
        "/manage/catalog/products/bijeenkomst/differences?before=1&after=2",
        "/manage/catalog/products/bijeenkomst/copy",
        "/manage/catalog/products/bijeenkomst/text",
        "/manage/catalog/products/bijeenkomst/lines",
        "/manage/catalog/products/bijeenkomst/lines/always/0",
        "/manage/catalog/products/bijeenkomst/lines/always/new",
        "/manage/catalog/products/bijeenkomst/tree",
        "/manage/catalog/products/bijeenkomst/tree/questions/internal_kind",
        "/manage/catalog/products/bijeenkomst/tree/questions/internal_kind/answers/new",
        "/manage/catalog/products/bijeenkomst/tree/outcomes/intern-kamer",
        "/manage/catalog/blocks/lunch/text",
        "/manage/catalog/blocks/lunch/prices",
        "/manage/catalog/blocks/lunch/agreements",
        "/manage/catalog/blocks/lunch/questions",
        "/manage/catalog/blocks/lunch/approval",
        "/manage/catalog/products/bijeenkomst/agreements",
        "/manage/catalog/products/bijeenkomst/waiting-times",
        "/manage/catalog/products/bijeenkomst/approval",
        "/manage/catalog/new-product",
        "/manage/catalog/exchange",
        "/manage/catalog/world",
        "/manage/catalog/new-block",
        "/manage/catalog/check",
        "/manage/catalog/check?drafts=yes",
        "/manage/catalog/products/bijeenkomst/simulation",
        "/manage/catalog/products/bijeenkomst/simulation?version=1&at=2026-11-23T10:00&t-audience_kind=external&t-external_kind=special",
        "/manage/catalog/questions",
        "/manage/catalog/questions/new",
        "/manage/catalog/questions/computer_kind",
    ],
}
VISITS = [(who, path) for who, paths in PAGES.items() for path in paths]


@pytest.fixture(scope="module")
def places(portal: RunningPortal) -> dict[str, str]:
    """Find requests and tasks of the demo in each state."""
    with portal.app.app_context():
        requests = db.session.scalars(select(Request).order_by(Request.id)).all()
        tasks = select(Task).join(Department).where(Department.code == "ict").order_by(Task.id)
        own = db.session.scalars(tasks).all()
        suspended = db.session.scalars(select(Task).where(Task.suspend_reason == SuspendReason.CUSTOMER)).first()
        asked = next(request for request in requests if suspended and request.id == suspended.request_id)
        found = {
            "asked": asked.number,
            "done": next(one.number for one in requests if one.closed_at and one.requester_id == asked.requester_id),
            "code": find_tracking_code(request=asked, secret=portal.app.settings.secret_key) or "",
            "suspended": str(suspended.id if suspended else 0),
        }
        for state in (TaskState.READY, TaskState.WAITING):
            found[state.value] = str(next(task.id for task in own if task.state is state))
    return found


@pytest.fixture(scope="module")
def windows(portal: RunningPortal, browser: Browser) -> Iterator[dict[tuple[str | None, str], Page]]:
    """Open one window per person and language."""
    opened = {}
    for who in PAGES:
        for language in ("nl", "en"):
            context = browser.new_context(base_url=portal.address, locale=language)
            context.set_default_timeout(PATIENCE)
            opened[who, language] = page = context.new_page()
            if who:
                sign_in(page, who)
                page.click(f"form[action='/language'] button[value={language}]")
    begin_drafts(opened["milan", "nl"])
    yield opened
    for page in opened.values():
        page.context.close()


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(("who", "path"), VISITS, ids=str)
def test_a_page_has_no_barriers(
    windows: dict[tuple[str | None, str], Page], places: dict[str, str], who: str | None, path: str, language: str
) -> None:
    page = windows[who, language]
    page.set_viewport_size({"width": DESK, "height": 900})
    page.goto(path.format(**places))
    assert page.get_attribute("html", "lang") == language
    check_page(page)


def test_the_steps_of_an_order_have_no_barriers_filled_in_or_wrong(windows: dict[tuple[str | None, str], Page]) -> None:
    page = windows["bram", "nl"]
    page.goto("/order/nieuwe-medewerker")
    page.click("main form[action$='/drafts'] .buttons button")
    page.wait_for_selector(".field__error")
    check_page(page)
    page.check("input[name=for_whom][value=newcomer]")
    page.fill("input[name=newcomer]", "Wolfeschlegelsteinhausenbergerdorff " * 3)
    page.click("main form[action$='/drafts'] .buttons button")
    page.wait_for_url("**/choice")
    page.click("main form .buttons button")
    page.wait_for_selector(".field__error")
    check_page(page)
    for option in ("new", "temporary", "intern"):
        page.check(f"input[name=answer][value={option}]")
        check_page(page)
        page.locator("main form .buttons button").last.click()
    page.wait_for_url("**/details")
    page.fill("[name=q-start_date]", "2020-02-03")
    page.locator("main form .buttons button").last.click()
    page.wait_for_selector(".field__error")
    check_page(page)


def begin_drafts(page: Page) -> None:
    """Begin drafts to look at."""
    for thing in ("products/bijeenkomst", "blocks/lunch"):
        page.goto(f"/manage/catalog/{thing}")
        page.click("form[action$='/draft'] button")


def test_an_editor_with_mistakes_has_no_barriers(windows: dict[tuple[str | None, str], Page]) -> None:
    page = windows["milan", "nl"]
    page.goto("/manage/catalog/blocks/lunch/text")
    page.fill("[name=name_nl]", "")
    page.fill("[name=norm_amount]", "0")
    page.locator("main form .buttons button").last.click()
    page.wait_for_selector(".field__error")
    check_page(page)


def check_page(page: Page) -> None:
    """Run axe on the page as it stands, and see that nothing hangs over the edge of a small phone."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    told = [f"{one['id']}: {one['help']} {[node['target'] for node in one['nodes']]}" for one in found["violations"]]
    assert not told, f"{page.url}: {told}"
    page.set_viewport_size({"width": PHONE, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE, f"{page.url} scrolls sideways at {PHONE} px"
    page.set_viewport_size({"width": DESK, "height": 900})
