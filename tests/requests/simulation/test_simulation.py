"""The simulator: the same bundle, plan and dates as an order would get, and nothing is kept."""

import re
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.catalog.actions import save_question
from portal.catalog.definition import ChoiceTree, Need, Outcome, Privacy, Question, QuestionKind, TreeOption, TreeQuestion
from portal.catalog.drafting import change_draft, start_draft
from portal.catalog.memory import definition_of
from portal.catalog.models import ProductVersion
from portal.catalog.queries import get_published_product
from portal.core.journal import Actor
from portal.people.actions import save_department
from portal.people.roles import Role
from portal.requests.models import Request, Task
from portal.requests.ordering.models import OrderDraft
from tests.factories import NOW, make_block, make_department, make_line, make_person, make_product, make_request, sign_in, words

ADDRESS = "/manage/catalog/products/newcomer/simulation"
MONDAY = "2026-11-23T10:00"


def question(code: str, kind: QuestionKind, **more: object) -> Question:
    return Question(code=code, kind=kind, label=words(f"{code}?"), need=Need.REQUIRED, privacy=Privacy.NONE, **more)  # type: ignore[arg-type]


COMPUTER = question("computer", QuestionKind.YES_NO)
WHY = question("why", QuestionKind.TEXT, when={"question": "computer", "is": True})
START = question("start", QuestionKind.DATE, not_in_past=True)


@pytest.fixture
def product(session: Session) -> ProductVersion:
    """Publish a product with a tree; an answer of the form brings a laptop, and a phone can be switched on."""
    for code in ("personeel", "ict"):
        make_department(session, code)
    for one in (COMPUTER, WHY, START):
        save_question(session=session, question=one)
    make_block(session, "record", department="personeel", days=2, questions=[COMPUTER, START])
    make_block(session, "laptop", days=3, questions=[WHY])
    make_block(session, "phone")
    make_product(session, "move", [make_line("record")])
    options = tuple(TreeOption(code=code, label=words(code), outcome=code) for code in ("boss", "moves"))
    outcomes = (
        Outcome(code="boss", name=words("Boss"), reason=words("A boss signs.")),
        Outcome(code="moves", name=words("Moves"), reason=words("Only moves."), go_to="move"),
    )
    lines = [
        make_line("record"),
        make_line("laptop", when={"question": "computer", "is": True}),
        make_line("phone", need=Need.OPTIONAL, chosen=False),
    ]
    tree = ChoiceTree(start="kind", questions=(TreeQuestion(code="kind", label=words("Which kind?"), options=options),), outcomes=outcomes)
    return make_product(session, "newcomer", lines, [("laptop", "record"), ("phone", "record")], tree=tree, wished_date="start")


@pytest.fixture
def manager(client: FlaskClient, session: Session, product: ProductVersion) -> FlaskClient:
    """Give the browser of a catalogue manager, in English."""
    del product
    sign_in(client, make_person(session, Role.CATALOGUE_MANAGER, language="en"))
    return client


