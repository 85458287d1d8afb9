"""The main job, end to end: somebody starts in three weeks, five departments do their part, and everybody can follow it."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core.db import db
from portal.people.models import Department
from portal.requests.models import Request, Task
from portal.requests.workflow import CLOSED, RequestState, TaskState
from portal.web.filters import day
from tests.browser.conftest import OpenWindow, RunningPortal, next_monday_morning, sign_in

NEWCOMER = "Fleur Zandvliet"
SPECIALISTS = {"facilitair": "joost", "ict": "samira", "communicatie": "lotte", "financieel": "jelle", "personeel": "sanne"}
QUESTION = "Welke naam komt er op de pas?"
ANSWER = "Fleur Zandvliet, zonder voorletters."


def test_a_new_employee_from_the_first_question_to_the_last_task(portal: RunningPortal, open_window: OpenWindow) -> None:
    portal.move_clock(next_monday_morning())
    page, back_office, stranger = open_window(), open_window(), open_window()
    sign_in(page, "bram")
    number, code = order_new_employee(page)

    asked = next(task for task in open_tasks(portal, number) if task.state is TaskState.READY)
    first_date = expected_day(portal, number)
    ask_question(back_office, asked)
    portal.work()
    portal.move_clock(next_monday_morning() + timedelta(days=3))
    sign_in(page, "bram")  # a session lasts a working day
    answer_question(page, number)
    assert expected_day(portal, number) != first_date
    page.goto(f"/requests/{number}")
    expect(page.locator("main")).to_contain_text(expected_day(portal, number))
    expect(page.locator("main")).to_contain_text(first_date)

    departments = finish_all_tasks(portal, back_office, number)
    assert departments == set(SPECIALISTS)
    assert load_request(portal, number).state is RequestState.DONE
    page.reload()
    expect(page.locator("main .lead")).to_contain_text("klaar")

    look_with_the_code(stranger, code)
    portal.work()
    check_mails(portal, number, first_date)


def order_new_employee(page: Page) -> tuple[str, str]:
    """Walk from the catalogue through the tree and the details to the confirmation; give number and code."""
    page.goto("/catalog")
    page.click("main a[href$='/catalog/nieuwe-medewerker']")
    page.click("main a[href$='/order/nieuwe-medewerker']")
    page.check("input[name=for_whom][value=newcomer]")
    page.fill("input[name=newcomer]", NEWCOMER)
    page.press("input[name=newcomer]", "Enter")
    page.wait_for_url("**/choice")
    for option in ("new", "indefinite", "adviser"):
        page.check(f"input[name=answer][value={option}]")
        submit(page)
    fill_in_details(page)
    submit(page)
    expect(page.locator("h1")).to_have_text("Controleer uw aanvraag")
    for department in ("Facilitair", "ICT", "Communicatie", "Financieel", "Personeel"):
        expect(page.locator("main")).to_contain_text(department)
    page.click("form[action$='/submission'] button")
    page.wait_for_url(re.compile("/confirmation$"))
    text = page.locator("main").inner_text()
    number, code = re.search(r"A-\d{4}-\d{6}", text), re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}\b", text)
    assert number
    assert code
    return number[0], code[0]


def fill_in_details(page: Page) -> None:
    """Answer what must be known, each thing once; the name was given in the first step and is not asked."""
    expect(page.locator("main")).to_contain_text(NEWCOMER)
    assert not page.locator("[name=q-new_employee_name]").count()
    page.fill("[name=q-start_date]", (next_monday_morning() + timedelta(days=21)).date().isoformat())
    page.select_option("[name=q-work_location]", index=1)
    page.check("[name=q-computer_kind][value=laptop]")
    page.locator("[name=q-parking]").last.check()
    page.fill("[name=q-contract_hours]", "36")


def ask_question(back_office: Page, task: Task) -> None:
    """Put a task on hold with a question to the customer."""
    open_task(back_office, task)
    back_office.click("form[action$='/claim'] button")
    if not back_office.locator("textarea[name=note]").is_visible():
        back_office.click("details:has(textarea[name=note]) summary")
    back_office.check("input[name=reason][value=customer]")
    back_office.fill("textarea[name=note]", QUESTION)
    back_office.click("form:has(textarea[name=note]) button[type=submit]")
    expect(back_office.locator("main")).to_contain_text(QUESTION)


def answer_question(page: Page, number: str) -> None:
    """Read the question as the customer and answer it."""
    page.goto(f"/requests/{number}")
    expect(page.locator("main")).to_contain_text(QUESTION)
    page.fill("form[action$='/answers'] textarea", ANSWER)
    page.click("form[action$='/answers'] button[type=submit]")
    expect(page.locator("main")).to_contain_text(ANSWER)


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
    open_task(back_office, task)
    if back_office.locator("form[action$='/claim'] button").count():
        back_office.click("form[action$='/claim'] button")
    if back_office.locator(".action form[action$='/start'] button").count():
        back_office.click(".action form[action$='/start'] button")
    points = back_office.locator("form[action$='/checklist'] input[type=checkbox]")
    if points.count():
        for point in points.all():
            point.check()
        back_office.click("form[action$='/checklist'] button[type=submit]")
    back_office.fill(".action textarea[name=result]", "Gedaan.")
    back_office.click(".action form:has(textarea[name=result]) button[type=submit]")
    expect(back_office.locator(".action form:has(textarea[name=result])")).to_have_count(0)


def open_task(back_office: Page, task: Task) -> None:
    """Open a task as somebody of its department."""
    back_office.context.clear_cookies()
    sign_in(back_office, SPECIALISTS[task.department.code])
    back_office.goto(f"/tasks/{task.id}")


def look_with_the_code(stranger: Page, code: str) -> None:
    """Follow the request as anybody who has the code, without an account."""
    stranger.goto("/track")
    stranger.fill("main input[name=code]", code.lower().replace("-", " "))
    stranger.click("main form button[type=submit]")
    expect(stranger.locator("main")).to_contain_text("klaar")
    seen = stranger.locator("main").inner_text()
    people = (NEWCOMER, QUESTION, ANSWER, "Bram", *(name.capitalize() for name in SPECIALISTS.values()))
    assert not [word for word in people if word in seen]


def check_mails(portal: RunningPortal, number: str, first_date: str) -> None:
    """Read what the customer got: on submitting, on the question, on the new date and at the end, in Dutch."""
    texts = [mail.get_body(("plain",)).get_content() for mail in portal.mailbox.to("bram@loket.example")]  # type: ignore[union-attr]
    texts = [text for text in texts if number in text]
    assert len(texts) >= 4
    assert first_date in texts[0]
    assert any(QUESTION in text for text in texts)
    assert any(first_date in text for text in texts[1:])
    assert all("Beste" in text or "Dag" in text or "Hallo" in text for text in texts)


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
