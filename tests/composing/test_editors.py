"""The editors: what is typed becomes the draft, what is wrong is told beside the field, and nobody is overwritten unseen."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.definition import BlockDefinition, CatalogueKind, ProductDefinition
from portal.catalog.memory import read_definition
from portal.catalog.models import QuestionRecord
from portal.catalog.queries import get_version, list_versions, questions_by_code
from portal.core.journal import list_entries
from portal.people.roles import Role
from tests.composing.conftest import words_of
from tests.factories import make_person, sign_in, words

PRODUCT = "/manage/catalog/products/newcomer"
BLOCK = "/manage/catalog/blocks/laptop"

LAPTOP: dict[str, Any] = {
    "name_nl": "Laptop",
    "name_en": "Laptop",
    "description_nl": "U krijgt een laptop.",
    "description_en": "You get a laptop.",
    "department": "ict",
    "norm_amount": "4",
    "norm_unit": "working_hours",
    "task_nl": "Maak hem klaar.",
    "task_en": "Prepare it.",
    "checklist_nl": "Opladen\nInstalleren",
    "checklist_en": "Charge\r\nInstall",
    "questions": [],
}
QUESTION: dict[str, Any] = {
    "code": "screen",
    "kind": "one_of",
    "label_nl": "Welk scherm?",
    "label_en": "Which screen?",
    "need": "required",
    "privacy": "none",
    "options": "small | Klein | Small\nlarge | Groot | Large",
    "when_question": "",
}
LINE: dict[str, Any] = {"need": "required", "reason_nl": "Daarom.", "reason_en": "Because.", "when_question": ""}


def product_now(session: Session, code: str = "newcomer") -> ProductDefinition:
    session.expire_all()
    definition = read_definition(list_versions(session, CatalogueKind.PRODUCTS, code)[0])
    assert isinstance(definition, ProductDefinition)
    return definition


def block_now(session: Session, code: str = "laptop") -> BlockDefinition:
    session.expire_all()
    definition = read_definition(list_versions(session, CatalogueKind.BLOCKS, code)[0])
    assert isinstance(definition, BlockDefinition)
    return definition


@pytest.fixture
def drafts(author: FlaskClient) -> FlaskClient:
    """Give the browser of a manager who began drafts of the product and of a block."""
    for address in (PRODUCT, BLOCK):
        assert author.post(f"{address}/draft").status_code == 303
    return author


def save(client: FlaskClient, address: str, edition: int = 1, **fields: Any) -> tuple[int, str]:
    answer = client.post(address, data={"edition": edition, **fields}, follow_redirects=True)
    return answer.status_code, words_of(answer)


def test_a_block_is_changed(drafts: FlaskClient, session: Session) -> None:
    status, text = save(drafts, f"{BLOCK}/text", **LAPTOP)
    assert (status, "The draft is saved." in text) == (200, True)
    block = block_now(session)
    assert (block.name.nl, block.norm.amount, block.norm.unit) == ("Laptop", 4, "working_hours")
    assert [point.en for point in block.checklist] == ["Charge", "Install"]
    assert save(drafts, f"{BLOCK}/text", edition=2, **LAPTOP)[0] == 200
    assert "Norm 1 working day 4 working hours" in text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name_en": ""}, "Name in English Fill this in."),
        ({"name_en": "", "task_nl": " "}, "There are 2 things to check"),
        ({"norm_amount": "0"}, "Norm Use a number of 1 or more."),
        ({"checklist_en": "Charge"}, "Checklist in Dutch"),
        ({"department": "gone"}, "This department does not exist."),
    ],
)
def test_what_is_wrong_with_a_block_stands_beside_the_field(drafts: FlaskClient, wrong: dict[str, str], sentence: str) -> None:
    status, text = save(drafts, f"{BLOCK}/text", **(LAPTOP | wrong))
    assert (status, sentence in text) == (422, True), text


def test_two_people_in_one_draft_never_overwrite_each_other_unseen(drafts: FlaskClient, reviewer: FlaskClient, session: Session) -> None:
    save(drafts, f"{BLOCK}/text", **LAPTOP)
    answer = reviewer.post(f"{BLOCK}/text", data={"edition": 1, **LAPTOP, "norm_amount": "9", "name_nl": "Draagbare computer"})
    text = words_of(answer)
    assert answer.status_code == 409
    assert "Somebody changed this draft while you were working on it." in text
    assert "Norm 4 working hours 9 working hours" in text
    assert 'value="Draagbare computer"' in answer.text
    assert 'name="edition" type="hidden" value="2"' in answer.text
    assert block_now(session).norm.amount == 4
    assert save(reviewer, f"{BLOCK}/text", edition=2, **(LAPTOP | {"norm_amount": "9"}))[0] == 200
    assert block_now(session).norm.amount == 9


def test_a_new_block_asks_a_new_question(author: FlaskClient, session: Session) -> None:
    assert "The question is saved." in save(author, "/manage/catalog/questions/new", **QUESTION)[1]
    assert [option.label.nl for option in questions_by_code(session)["screen"].options] == ["Klein", "Groot"]
    status, text = save(author, "/manage/catalog/new-block", **(LAPTOP | {"code": "screen", "questions": ["screen"]}))
    assert (status, "began version 1." in text) == (200, True)
    assert [question.code for question in block_now(session, "screen").questions] == ["screen"]
    status, text = save(author, "/manage/catalog/new-block", **(LAPTOP | {"code": "screen"}))
    assert (status, "This code is used already." in text) == (422, True)
    status, text = save(author, "/manage/catalog/new-block", **(LAPTOP | {"code": "No good"}))
    assert (status, "Use small letters, digits and hyphens only." in text) == (422, True)


@pytest.mark.parametrize(
    ("address", "also_empty"),
    [
        ("new-product", "Name in Dutch"),
        ("new-block", "Name in English"),
        ("questions/new", "Question in Dutch"),
        ("products/newcomer/copy", "Name in English"),
    ],
)
def test_an_empty_code_is_told_in_the_first_round_at_the_field(author: FlaskClient, address: str, also_empty: str) -> None:
    answer = author.post(f"/manage/catalog/{address}", data={"code": " "})
    assert answer.status_code == 422
    for place in ('<a href="#code">Code: Fill this in.', f"{also_empty}: Fill this in."):
        assert place in answer.text


def test_a_question_is_changed_and_may_hang_on_another(author: FlaskClient, session: Session) -> None:
    save(author, "/manage/catalog/questions/new", **QUESTION)
    size = QUESTION | {"code": "size", "kind": "number", "options": "", "at_least": "2", "when_question": "screen"}
    status, text = save(author, "/manage/catalog/questions/new", **size, when_comparison="is", when_value="Enormous")
    assert (status, "This answer does not exist." in text) == (422, True)
    save(author, "/manage/catalog/questions/new", **size, when_comparison="is", when_value="large")
    assert questions_by_code(session)["size"].when == {"question": "screen", "is": "large"}
    assert 'value="Large"' in author.get("/manage/catalog/questions/size").text
    circle = QUESTION | {"when_question": "size", "when_comparison": "at_least", "when_value": "3"}
    status, text = save(author, "/manage/catalog/questions/screen", **circle)
    assert (status, "in a circle" in text) == (422, True)
    save(author, "/manage/catalog/questions/screen", **(QUESTION | {"label_nl": "Hoe groot?"}))
    assert questions_by_code(session)["screen"].label.nl == "Hoe groot?"
    status, text = save(author, "/manage/catalog/questions/screen", **(QUESTION | {"label_nl": "Hoe breed?"}))
    assert (status, "Question or answer: Dutch Hoe groot? Hoe breed?" in text) == (409, True), text
    assert questions_by_code(session)["screen"].label.nl == "Hoe groot?"
    question_id = session.scalars(select(QuestionRecord.id).where(QuestionRecord.code == "screen")).one()
    entries = list_entries(session, stream=f"question:{question_id}")
    assert [entry.type for entry in entries] == ["question_saved", "question_saved"]


def test_a_question_can_differ_per_person(author: FlaskClient, session: Session) -> None:
    save(author, "/manage/catalog/questions/new", **QUESTION, per_person="y")
    assert questions_by_code(session)["screen"].per_person
    status, text = save(author, "/manage/catalog/questions/screen", **QUESTION)
    assert (status, questions_by_code(session)["screen"].per_person) == (200, False)
    status, text = save(author, "/manage/catalog/questions/screen", **QUESTION, per_person="y")
    assert (status, "Differs per person not there yes" in text) == (409, True), text


def test_the_texts_of_a_product_are_changed(drafts: FlaskClient, session: Session) -> None:
    assert "product newcomer" in drafts.get(f"{PRODUCT}/text").text
    fields = {
        **{f"{name}_{language}": f"{name} {language}" for name in ("name", "summary", "description") for language in ("nl", "en")},
        "conditions_nl": "Een.\nTwee.",
        "conditions_en": "One.\nTwo.",
        "kind": "single",
        "tier": "plus",
        "level": "tactical",
        "theme": "ict",
        "owner": "personeel",
        "icon": "desk",
        "audience": ["employee", "manager"],
        "wished_date": "",
    }
    assert "The draft is saved." in save(drafts, f"{PRODUCT}/text", **fields)[1]
    product = product_now(session)
    assert (product.summary.en, product.tier, product.owner, len(product.conditions)) == ("summary en", "plus", "personeel", 2)
    assert len(product.lines) == 3
    status, text = save(drafts, f"{PRODUCT}/text", edition=2, **(fields | {"conditions_en": "One."}))
    assert (status, "Fill this in." in text) == (422, True)


def test_a_copy_begins_as_a_draft(author: FlaskClient, session: Session) -> None:
    assert author.get(f"{PRODUCT}/copy").status_code == 200
    status, text = save(author, f"{PRODUCT}/copy", code="newcomer", name_nl="Kopie", name_en="Copy")
    assert (status, "This code is used already." in text) == (422, True)
    status, text = save(author, f"{PRODUCT}/copy", code="newcomer-2", name_nl="Kopie", name_en="Copy")
    assert (status, "The copy is a draft." in text) == (200, True)
    copy = product_now(session, "newcomer-2")
    assert (copy.name.nl, copy.lines) == ("Kopie", product_now(session).lines)


def test_lines_are_put_in_order_by_buttons(drafts: FlaskClient, session: Session) -> None:
    text = words_of(drafts.get(f"{PRODUCT}/lines"))
    assert "1 record (en) required because of record (en) Down Take out" in text
    save(drafts, f"{PRODUCT}/lines/always/0/down")
    assert [line.block for line in product_now(session).lines] == ["account", "record", "laptop"]
    save(drafts, f"{PRODUCT}/lines/always/2/up", edition=2)
    assert [line.block for line in product_now(session).lines] == ["account", "laptop", "record"]
    save(drafts, f"{PRODUCT}/lines/always/0/removal", edition=3)
    assert [line.block for line in product_now(session).lines] == ["laptop", "record"]
    assert not product_now(session).dependencies
    status, text = save(drafts, f"{PRODUCT}/lines/always/0/down", edition=1)
    assert (status, "Somebody changed this draft" in text) == (409, True)
    assert drafts.post(f"{PRODUCT}/lines/always/9/up", data={"edition": 4}).status_code == 404


def test_a_line_has_a_condition_and_comes_after_others(drafts: FlaskClient, session: Session) -> None:
    save(drafts, f"{PRODUCT}/lines/always/2", **(LINE | {"block": "laptop", "need": "optional", "needs": ["record"], "later": ["account"]}))
    product = product_now(session)
    assert [(one.block, one.after, one.kind) for one in product.dependencies] == [
        ("account", "record", "needs"),
        ("laptop", "record", "needs"),
        ("laptop", "account", "order"),
    ]
    assert (product.lines[2].need, product.lines[2].chosen) == ("optional", False)
    save(drafts, f"{PRODUCT}/lines/always/2/removal", edition=2)
    status, text = save(drafts, f"{PRODUCT}/lines/always/new", edition=3, **(LINE | {"block": "laptop", "reason_en": ""}))
    assert (status, "Reason in English Fill this in." in text) == (422, True)
    save(drafts, f"{PRODUCT}/lines/always/new", edition=3, **(LINE | {"block": "laptop"}))
    assert [line.block for line in product_now(session).lines] == ["record", "account", "laptop"]
    status, text = save(drafts, f"{PRODUCT}/lines/always/0", edition=4, **(LINE | {"block": "record", "needs": ["laptop"]}))
    assert status == 200
    save(drafts, f"{PRODUCT}/lines/always/2", edition=5, **(LINE | {"block": "laptop", "needs": ["record"]}))
    assert "in a circle" in words_of(drafts.get(f"{PRODUCT}/lines"))
    assert "Send for review" not in words_of(drafts.get(PRODUCT))


def test_a_choice_tree_grows_and_is_pruned(drafts: FlaskClient, session: Session) -> None:
    tree = f"{PRODUCT}/tree"
    assert "There is no choice tree" in words_of(drafts.get(tree))
    label = {"label_nl": "Waar?", "label_en": "Where?"}
    assert "Where?" in save(drafts, f"{tree}/questions/new", code="place", **label)[1]
    status, text = save(drafts, f"{tree}/questions/new", edition=2, code="place", **label)
    assert (status, "This code is used already." in text) == (422, True)
    outcome = {"name_nl": "Thuis", "name_en": "At home", "reason_nl": "Omdat.", "reason_en": "Because.", "ends_in": "bundle"}
    assert "(no answer leads here)" in save(drafts, f"{tree}/outcomes/new", edition=2, code="home", **outcome)[1]
    status, text = save(drafts, f"{tree}/questions/place/answers/new", edition=3, code="h", leads_to="", **label)
    assert (status, "Choose where this answer leads" in text) == (422, True)
    answer = {"label_nl": "Thuis", "label_en": "Home", "leads_to": "outcome home"}
    assert "Where? Add an answer : Where? Take out Home At home Take out" in save(
        drafts, f"{tree}/questions/place/answers/new", edition=3, code="h", **answer
    )[1].replace("  ", " ")
    save(
        drafts,
        f"{PRODUCT}/lines/home/new",
        edition=4,
        **(LINE | {"block": "laptop", "when_question": "place", "when_comparison": "not_is", "when_value": "Home"}),
    )
    line = product_now(session).tree.outcomes[0].lines[0]  # type: ignore[union-attr]
    assert line.when == {"not": {"question": "place", "is": "h"}}
    assert 'value="Home"' in drafts.get(f"{PRODUCT}/lines/home/0").text
    save(drafts, f"{tree}/outcomes/home", edition=5, **(outcome | {"name_nl": "Bij u thuis"}))
    assert product_now(session).tree.outcomes[0].lines == (line,)  # type: ignore[union-attr]
    save(drafts, f"{tree}/questions/place", edition=6, label_nl="Waarheen?", label_en="Where to?")
    for name, edition in (("questions/place/answers/h", 7), ("outcomes/home", 8), ("questions/place", 9)):
        assert save(drafts, f"{tree}/{name}/removal", edition=edition)[0] == 200
    assert product_now(session).tree is None


@pytest.mark.parametrize("address", [f"{PRODUCT}/text", f"{PRODUCT}/lines", f"{PRODUCT}/tree", f"{BLOCK}/text"])
def test_only_a_draft_is_changed(author: FlaskClient, address: str) -> None:
    assert author.get(address).status_code == 404
    page = address.rpartition("/")[0]
    author.post(f"{page}/draft")
    assert author.get(address).status_code == 200
    author.post(f"{PRODUCT}/lines/always/0/down", data={"edition": 1})
    author.post(f"{BLOCK}/text", data={"edition": 1, **LAPTOP})
    author.post(f"{page}/2/review", data={"edition": 2})
    assert author.get(address).status_code == 409


@pytest.mark.usefixtures("product")
def test_only_catalogue_managers_write(client: FlaskClient, session: Session) -> None:
    assert client.get("/manage/catalog/questions").status_code == 303
    sign_in(client, make_person(session, Role.COORDINATOR))
    for address in (f"{PRODUCT}/text", f"{BLOCK}/text", "/manage/catalog/questions/new"):
        assert client.get(address).status_code == 403
        assert client.post(address).status_code == 403


def test_the_words_of_a_manager_are_never_lost(drafts: FlaskClient, session: Session) -> None:
    draft = get_version(session, CatalogueKind.PRODUCTS, "newcomer", 2)
    assert draft.name == words("product newcomer")
    assert 'value="Half"' in drafts.post(f"{BLOCK}/text", data={"edition": 1, **LAPTOP, "name_nl": "Half", "name_en": ""}).text
