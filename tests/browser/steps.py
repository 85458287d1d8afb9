"""Steps that several journeys take: asking and answering, doing tasks, and looking in the database."""

from datetime import datetime

from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core.db import db
from portal.people.models import Department
from portal.requests.models import Request, Task
from portal.requests.workflow import CLOSED, TaskState
from portal.web.filters import day
from tests.browser.conftest import RunningPortal, sign_in

SPECIALISTS = {"facilitair": "joost", "ict": "samira", "communicatie": "lotte", "financieel": "jelle", "personeel": "sanne"}


def ask_question(back_office: Page, task: Task, question: str) -> None:
    """Put a task on hold with a question to the customer."""
    open_task(back_office, task)
    back_office.click("form[action$='/claim'] button")
    if not back_office.locator("textarea[name=note]").is_visible():
        back_office.click("details:has(textarea[name=note]) summary")
    back_office.check("input[name=reason][value=customer]")
    back_office.fill("textarea[name=note]", question)
    back_office.click("form:has(textarea[name=note]) button[type=submit]")
    expect(back_office.locator("main")).to_contain_text(question)


def answer_question(page: Page, number: str, question: str, answer: str) -> None:
    """Read the question as the customer and answer it."""
    page.goto(f"/requests/{number}")
    expect(page.locator("main")).to_contain_text(question)
    page.fill("form[action$='/answers'] textarea", answer)
    page.click("form[action$='/answers'] button[type=submit]")
    expect(page.locator("main")).to_contain_text(answer)


def finish_all_tasks(portal: RunningPortal, back_office: Page, number: str) -> set[str]:
    """Do every task in the order in which they come free; give the departments that did something."""
    departments = set()
    while tasks := [task for task in open_tasks(portal, number) if task.state is not TaskState.WAITING]:
        for task in tasks:
            do_task(back_office, task)
            departments.add(task.department.code)
    assert not open_tasks(portal, number)
    return departments


def do_task(back_office: Page, task: Task) -> None:
    """Take a task from the queue, start it, do the checklist, and finish it."""
    claim, start, result = "form[action$='/claim'] button", ".action form[action$='/start'] button", ".action textarea[name=result]"
    open_task(back_office, task)
    expect(back_office.locator(f"{claim}, {start}, {result}").first).to_be_visible()
    if back_office.locator(claim).count():
        press(back_office, claim)
        expect(back_office.locator(f"{start}, {result}").first).to_be_visible()
    if back_office.locator(start).count():
        press(back_office, start)
    expect(back_office.locator(result)).to_be_visible()
    points = back_office.locator("form[action$='/checklist'] input[type=checkbox]")
    if points.count():
        for point in points.all():
            point.check()
        press(back_office, "form[action$='/checklist'] button[type=submit]")
    back_office.fill(result, "Gedaan.")
    press(back_office, ".action form:has(textarea[name=result]) button[type=submit]")
    expect(back_office.locator(".action form:has(textarea[name=result])")).to_have_count(0)


def press(page: Page, button: str) -> None:
    """Press a button and wait for the page it leads to, so that what is counted next stands on that page."""
    with page.expect_navigation():
        page.click(button)


def open_task(back_office: Page, task: Task) -> None:
    """Open a task as somebody of its department."""
    # What the page still asks for in the background would bring its session back.
    back_office.goto("about:blank")
    back_office.context.clear_cookies()
    sign_in(back_office, SPECIALISTS[task.department.code])
    back_office.goto(f"/tasks/{task.id}")


def submit(page: Page) -> None:
    """Press the main button of the step."""
    page.locator("main form button[type=submit]:not([name]).utrecht-button--primary-action, main form .buttons button").last.click()


def load_request(portal: RunningPortal, number: str) -> Request:
    """Load the request as it is stored now."""
    with portal.app.app_context():
        return db.session.scalars(select(Request).where(Request.id == int(number[-6:]))).one()


def open_tasks(portal: RunningPortal, number: str) -> list[Task]:
    """List the tasks that are not closed, with their departments."""
    with portal.app.app_context():
        tasks = select(Task).join(Department).where(Task.request_id == int(number[-6:])).options(joinedload(Task.department))
        return [task for task in db.session.scalars(tasks.order_by(Task.position)) if task.state not in CLOSED]


def expected_day(portal: RunningPortal, number: str) -> str:
    """Write the expected date of the request as pages do."""
    moment: datetime = load_request(portal, number).expected_at
    with portal.app.test_request_context(headers={"Accept-Language": "nl"}):
        return day(moment)
