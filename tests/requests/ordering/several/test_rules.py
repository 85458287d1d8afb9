"""What is shared and what is asked of each person; the work of each is that of an order apart."""

from itertools import count
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from portal.catalog.bundle import all_questions
from portal.catalog.codec import block_as_data
from portal.catalog.definition import (
    BlockDefinition,
    Level,
    Need,
    Option,
    Privacy,
    ProductDefinition,
    ProductKind,
    Question,
    QuestionKind,
    Theme,
    Tier,
)
from portal.catalog.memory import block_definition_of
from portal.catalog.models import BlockVersion
from portal.people.models import Person
from portal.planning.norm import Norm, NormUnit
from portal.requests.fanout import plan_tasks
from portal.requests.ordering.content import Choices, content_of
from portal.requests.ordering.models import OrderDraft
from portal.requests.ordering.several.models import FurtherBeneficiary
from portal.requests.ordering.several.queries import Several
from portal.requests.ordering.several.rules import (
    answers_of_one,
    codes_per_person,
    first_double,
    names_in,
    proposed_answers,
    questions_of_one,
)
from tests.factories import make_line, words

CODES: Final = ("a", "b", "c", "d", "e")
VALUES: Final = ("x", "y")
_fingerprints = count()


def question(code: str, kind: QuestionKind = QuestionKind.TEXT, need: Need = Need.OPTIONAL, **more: Any) -> Question:
    more = {"privacy": Privacy.NONE, **more}
    options = tuple(Option(code=value, label=words(value)) for value in VALUES) if kind is QuestionKind.ONE_OF else ()
    return Question(code=code, kind=kind, label=words(code), need=need, options=options, **more)


def test_what_hangs_on_an_answer_per_person_is_asked_per_person() -> None:
    plate = question("plate", when={"question": "parking", "is": True})
    colour = question("colour", when={"all": [{"question": "plate", "is_answered": True}]})
    asked = [colour, plate, question("parking", QuestionKind.YES_NO, per_person=True), question("place")]
    assert codes_per_person(asked) == {"parking", "plate", "colour"}


def test_only_what_is_not_the_persons_own_comes_from_the_first() -> None:
    counted = answers_of_one(
        shared={"place": "north", "begin": "old", "gone": "hidden"},
        own={"place": "mine", "begin": "new", "extra": "only here"},
        asked_first=["place", "begin"],
        per_person=frozenset({"begin"}),
    )
    assert counted == {"place": "north", "begin": "new", "extra": "only here"}


def test_a_file_is_asked_of_the_first_only() -> None:
    asked = [question("begin"), question("place"), question("plan", QuestionKind.FILE), question("extra")]
    found = questions_of_one(asked, asked_first=["begin", "place"], per_person=frozenset({"begin"}))
    assert [one.code for one in found] == ["begin", "extra"]


def test_what_is_typed_or_sensitive_is_not_filled_in_beforehand() -> None:
    asked = [
        question("hours", QuestionKind.NUMBER),
        question("mail", QuestionKind.EMAIL),
        question("scale", QuestionKind.NUMBER, privacy=Privacy.SENSITIVE),
        question("open", QuestionKind.NUMBER),
    ]
    assert proposed_answers(asked, {"hours": 32, "mail": "a@b.nl", "scale": 10}) == {"hours": 32}


def test_names_stand_one_on_a_line() -> None:
    assert names_in(" Daan  Stage \r\n\n\tSem\n") == ["Daan Stage", "Sem"]


def test_a_name_stands_once() -> None:
    assert first_double(["Daan", "Sem"], there=["Fleur"]) is None
    assert first_double(["Daan", "FLEUR"], there=["Fleur"]) == "FLEUR"
    assert first_double(["Élise", "élise"], there=[]) == "élise"


@st.composite
def products(draw: st.DrawFn) -> tuple[ProductDefinition, dict[str, BlockVersion]]:
    """Make a product of which blocks and questions hang on answers; a question hangs on one before it."""
    asked = [
        question(
            code,
            QuestionKind.ONE_OF,
            per_person=draw(st.booleans()),
            when=draw(st.none() | st.sampled_from(CODES[:index]).map(lambda one: {"question": one, "is": "x"})) if index else None,
        )
        for index, code in enumerate(CODES)
    ]
    blocks = [
        BlockDefinition(
            code=f"block-{index}",
            name=words("block"),
            description=words("block"),
            department="ict",
            norm=Norm(1, NormUnit.WORKING_DAYS),
            task=words("task"),
            checklist=(),
            questions=tuple(draw(st.lists(st.sampled_from(asked), unique_by=lambda one: one.code, max_size=3))),
        )
        for index in range(3)
    ]
    conditions = st.none() | st.sampled_from(CODES).map(lambda one: {"question": one, "is": "y"})
    lines = [make_line(block.code, when=draw(conditions)) for block in blocks]
    definition = ProductDefinition(
        code="product",
        kind=ProductKind.SITUATION,
        tier=Tier.BASIC,
        level=Level.OPERATIONAL,
        owner="ict",
        theme=Theme.PEOPLE,
        icon="person",
        name=words("product"),
        summary=words("product"),
        description=words("product"),
        conditions=(),
        audience=frozenset({"employee"}),
        lines=tuple(lines),
        dependencies=(),
    )
    versions = {one.code: BlockVersion(definition=block_as_data(one), fingerprint=f"several-{next(_fingerprints)}") for one in blocks}
    return definition, versions


answers = st.dictionaries(st.sampled_from(CODES), st.sampled_from(VALUES))


@given(products(), answers, answers)
def test_the_work_for_each_person_is_that_of_an_order_apart(
    product: tuple[ProductDefinition, dict[str, BlockVersion]], shared: dict[str, str], own: dict[str, str]
) -> None:
    definition, versions = product
    requester = Person(id=1, name="Mirjam", email="", phone="", department=None, location=None)
    draft = OrderDraft(requester=requester, tree_answers={}, answers=shared, skipped=[], added=[])
    first = content_of(definition, Choices(tree_answers={}, answers=shared, skipped=[], added=[], facts={}), versions)
    per_person = codes_per_person(all_questions([block_definition_of(one) for one in versions.values()]))
    several = Several(draft=draft, content=first, versions=versions, per_person=per_person)
    share = several.share_of(FurtherBeneficiary(id=1, beneficiary=None, beneficiary_name="Daan", answers=own))
    typed = {one.code: share.content.answers[one.code] for one in share.content.questions if one.code in share.content.answers}
    apart = content_of(definition, Choices(tree_answers={}, answers=typed, skipped=[], added=[], facts={}), versions)
    assert (apart.lines, apart.questions, apart.answers) == (share.content.lines, share.content.questions, share.content.answers)
    assert plan_tasks(definition=definition, lines=apart.lines) == plan_tasks(definition=definition, lines=share.content.lines)
    asked_first = {one.code for one in first.questions}
    for one in share.content.questions:
        is_own = one in share.asked
        assert is_own == (one.code in per_person or one.code not in asked_first)
        assert share.content.answers.get(one.code) == (own if is_own else shared).get(one.code)
