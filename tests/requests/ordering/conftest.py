"""A product with a choice tree, questions that depend on each other, and an optional line; and a way through its pages."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.catalog.actions import save_question
from portal.catalog.definition import ChoiceTree, Need, Option, Outcome, Privacy, Question, QuestionKind, TreeOption, TreeQuestion
from portal.core.references import new_token
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.ordering.models import OrderDraft
from tests.factories import make_block, make_department, make_line, make_person, make_product, sign_in, words


def load_draft(session: Session) -> OrderDraft:
    """Give the only draft there is, as it is stored now."""
    session.expire_all()
    return session.scalars(select(OrderDraft)).one()


def make_question(code: str, kind: QuestionKind = QuestionKind.TEXT, need: Need = Need.REQUIRED, **more: Any) -> Question:
    return Question(code=code, kind=kind, label=words(f"question {code}"), need=need, privacy=Privacy.NONE, **more)


QUESTIONS = (
    make_question("name", known="beneficiary.name"),
    make_question("begin", QuestionKind.DATE, not_in_past=True, per_person=True),
    make_question("hours", QuestionKind.NUMBER, at_least=1, at_most=40),
    make_question("parking", QuestionKind.YES_NO, per_person=True),
    make_question("plate", when={"question": "parking", "is": True}),
    make_question("remark", QuestionKind.LONG_TEXT, Need.OPTIONAL),
    make_question("scale", need=Need.RECOMMENDED),
)
COLOUR = make_question(
    "colour", QuestionKind.ONE_OF, options=(Option(code="red", label=words("red")), Option(code="blue", label=words("blue")))
)
PLANE = make_question("plane", when={"question": "outcome", "is": "temporary"})


@dataclass
class Browser:
    """Fills in forms as the pages show them: every hidden field of the form goes along."""

    client: FlaskClient
    page: TestResponse | None = None
    addresses: list[str] = field(default_factory=list)

    def get(self, address: str) -> TestResponse:
        return self._shown(self.client.get(address, follow_redirects=True))

    def send(self, action: str, **values: Any) -> TestResponse:
        """Send the form of the page whose address ends with `action`."""
        assert self.page is not None
        forms = re.findall(r'<form method="post" action="([^"]+)"(.*?)</form>', self.page.text, re.DOTALL)
        address, inside = next(one for one in forms if one[0].endswith(action))
        inputs = [dict(re.findall(r'([\w-]+)="([^"]*)"', one)) for one in re.findall(r"<input[^>]*>", inside)]
        hidden = {one["name"]: one["value"] for one in inputs if one.get("type") == "hidden"}
        data = {**hidden, **{name.replace("__", "-"): value for name, value in values.items()}}
        return self._shown(self.client.post(address, data=data, follow_redirects=True))

    def _shown(self, page: TestResponse) -> TestResponse:
        self.page = page
        self.addresses.append(page.request.path)
        return page

    @property
    def address(self) -> str:
        return self.addresses[-1]

    @property
    def step(self) -> str:
        return self.address.rsplit("/", 1)[-1]


@pytest.fixture
def product(session: Session) -> str:
    """Publish the product `newcomer`, for managers, and `other`, for everybody."""
    make_department(session, "personeel")
    make_department(session, "ict")
    for question in (*QUESTIONS, COLOUR, PLANE):
        save_question(session=session, question=question)
    make_block(session, "record", department="personeel", questions=QUESTIONS)
    make_block(session, "account", questions=(PLANE,))
    make_block(session, "phone", questions=(COLOUR,), days=5)
    make_block(session, "desk")
    make_product(session, "other", [make_line("desk")])
    tree = ChoiceTree(
        start="employment",
        questions=(
            _asked(
                "employment",
                TreeOption(code="new", label=words("new"), next="term"),
                _leads("existing", "elsewhere"),
                _leads("self", "read"),
            ),
            _asked("term", _leads("long", "permanent"), _leads("short", "temporary")),
        ),
        outcomes=(
            Outcome(code="permanent", name=words("permanent"), reason=words("reason"), lines=(make_line("account"),)),
            Outcome(code="temporary", name=words("temporary"), reason=words("reason"), lines=(make_line("account"),)),
            Outcome(code="read", name=words("read"), reason=words("you can do it yourself"), article=words("first this\nthen that")),
            Outcome(code="elsewhere", name=words("elsewhere"), reason=words("you only need a desk"), go_to="other"),
        ),
    )
    lines = [make_line("record"), make_line("phone", need=Need.OPTIONAL, chosen=False)]
    more = {"tree": tree, "audience": frozenset({"manager"}), "wished_date": "begin"}
    make_product(session, "newcomer", lines, [("account", "record")], **more)
    return "newcomer"


@pytest.fixture
def manager(session: Session) -> Person:
    return make_person(session, Role.MANAGER, name="Mirjam Aanvrager", language="en")


@pytest.fixture
def browser(client: FlaskClient, product: str, manager: Person) -> Browser:
    """Sign the manager in."""
    del product
    sign_in(client, manager)
    return Browser(client)


@pytest.fixture
def begun(browser: Browser) -> Browser:
    """Begin an order for somebody who does not work here yet."""
    browser.get("/order/newcomer")
    browser.send("/drafts", for_whom="newcomer", newcomer="Fleur Nieuw", form_key=new_token())
    return browser


@pytest.fixture
def chosen(begun: Browser) -> Browser:
    """Walk the choice tree to `permanent`."""
    begun.send("/choice", answer="new")
    begun.send("/choice", answer="long")
    return begun


DETAILS = {"q__begin": "2027-12-01", "q__hours": "32", "q__parking": "no"}


@pytest.fixture
def filled(chosen: Browser) -> Browser:
    """Fill in the details."""
    chosen.send("/details", **DETAILS)
    return chosen


@pytest.fixture
def sheet(filled: Browser) -> Browser:
    """Open the page on which more people are added."""
    filled.get(filled.address.replace("check", "others"))
    return filled


def _asked(code: str, *options: TreeOption) -> TreeQuestion:
    return TreeQuestion(code=code, label=words(f"tree {code}"), options=options)


def _leads(code: str, outcome: str) -> TreeOption:
    return TreeOption(code=code, label=words(code), outcome=outcome)
