"""The catalogue kept by its people: a copy with a new block, question and branch, agreed on by a second person, and ordered."""

import re
from itertools import count

from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.core.db import db
from portal.requests.models import Request, Task
from tests.browser.conftest import OpenWindow, RunningPortal, next_monday_morning, sign_in

CATALOG = "/manage/catalog"
DEAD_END = "Geen enkel antwoord leidt hierheen. Niemand krijgt dit te zien."
RUNS = count(1)  # each run, with and without JavaScript, gives its own names


def test_a_manager_composes_a_product_and_an_employee_orders_it(portal: RunningPortal, open_window: OpenWindow) -> None:
    portal.move_clock(next_monday_morning())
    manager, reviewer, employee = open_window(), open_window(), open_window()
    mark = str(next(RUNS))
    for page, who in ((manager, "milan"), (reviewer, "marijke"), (employee, "noor")):
        sign_in(page, who)
    before = requests_of(portal)

    question, block, product = f"sign_color_{mark}", f"wegwijzers-{mark}", f"open-dag-{mark}"
    write_question(manager, question)
    write_block(manager, block, question)
    agree(manager, reviewer, f"{CATALOG}/blocks/{block}")
    copy_bijeenkomst(manager, product)
    add_branch(manager, product, block)
    simulate(manager, product)
    agree(manager, reviewer, f"{CATALOG}/products/{product}")

    number = order(employee, product, question)
    made = requests_of(portal)
    assert before.items() <= made.items()
    assert [name for _version, tasks in [made[number]] for name, *_dates in tasks] == ["Wegwijzers"]

    shrink(manager, product)
    agree(manager, reviewer, f"{CATALOG}/products/{product}")
    assert requests_of(portal) == made
    employee.goto(f"/requests/{number}")
    expect(employee.locator("main")).to_contain_text("Wegwijzers")


def write_question(page: Page, code: str) -> None:
    """Put a question with two answers in the library."""
    page.goto(f"{CATALOG}/questions/new")
    page.fill("[name=code]", code)
    fill_pair(page, "label", "Welke kleur?", "Which colour?")
    page.select_option("[name=kind]", "one_of")
    page.fill("[name=options]", "red | Rood | Red\nblue | Blauw | Blue")
    page.check("[name=need][value=required]")
    save(page)
    expect(page.locator("main")).to_contain_text("De vraag is opgeslagen.")


def write_block(page: Page, code: str, question: str) -> None:
    """Begin a building block; a form that is not complete keeps what was typed."""
    page.goto(f"{CATALOG}/new-block")
    page.fill("[name=code]", code)
    fill_pair(page, "name", "Wegwijzers", "")
    fill_pair(page, "description", "Wij wijzen gasten de weg.", "We show guests the way.")
    page.select_option("[name=department]", "facilitair")
    fill_pair(page, "task", "Zet de borden neer.", "Put up the signs.")
    page.check(f"[name=questions][value={question}]")
    save(page)
    expect(page.locator("#name_en-error")).to_contain_text("Vul dit in")
    assert page.input_value("[name=task_nl]") == "Zet de borden neer."
    page.fill("[name=name_en]", "Signposts")
    save(page)
    expect(page.locator("h1")).to_have_text("Wegwijzers")


def copy_bijeenkomst(page: Page, code: str) -> None:
    """Begin a product as a copy."""
    page.goto(f"{CATALOG}/products/bijeenkomst")
    page.click("main a[href$='/copy']")
    page.fill("[name=code]", code)
    fill_pair(page, "name", f"Open dag {code[-1]}", f"Open day {code[-1]}")
    save(page)
    expect(page.locator("main")).to_contain_text("De kopie is een concept.")