def play(client: FlaskClient, **route: str) -> str:
    query = urlencode({name.replace("_", "-"): value for name, value in route.items()})
    answer = client.get(f"{ADDRESS}?{query}")
    assert answer.status_code == 200, answer.status
    main = answer.text[answer.text.index("<main") : answer.text.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def test_a_route_begins_with_the_first_question(manager: FlaskClient) -> None:
    text = play(manager)
    assert "Which kind? (en)" in text
    assert "Answer the last question to see where this route leads." in text
    assert "The form asks" not in text


def test_a_route_shows_bundle_plan_and_dates(manager: FlaskClient) -> None:
    text = play(manager, at=MONDAY, t_kind="boss")
    assert "A boss signs. (en)" in text
    assert "Asked on Mon 23 Nov, 10:00" in text
    assert re.search(r"Expected .*Wednesday 25 November 2026", text)
    assert "laptop (en)" not in text
    assert re.search(r"phone \(en\) not in this request", text)


def test_an_answer_changes_the_bundle_and_what_is_asked(manager: FlaskClient) -> None:
    text = play(manager, at=MONDAY, t_kind="boss", q_computer="yes")
    assert re.search(r"Expected .*Monday 30 November 2026", text)
    assert re.search(r"laptop \(en\) .* ict \(en\) · after record \(en\)", text)
    assert "why? (en)" in text
    assert "The form asks 3 questions" in text


def test_an_optional_line_is_switched_on_and_off(manager: FlaskClient) -> None:
    route = {"at": MONDAY, "t_kind": "boss", "shown_lines": "phone"}
    assert "€ 10.00" in play(manager, **route)
    on = play(manager, **route, line="phone")
    assert "€ 20.00" in on
    assert "not in this request" not in on


def test_the_wished_date_is_compared_with_the_plan(manager: FlaskClient) -> None:
    assert "Everything is ready in time" in play(manager, at=MONDAY, t_kind="boss", q_start="2026-12-24")
    assert "This is later than you asked for." in play(manager, at=MONDAY, t_kind="boss", q_start="2026-11-24")


def test_a_route_to_another_product_says_so(manager: FlaskClient) -> None:
    assert "This route leads to another product Simulate product move (en)" in play(manager, t_kind="moves")


@pytest.mark.parametrize(("at", "sentence"), [("tomorrow", "This moment does not exist."), ("1999-01-01T10:00", "Choose a moment between")])
def test_a_moment_that_cannot_be_is_told(manager: FlaskClient, at: str, sentence: str) -> None:
    assert sentence in play(manager, at=at, t_kind="boss")


def test_what_cannot_be_read_is_told_beside_its_question(manager: FlaskClient) -> None:
    assert "This day does not exist." in play(manager, at=MONDAY, t_kind="boss", q_start="31-02-2026")
    assert "Which kind? (en)" in play(manager, t_kind="gone")


def test_it_is_the_plan_that_an_order_gets(manager: FlaskClient, session: Session, product: ProductVersion) -> None:
    answers = {"computer": True, "why": "x", "start": "2026-12-24"}
    request = make_request(session, make_person(session), product, tree_answers={"kind": "boss"}, answers=answers)
    text = play(manager, at=MONDAY, t_kind="boss", q_computer="yes", q_why="x", q_start="2026-12-24")
    assert f"{request.expected_at.day} November 2026" in text
    assert len(request.tasks) == 2


def test_nothing_is_kept(manager: FlaskClient, session: Session, statements: list[str]) -> None:
    statements.clear()
    play(manager, at=MONDAY, t_kind="boss", q_computer="yes")
    assert not [one for one in statements if not one.lstrip().upper().startswith("SELECT")]
    for model in (OrderDraft, Request, Task):
        assert session.scalar(select(func.count()).select_from(model)) == 0


def test_a_draft_can_be_played_before_it_is_published(manager: FlaskClient, session: Session, product: ProductVersion) -> None:
    author = Actor(person_id=make_person(session, Role.CATALOGUE_MANAGER).id)
    draft = start_draft(session=session, source=product, by=author, at=NOW)
    lines = (*definition_of(product).lines[:2], make_line("phone"))
    change_draft(session=session, version=draft, definition=replace(definition_of(product), lines=lines), edition=1, by=author, at=NOW)
    text = play(manager, at=MONDAY, t_kind="boss")
    assert "Version 2, not published yet Version 1, published" in text
    assert "not in this request" not in text
    assert "not in this request" in play(manager, at=MONDAY, t_kind="boss", version="1")
    assert get_published_product(session, "newcomer").number == 1


def test_a_draft_with_faults_cannot_be_played(manager: FlaskClient, session: Session, product: ProductVersion) -> None:
    author = Actor(person_id=make_person(session, Role.CATALOGUE_MANAGER).id)
    draft = start_draft(session=session, source=product, by=author, at=NOW)
    broken = replace(definition_of(product), lines=(make_line("gone"),))
    change_draft(session=session, version=draft, definition=broken, edition=1, by=author, at=NOW)
    assert "This version cannot be played yet See what has to be mended first" in play(manager, t_kind="boss")


def test_a_department_that_never_opens_is_told(manager: FlaskClient, session: Session) -> None:
    save_department(session=session, code="closed", name=words("closed"))
    make_block(session, "record", department="closed", questions=[COMPUTER, START])
    assert "A department on this route has no opening hours" in play(manager, at=MONDAY, t_kind="boss")


@pytest.mark.parametrize("address", ["/manage/catalog/products/gone/simulation", f"{ADDRESS}?version=99"])
def test_what_is_not_there_is_not_found(manager: FlaskClient, address: str) -> None:
    assert manager.get(address).status_code == 404


@pytest.mark.usefixtures("product")
@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_others_may_not_enter(client: FlaskClient, session: Session, role: Role) -> None:
    sign_in(client, make_person(session, role))
    assert client.get(ADDRESS).status_code == 403


@pytest.mark.usefixtures("product")
def test_who_is_not_signed_in_is_led_to_sign_in(client: FlaskClient) -> None:
    answer = client.get(ADDRESS)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=")


def test_the_page_is_in_dutch_too(client: FlaskClient, session: Session, product: ProductVersion) -> None:
    del product
    sign_in(client, make_person(session, Role.CATALOGUE_MANAGER, language="nl"))
    text = play(client, at=MONDAY, t_kind="boss", q_computer="yes")
    assert "(en)" not in text
    assert "Toon het plan" in text


def test_a_page_takes_as_many_statements_for_many_blocks_as_for_one(client: FlaskClient, session: Session, statements: list[str]) -> None:
    make_department(session, "ict")
    sign_in(client, make_person(session, Role.CATALOGUE_MANAGER))
    counts = []
    for number in range(1, 5):
        make_block(session, f"block{number}")
        make_product(session, "newcomer", [make_line(f"block{one}") for one in range(1, number + 1)])
        session.expunge_all()
        client.get(ADDRESS)  # what stays in the process is there from now on
        statements.clear()
        client.get(ADDRESS)
        counts.append(len(statements))
    assert len(set(counts)) == 1
    assert counts[0] <= 11


def test_a_colleague_is_chosen_on_a_route(client: FlaskClient, session: Session) -> None:
    make_department(session, "ict")
    boss, found = question("boss", QuestionKind.PERSON), make_person(session, name="Jan de Boer")
    save_question(session=session, question=boss)
    make_block(session, "desk", questions=[boss])
    make_product(session, "newcomer", [make_line("desk")])
    sign_in(client, make_person(session, Role.CATALOGUE_MANAGER))
    page = client.get(f"{ADDRESS}?at={MONDAY}&q-boss=boer").text
    assert re.search(rf'checked[^>]* name="q-boss-id"[^>]* value="{found.id}"', page)
