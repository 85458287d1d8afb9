"""The pages of the catalogue, as people read them."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.catalog.agreement import ApprovalRule, Approver, ApproverKind
from portal.catalog.definition import ChoiceTree, Dependency, Need, Outcome, ProductKind, Theme, Tier, TreeOption, TreeQuestion
from portal.catalog.models import ProductVersion
from portal.people.roles import Role
from portal.planning.forecast import ladder_of
from portal.planning.models import Pace, PausePace
from portal.planning.plan import DependencyKind
from tests.catalog.examples import publish
from tests.factories import make_block, make_department, make_line, make_person, sign_in, words

Browser = Callable[[str], str]


@pytest.fixture
def english(client: FlaskClient) -> Browser:
    """Give a function that reads a page in English, without its markup."""

    def read(address: str) -> str:
        answer = client.get(address, headers={"Accept-Language": "en"})
        assert answer.status_code == 200, answer.status
        main = answer.text[answer.text.index("<main") : answer.text.index("</main>")]
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))

    return read


@pytest.fixture
def newcomer(session: Session) -> ProductVersion:
    """Publish a situation of managers with two outcomes, and one that leads to another product."""
    make_department(session, "ict")
    make_department(session, "personeel")
    make_block(session, "record", department="personeel", days=2)
    for code in ("account", "phone", "desk"):
        make_block(session, code)
    publish(session, "workplace", [make_line("desk")], kind=ProductKind.SINGLE, theme=Theme.WORKPLACE, tier=Tier.PLUS)
    options = tuple(TreeOption(code=code, label=words(code), outcome=code) for code in ("boss", "intern", "moves"))
    outcomes = (
        Outcome(code="boss", name=words("Boss"), reason=words("A boss signs."), lines=(make_line("phone", need=Need.OPTIONAL),)),
        Outcome(code="intern", name=words("Intern"), reason=words("An intern learns.")),
        Outcome(code="moves", name=words("Moves"), reason=words("Only moves."), go_to="workplace"),
    )
    question = TreeQuestion(code="kind", label=words("Which kind?"), options=options)
    return publish(
        session,
        "newcomer",
        [make_line("record"), make_line("account")],
        dependencies=(
            Dependency(block="account", after="record", kind=DependencyKind.NEEDS),
            Dependency(block="phone", after="account", kind=DependencyKind.ORDER),
        ),
        audience=frozenset({"citizen", "manager"}),
        conditions=(words("You are the manager."),),
        tree=ChoiceTree(start="kind", questions=(question,), outcomes=outcomes),
    )


@pytest.mark.usefixtures("newcomer")
def test_the_catalogue_shows_situations_and_all_products_by_theme(english: Browser) -> None:
    text = english("/catalog")
    assert re.search(r"What is going on\?.*product newcomer \(en\).*Ready within 3 to 4 working days.*All products by theme", text)
    assert re.search(r"All products by theme.*Workplace.*product workplace \(en\).*People.*product newcomer \(en\)", text)


def test_an_empty_catalogue_says_so(english: Browser) -> None:
    assert "The catalogue is still empty." in english("/catalog")
    assert english("/catalog/matrix").count("Nothing yet.") == 9


@pytest.mark.usefixtures("newcomer")
def test_the_matrix_has_a_product_in_its_cell(english: Browser, client: FlaskClient) -> None:
    assert re.search(r"Basic .*product newcomer.*Plus .*product workplace.*Supplementary", english("/catalog/matrix"))
    assert '<a href="/catalog/newcomer">product newcomer</a>' in client.get("/catalog/matrix").text


@pytest.mark.usefixtures("newcomer")
def test_a_product_page_shows_the_bundle_in_order(english: Browser) -> None:
    text = english("/catalog/newcomer")
    for part in (
        "Some sentences. (en)",
        "You are the manager. (en)",
        "Ready within 3 to 4 working days",
        "€ 20.00 to € 30.00, it depends on what you choose",
        "everybody, also without an account",
        "2 departments work on it personeel (en), ict (en)",
        "Basic, operational",
        "Moves (en): ask for product workplace (en) instead",
    ):
        assert part in text, part
    assert re.search(r"record \(en\) personeel \(en\) · norm: 2 working days", text)
    assert re.search(r"account \(en\) ict \(en\) · norm: 1 working day .*Comes after: record \(en\)", text)
    assert re.search(r"phone \(en\) .*Comes after: account \(en\) .*Included, you can leave it out", text)


@pytest.mark.usefixtures("newcomer")
def test_each_outcome_has_its_own_bundle(english: Browser) -> None:
    boss, intern = english("/catalog/newcomer?outcome=boss"), english("/catalog/newcomer?outcome=intern")
    assert "A boss signs. (en)" in boss
    assert "phone (en)" in boss
    assert "An intern learns. (en)" in intern
    assert "phone (en)" not in intern
    assert english("/catalog/newcomer?outcome=gone") == boss


@pytest.mark.usefixtures("newcomer")
def test_the_page_is_in_the_language_of_the_reader(client: FlaskClient) -> None:
    dutch = client.get("/catalog/newcomer", headers={"Accept-Language": "nl"}).text
    assert "product newcomer" in dutch
    assert "(en)" not in dutch


@pytest.mark.usefixtures("newcomer")
def test_who_is_not_signed_in_is_led_to_sign_in(client: FlaskClient) -> None:
    assert 'href="/order/newcomer"' in client.get("/catalog/newcomer").text
    answer = client.get("/order/newcomer")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize(
    ("roles", "may"), [((Role.MANAGER,), True), ((Role.SERVICE_DESK,), True), ((), False), ((Role.ADMINISTRATOR,), False)]
)
def test_only_the_audience_finds_the_page(client: FlaskClient, session: Session, roles: tuple[Role, ...], *, may: bool) -> None:
    make_department(session, "ict")
    make_block(session, "desk")
    publish(session, "office", [make_line("desk")], audience=frozenset({"manager"}))
    assert client.get("/catalog/office").status_code == 404
    sign_in(client, make_person(session, *roles, language="en"))
    answer = client.get("/catalog/office")
    assert answer.status_code == (200 if may else 404)
    assert ('href="/order/office"' in answer.text) is may


def test_an_unknown_product_is_not_found(client: FlaskClient) -> None:
    assert client.get("/catalog/gone").status_code == 404


@pytest.mark.parametrize(
    ("finished", "sentence"),
    [(5, "Lately usually 4 working days, at most 7 working hours. On time: 80%."), (4, None)],
)
def test_what_it_took_lately_stands_there_when_it_was_measured(
    english: Browser, session: Session, finished: int, sentence: str | None
) -> None:
    make_department(session, "ict")
    block = make_block(session, "desk")
    publish(session, "workplace", [make_line("desk")])
    session.add(Pace(block_id=block.block_id, expected_minutes=4 * 540, latest_minutes=400, finished=finished, finished_in_norm=4))
    session.flush()
    text = english("/catalog/workplace")
    if sentence is None:
        assert "Lately" not in text
        assert "Ready within 1 working day" in text
    else:
        assert sentence in text
        assert "Usually ready within 4 working days" in text


@pytest.mark.parametrize(
    ("address", "budget"),
    [("/catalog", 5), ("/catalog/matrix", 5), ("/catalog/departments", 3), ("/catalog/a-z", 2), ("/catalog/product1", 6)],
)
def test_a_page_takes_as_many_statements_for_many_products_as_for_one(
    client: FlaskClient, session: Session, statements: list[str], address: str, budget: int
) -> None:
    make_department(session, "ict")
    counts = []
    for number in range(1, 8):
        make_block(session, f"block{number}")
        publish(session, f"product{number}", [make_line(f"block{one}") for one in range(1, number + 1)])
        if number > 1:
            publish(session, "product1", [make_line(f"block{one}") for one in range(1, number + 1)])
        session.expunge_all()
        client.get(address)  # what stays in the process is there from now on
        statements.clear()
        client.get(address)
        counts.append(len(statements))
    assert set(counts) == {budget}


def test_an_approval_that_comes_first_is_told_and_counted(session: Session, english: Browser) -> None:
    department = make_department(session, "ict")
    make_block(session, "phone", days=2)
    by_manager = Approver(kind=ApproverKind.MANAGER)
    publish(session, "phone", [make_line("phone")], approval=ApprovalRule(approvers=(by_manager,)))
    publish(session, "cheap-phone", [make_line("phone")], approval=ApprovalRule(approvers=(by_manager,), above_cents=100))
    session.commit()
    shown = english("/catalog/phone")
    assert "This has to be approved first. That usually takes 1 working day, at most 2 working days." in shown
    assert "Ready within 3 working days" in shown
    shown = english("/catalog/cheap-phone")
    assert "Sometimes this has to be approved first." in shown
    assert "Ready within 2 to 3 working days" in shown
    session.add(PausePace(department_id=department.id, reason=ApproverKind.MANAGER, ladder=list(ladder_of(4 * 540, 6 * 540))))
    session.commit()
    assert "usually takes 4 working days, at most 6 working days" in english("/catalog/phone")
    assert "Ready within 6 working days" in english("/catalog/phone")
    assert "Ready within 6 working days" in english("/catalog")