def add_branch(page: Page, product: str, block: str) -> None:
    """Grow the tree with an outcome and an answer that leads there, and put the block in it."""
    place = f"{CATALOG}/products/{product}"
    page.goto(f"{place}/tree/outcomes/new")
    page.fill("[name=code]", "signs-only")
    fill_pair(page, "name", "Alleen borden", "Signs only")
    fill_pair(page, "reason", "U heeft verder alles.", "You have everything else.")
    save(page)
    expect(page.locator("main")).to_contain_text("Geen enkel antwoord leidt hierheen.")
    assert DEAD_END in findings(page, product)
    page.goto(f"{place}/tree/questions/internal_kind/answers/new")
    page.fill("[name=code]", "signs")
    fill_pair(page, "label", "Wij willen alleen borden", "We only want signs")
    page.select_option("[name=leads_to]", "outcome signs-only")
    save(page)
    page.goto(f"{place}/lines/signs-only/new")
    page.select_option("[name=block]", block)
    page.check("[name=need][value=required]")
    fill_pair(page, "reason", "Hier vroeg u om.", "You asked for this.")
    save(page)
    expect(page.locator("#group-signs-only")).to_have_text("Alleen borden")
    assert DEAD_END not in findings(page, product)


def findings(page: Page, product: str) -> str:
    """Give what the check of all that is on its way finds wrong with a product."""
    page.goto(f"{CATALOG}/check")
    page.click("main a[href$='drafts=yes']")
    expect(page.locator("main")).to_contain_text("onderweg")
    its_own = page.locator(f"caption a[href$='/products/{product}']")
    return "".join(page.locator(".findings").filter(has=its_own).all_inner_texts())


def simulate(page: Page, product: str) -> None:
    """Play the new branch before it is published: what people would get, who does it and when it is ready."""
    page.goto(f"{CATALOG}/products/{product}")
    page.click("main a[href$='/simulation']")
    for question, answer in (("audience_kind", "internal"), ("internal_kind", "signs")):
        page.check(f"input[name=t-{question}][value={answer}]")
        submit(page)
    played = page.locator("main")
    expect(played).to_contain_text("Wegwijzers")
    assert re.search(r"(maandag|dinsdag|woensdag|donderdag|vrijdag) \d+ \w+", played.inner_text())


def agree(manager: Page, reviewer: Page, address: str) -> None:
    """Send a draft for review, and publish it as the second person; the first cannot."""
    manager.goto(address)
    manager.click("form[action$='/review'] button")
    expect(manager.locator("form[action$='/publication']")).to_have_count(0)
    reviewer.goto(address)
    reviewer.click("form[action$='/publication'] button")
    expect(reviewer.locator("main")).to_contain_text("Gepubliceerd. Iedereen ziet het vanaf nu.")


def order(page: Page, product: str, question: str) -> str:
    """Order the product along the new branch; the new question is asked. Give the number of the request."""
    page.goto(f"/order/{product}")
    page.check("input[name=for_whom][value=self]")
    submit(page)
    for answer in ("internal", "signs"):
        page.check(f"input[name=answer][value={answer}]")
        submit(page)
    page.check(f"[name=q-{question}][value=blue]")
    submit(page)
    expect(page.locator("main")).to_contain_text("Wegwijzers")
    page.click("form[action$='/submission'] button")
    page.wait_for_url(re.compile("/confirmation$"))
    found = re.search(r"A-\d{4}-\d{6}", page.locator("main").inner_text())
    assert found
    return found[0]


def shrink(page: Page, product: str) -> None:
    """Take the block out of the branch again, in a next draft."""
    page.goto(f"{CATALOG}/products/{product}")
    page.click("form[action$='/draft'] button")
    page.goto(f"{CATALOG}/products/{product}/lines")
    page.click("form[action$='/lines/signs-only/0/removal'] button")
    expect(page.locator("main")).not_to_contain_text("Wegwijzers")


def requests_of(portal: RunningPortal) -> dict[str, tuple[int, list[tuple[object, ...]]]]:
    """Give of every request the version it was made with and its tasks with their dates."""
    with portal.app.app_context():
        tasks = db.session.scalars(select(Task).order_by(Task.request_id, Task.position)).all()
        found = db.session.scalars(select(Request)).all()
        return {
            one.number: (
                one.product_version_id,
                [(task.name.nl, task.block_version_id, task.due_at, task.state) for task in tasks if task.request_id == one.id],
            )
            for one in found
        }


def fill_pair(page: Page, name: str, dutch: str, english: str) -> None:
    """Fill in a text in both languages."""
    page.fill(f"[name={name}_nl]", dutch)
    page.fill(f"[name={name}_en]", english)


def save(page: Page) -> None:
    """Save a form of an editor."""
    page.locator("main form .buttons button").last.click()


def submit(page: Page) -> None:
    """Press the main button of a step of an order."""
    page.locator("main form .buttons button").last.click()
