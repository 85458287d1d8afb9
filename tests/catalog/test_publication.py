"""Publishing versions, and finding what is published."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.catalog.actions import publish_block, publish_product, save_question
from portal.catalog.agreement import Price
from portal.catalog.definition import BlockDefinition, Need, Privacy, Question, QuestionKind
from portal.catalog.memory import block_definition_of, definition_of, variants_of
from portal.catalog.models import BlockVersion, ProductVersion, QuestionRecord
from portal.catalog.queries import (
    block_outlines,
    get_published_product,
    list_published_products,
    names_of_products,
    published_blocks,
    questions_by_code,
)
from portal.catalog.workflow import VersionState
from portal.core.errors import InvalidInputError, NotFoundError
from portal.core.journal import SYSTEM, list_entries
from portal.planning.norm import Norm, NormUnit
from tests.catalog.examples import product_with, publish
from tests.factories import NOW, make_block, make_department, make_line, words

START = Question(code="start_date", kind=QuestionKind.DATE, label=words("When?"), need=Need.REQUIRED, privacy=Privacy.NONE)


def desk(**more: object) -> BlockDefinition:
    definition = BlockDefinition(
        code="desk",
        name=words("desk"),
        description=words("You get a desk."),
        department="ict",
        norm=Norm(3, NormUnit.WORKING_DAYS),
        task=words("Place it."),
        checklist=(),
        questions=(START,),
    )
    return replace(definition, **more)  # type: ignore[arg-type]


def publish_desk(session: Session, **more: object) -> BlockVersion:
    return publish_block(session=session, definition=desk(**more), by=SYSTEM, at=NOW)


@pytest.fixture
def library(session: Session) -> Session:
    """Give a session with a department and a question."""
    make_department(session, "ict")
    save_question(session=session, question=START)
    return session


def test_the_same_content_stays_the_same_version(library: Session) -> None:
    first = publish_desk(library)
    assert publish_desk(library) is first
    product = publish_product(session=library, definition=product_with([make_line("desk")]), by=SYSTEM, at=NOW)
    assert publish_product(session=library, definition=product_with([make_line("desk")]), by=SYSTEM, at=NOW) is product
    assert (first.number, product.number) == (1, 1)


def test_other_content_is_a_new_version_and_the_old_one_retires(library: Session) -> None:
    first = publish_desk(library)
    second = publish_desk(library, prices=(Price(once_cents=100),))
    third = publish_desk(library)
    assert [(one.number, one.state) for one in (first, second, third)] == [
        (1, VersionState.RETIRED),
        (2, VersionState.RETIRED),
        (3, VersionState.PUBLISHED),
    ]
    assert published_blocks(library, ["desk"])["desk"] is third
    assert block_definition_of(second).prices == (Price(once_cents=100),)
    assert [entry.data for entry in list_entries(library, stream=f"block:{first.block_id}")] == [
        {"code": "desk", "number": number} for number in (1, 2, 3)
    ]


def test_a_version_that_was_withdrawn_keeps_its_number(library: Session) -> None:
    first = publish_desk(library)
    first.state = VersionState.RETIRED
    library.flush()
    assert publish_desk(library).number == 2


def test_a_version_keeps_its_own_copy_of_a_question(library: Session) -> None:
    version = publish_desk(library)
    save_question(session=library, question=replace(START, label=words("From when?")))
    assert block_definition_of(version).questions == (START,)
    assert questions_by_code(library)["start_date"].label == words("From when?")
    assert library.scalar(select(func.count()).select_from(QuestionRecord)) == 1


@pytest.mark.parametrize(
    ("more", "errors"),
    [
        ({"department": "gone"}, {"department": "unknown_department"}),
        ({"questions": (START, replace(START, code="gone"))}, {"questions[1]": "unknown_question"}),
        ({"questions": (replace(START, when={"question": "start_date", "answered": True}),)}, {"questions.start_date.when": "cycle"}),
    ],
)
def test_a_wrong_block_is_not_published(library: Session, more: dict[str, object], errors: dict[str, str]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        publish_desk(library, **more)
    assert caught.value.errors == errors
    assert published_blocks(library, ["desk"]) == {}


def test_a_wrong_product_is_not_published_and_the_old_one_stays(library: Session) -> None:
    publish_desk(library)
    good = publish_product(session=library, definition=product_with([make_line("desk")]), by=SYSTEM, at=NOW)
    for more, errors in (({"owner": "gone"}, {"owner": "unknown_department"}), ({"icon": "gone"}, {"icon": "unknown_icon"})):
        with pytest.raises(InvalidInputError) as caught:
            publish_product(session=library, definition=product_with([make_line("desk")], **more), by=SYSTEM, at=NOW)
        assert caught.value.errors == errors
    assert get_published_product(library, "example") is good


def test_a_product_is_found_with_all_that_its_page_shows(library: Session) -> None:
    publish_desk(library)
    publish_product(session=library, definition=product_with([make_line("desk")]), by=SYSTEM, at=NOW)
    library.expire_all()
    version = get_published_product(library, "example")
    assert (version.product.code, version.owner.code) == ("example", "ict")
    assert definition_of(version) == product_with([make_line("desk")])
    assert len(variants_of(version)) == 1
    block = published_blocks(library, ["gone", "desk"])["desk"]
    assert (block.block.code, block.department.code) == ("desk", "ict")
    assert block_outlines(library)["desk"].norm == Norm(3, NormUnit.WORKING_DAYS)
    assert names_of_products(library, ["example", "gone"]) == {"example": words("example")}


def test_what_is_not_published_is_not_found(library: Session) -> None:
    publish_desk(library)
    version = publish_product(session=library, definition=product_with([make_line("desk")]), by=SYSTEM, at=NOW)
    version.state = VersionState.RETIRED
    library.flush()
    for code in ("example", "gone"):
        with pytest.raises(NotFoundError):
            get_published_product(library, code)


def test_products_are_listed_for_who_may_ask(session: Session) -> None:
    make_department(session, "ict")
    make_block(session, "desk")
    for code, audience in (("all", {"employee"}), ("heads", {"manager"}), ("both", {"manager", "employee"})):
        publish(session, code, [make_line("desk")], audience=frozenset(audience))
    session.expire_all()

    def listed(audience: frozenset[str] | None) -> list[str]:
        return [version.product.code for version in list_published_products(session, audience)]

    assert listed(None) == ["all", "both", "heads"]
    assert listed(frozenset({"employee"})) == ["all", "both"]
    assert listed(frozenset({"manager"})) == ["both", "heads"]
    assert listed(frozenset()) == []


def test_what_stays_in_memory_is_never_that_of_another_content(session: Session) -> None:
    """Ids are used again, for instance after a transaction that was undone."""
    make_department(session, "ict")
    make_block(session, "desk")
    version = publish(session, "one", [make_line("desk")])
    assert definition_of(version) is definition_of(version)
    same_id = ProductVersion(id=version.id, definition=version.definition | {"code": "other"})
    assert definition_of(same_id).code == "other"
    assert definition_of(version).code == "one"
