"""The main job, end to end: somebody starts in three weeks, five departments do their part, and everybody can follow it."""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from portal.requests.workflow import RequestState, TaskState
from tests.browser.conftest import OpenWindow, RunningPortal, next_monday_morning, sign_in
from tests.browser.steps import SPECIALISTS, answer_question, ask_question, expected_day, finish_all_tasks, load_request, open_tasks, submit

NEWCOMER = "Fleur Zandvliet"
QUESTION = "Welke naam komt er op de pas?"
ANSWER = "Fleur Zandvliet, zonder voorletters."


def test_a_new_employee_from_the_first_question_to_the_last_task(portal: RunningPortal, open_window: OpenWindow) -> None:
    portal.move_clock(next_monday_morning())
    page, back_office, stranger = open_window(), open_window(), open_window()
    sign_in(page, "bram")
    number, code = order_new_employee(page)

    asked = next(task for task in open_tasks(portal, number) if task.state is TaskState.READY)
    first_date = expected_day(portal, number)
    ask_question(back_office, asked, QUESTION)
    portal.work()
    portal.move_clock(next_monday_morning() + timedelta(days=3))
    sign_in(page, "bram")  # a session lasts a working day
    answer_question(page, number, QUESTION, ANSWER)
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
