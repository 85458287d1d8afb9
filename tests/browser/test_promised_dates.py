"""Dates and promises, end to end: a day that is too early, an approval, a pause, a promise, why, a smiley, and once more."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from portal.catalog.actions import publish_product
from portal.catalog.agreement import ApprovalRule, Approver, ApproverKind
from portal.catalog.memory import definition_of
from portal.catalog.queries import get_published_product
from portal.core.db import transaction
from portal.core.journal import SYSTEM
from portal.requests.workflow import RequestState, TaskState
from tests.browser.conftest import OpenWindow, RunningPortal, next_monday_morning, sign_in
from tests.browser.steps import answer_question, ask_question, expected_day, finish_all_tasks, load_request, open_tasks, submit

MANAGER, DEPUTY = "Bram", "cecile"
QUESTION = "Welke kleur moet de stoel hebben?"
ANSWER = "Donkerblauw."
PROMISE = "vertellen wanneer de monteur komt"


def test_from_a_wished_day_that_is_too_early_to_a_request_that_is_opened_again(portal: RunningPortal, open_window: OpenWindow) -> None:
    monday = next_monday_morning()
    portal.move_clock(monday)
    ask_the_manager_first(portal)
    employee, manager, deputy, office, desk = (open_window() for _ in range(5))
    let_somebody_stand_in(manager, monday)

    sign_in(employee, "noor")
    number = order_for_a_day_that_fits(employee, too_early=monday + timedelta(days=3))
    assert {task.state for task in open_tasks(portal, number)} == {TaskState.WAITING}
    approve_by_mail(portal, deputy, employee, number)

    first = next(task for task in open_tasks(portal, number) if task.state is TaskState.READY)
    promised = expected_day(portal, number)
    ask_question(office, first, QUESTION)
    employee.goto(f"/requests/{number}")
    expect(employee.locator("main")).to_contain_text("U bent aan zet")
    portal.move_clock(monday + timedelta(days=2))
    sign_in(employee, "noor")
    answer_question(employee, number, QUESTION, ANSWER)
    assert next(task for task in open_tasks(portal, number) if task.id == first.id).suspended_at is None
    assert expected_day(portal, number) != promised

    cancel_a_part(employee, number)
    promise_and_keep(portal, desk, employee, number, monday + timedelta(days=2, hours=4))

    finish_all_tasks(portal, office, number)
    assert load_request(portal, number).state is RequestState.DONE
    read_why(employee, number, promised)
    portal.work()
    rate_and_open_again(portal, deputy, number)
    assert load_request(portal, number).state is not RequestState.DONE


def ask_the_manager_first(portal: RunningPortal) -> None:
    """Publish the workplace with the approval of the manager that its conditions speak of."""
    rule = ApprovalRule(approvers=(Approver(kind=ApproverKind.MANAGER),))
    with portal.app.app_context(), transaction() as session:
        workplace = definition_of(get_published_product(session, "werkplek"))
        publish_product(session=session, definition=replace(workplace, approval=rule), by=SYSTEM, at=datetime.now(UTC))


def let_somebody_stand_in(manager: Page, today: datetime) -> None:
    """Choose a deputy for the coming month, as the manager."""
    sign_in(manager, MANAGER.lower())
    manager.goto("/account/deputy")
    manager.fill("[name=deputy]", f"{DEPUTY}@loket.example")
    manager.fill("[name=from_on]", today.date().isoformat())
    manager.fill("[name=until_on]", (today + timedelta(days=30)).date().isoformat())
    manager.locator("main form .buttons button").last.click()
    expect(manager.locator("main")).to_contain_text("Uw vervanger krijgt dezelfde mail als u")


def order_for_a_day_that_fits(page: Page, *, too_early: datetime) -> str:
    """Wish a day that is too early, read that it is not feasible, and take the first day that is; give the number."""
    page.goto("/order/werkplek")
    page.check("input[name=for_whom][value=self]")
    submit(page)
    page.fill("[name=q-wished_on]", too_early.date().isoformat())
    page.locator("[name=q-furniture]").first.check()
    page.locator("[name=q-computer_kind]").first.check()
    submit(page)
    wish = page.locator(".wish")
    expect(wish).to_contain_text("niet haalbaar")
    expect(page.locator("main")).to_contain_text("is akkoord nodig van de leidinggevende")
    wish.locator("button[name=day]").click()
    expect(wish).not_to_contain_text("niet haalbaar")
    expect(wish).to_contain_text("haalbaar")
    page.click("form[action$='/submission'] button")
    page.wait_for_url(re.compile("/confirmation$"))
    found = re.search(r"A-\d{4}-\d{6}", page.locator("main").inner_text())
    assert found
    return found[0]


def approve_by_mail(portal: RunningPortal, deputy: Page, employee: Page, number: str) -> None:
    """Follow the link of the mail as the deputy, without signing in: looking decides nothing, the button does, once."""
    portal.work()
    link = link_in(portal, f"{DEPUTY}@loket.example", number, "/approvals/")
    deputy.goto(link)
    expect(deputy.locator("main")).to_contain_text(f"U antwoordt namens {MANAGER}")
    assert {task.state for task in open_tasks(portal, number)} == {TaskState.WAITING}
    deputy.click("button[name=decision][value=approve]")
    assert TaskState.READY in {task.state for task in open_tasks(portal, number)}
    deputy.goto(link)
    expect(deputy.locator("button[name=decision]")).to_have_count(0)
    employee.goto(f"/requests/{number}")
    expect(employee.locator("main")).to_contain_text(f"namens {MANAGER}")


def cancel_a_part(page: Page, number: str) -> None:
    """Cancel one part, after reading what it does."""
    page.goto(f"/requests/{number}")
    page.click(f"main a[href$='/requests/{number}/change']")
    page.click("main a[aria-label*='Werkplek instellen']")
    expect(page.locator("main")).to_contain_text("Wat dit verandert")
    page.locator("main form .buttons button").first.click()
    page.goto(f"/requests/{number}/change")
    expect(page.locator("main a[aria-label*='Werkplek instellen']")).to_have_count(0)


def promise_and_keep(portal: RunningPortal, desk: Page, employee: Page, number: str, moment: datetime) -> None:
    """Promise to call at a moment, see it on the page of the requester at once, be reminded, and keep it."""
    sign_in(desk, "yara")
    desk.goto(f"/requests/{number}/promises/new")
    desk.fill("[name=due_on]", moment.date().isoformat())
    desk.fill("[name=due_time]", moment.strftime("%H:%M"))
    desk.check("[name=channel][value=phone]")
    desk.fill("[name=what]", PROMISE)
    desk.locator("main form .buttons button").first.click()
    employee.goto(f"/requests/{number}")
    expect(employee.locator("main")).to_contain_text(f"om {moment:%H:%M}".replace(":", "."))
    portal.move_clock(moment - timedelta(minutes=10))
    portal.work()
    reminders = [mail.get_content() for mail in plain_mails(portal, "yara@loket.example")]
    assert any(PROMISE in text for text in reminders), reminders
    desk.goto("/promises")
    desk.click(f"main a:has-text('{PROMISE}')")
    desk.fill("section[aria-labelledby=keep] [name=outcome]", "De monteur komt donderdag.")
    desk.click("section[aria-labelledby=keep] button")
    employee.goto(f"/requests/{number}")
    expect(employee.locator("main")).to_contain_text("Wij kwamen onze belofte van")


def read_why(page: Page, number: str, promised: str) -> None:
    """Read how the date came about: what was promised first, the shifts with their reasons, and what came true."""
    page.goto(f"/requests/{number}/why")
    told = page.locator("main")
    for words in ("Facilitair", promised, "stond stil tot Facilitair antwoord kreeg", "eerder klaar"):
        expect(told).to_contain_text(words)


def rate_and_open_again(portal: RunningPortal, anybody: Page, number: str) -> None:
    """Say from the mail, without signing in, that it went badly; then have it mended."""
    anybody.context.clear_cookies()
    anybody.goto(link_in(portal, "noor@loket.example", number, "/rating"))
    assert load_request(portal, number).state is RequestState.DONE
    anybody.locator("main form .buttons button").last.click()
    expect(anybody.locator("main")).to_contain_text("Dank u wel")
    anybody.click("main a:has-text('Laat het in orde maken')")
    anybody.fill("textarea[name=reason]", "De stoel wiebelt.")
    anybody.locator("[name=task]").first.check()
    anybody.locator("main form .buttons button").last.click()


def plain_mails(portal: RunningPortal, address: str) -> list:
    """List the plain parts of the mails to an address, oldest first."""
    return [mail.get_body(("plain",)) for mail in portal.mailbox.to(address)]


def link_in(portal: RunningPortal, address: str, number: str, part: str) -> str:
    """Give the newest link to such a page in the mails to an address about a request."""
    texts = [mail.get_content() for mail in plain_mails(portal, address)]
    links = [link for text in texts if number in text for link in re.findall(r"https?://\S+", text) if part in link]
    assert links, [(str(mail["To"]), str(mail["Subject"])) for mail in portal.mailbox.mails]
    return links[-1].replace(portal.app.settings.base_url, portal.address)
