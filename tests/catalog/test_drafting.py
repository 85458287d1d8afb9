"""Versions on their way: who may do what with them, and what the database guards by itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.catalog import drafting
from portal.catalog.agreement import Price
from portal.catalog.definition import CatalogueKind
from portal.catalog.memory import block_definition_of, definition_of
from portal.catalog.models import BlockVersion, CatalogueVersion, ProductVersion
from portal.catalog.queries import find_open_beside, get_published_product, list_shelf, list_versions, published_blocks
from portal.catalog.workflow import TRANSITIONS, VersionState, VersionStep, check, steps_from
from portal.core.errors import ConflictError, ForbiddenError, IllegalTransitionError, InvalidInputError, NotFoundError
from portal.core.journal import SYSTEM, Actor, is_chain_intact, list_entries
from portal.requests.queries import get_request_for
from tests.factories import NOW, make_chain, make_line, make_person, make_product, make_request, words

LATER = NOW + timedelta(days=3)


@pytest.fixture
def product(session: Session) -> ProductVersion:
    """Publish a product of three blocks."""
    return make_chain(session)


@pytest.fixture
def author(session: Session, product: ProductVersion) -> Actor:
    del product
    return Actor(person_id=make_person(session).id)


@pytest.fixture
def reviewer(session: Session, product: ProductVersion) -> Actor:
    del product
    return Actor(person_id=make_person(session).id)


def begin(session: Session, source: CatalogueVersion, by: Actor) -> CatalogueVersion:
    return drafting.start_draft(session=session, source=source, by=by, at=NOW)


def change(session: Session, draft: CatalogueVersion, by: Actor, edition: int | None = None, **more: object) -> None:
    kind = definition_of if isinstance(draft, ProductVersion) else block_definition_of
    definition = replace(kind(draft), **more)  # type: ignore[arg-type, type-var]
    edition = edition or draft.edition
    drafting.change_draft(session=session, version=draft, definition=definition, edition=edition, by=by, at=NOW)


def begin_changed(session: Session, source: CatalogueVersion, by: Actor) -> CatalogueVersion:
    draft = begin(session, source, by)
    change(session, draft, by, name=words("newer"))
    return draft


def send(session: Session, draft: CatalogueVersion, by: Actor) -> None:
    drafting.send_for_review(session=session, version=draft, edition=draft.edition, by=by, at=NOW)


def approve(session: Session, version: CatalogueVersion, by: Actor, **more: object) -> None:
    values = {"edition": version.edition, "publish_at": None, "at": NOW} | more
    drafting.approve(session=session, version=version, by=by, **values)  # type: ignore[arg-type]


def test_a_draft_goes_through_review_and_comes_out(session: Session, product: ProductVersion, author: Actor, reviewer: Actor) -> None:
    draft = begin(session, product, author)
    change(session, draft, author, name=words("newer"))
    assert get_published_product(session, "newcomer") is product
    send(session, draft, author)
    approve(session, draft, reviewer)
    assert get_published_product(session, "newcomer") is draft
    assert (draft.number, draft.author_id, draft.reviewer_id) == (2, author.person_id, reviewer.person_id)
    assert product.state is VersionState.RETIRED
    entries = list_entries(session, stream=draft.stream)
    assert [(entry.type, entry.actor_id) for entry in entries[1:]] == [
        ("draft_started", author.person_id),
        ("draft_changed", author.person_id),
        ("review_asked", author.person_id),
        ("product_published", reviewer.person_id),
    ]
    assert entries[2].data["fields"] == ["name"]
    assert is_chain_intact(entries)


def test_there_is_one_draft_at_a_time(session: Session, product: ProductVersion, author: Actor) -> None:
    draft = begin(session, product, author)
    with pytest.raises(ConflictError, match="draft_exists"):
        begin(session, product, author)
    assert find_open_beside(session, product) is draft
    values = {column.key: getattr(draft, column.key) for column in ProductVersion.__table__.columns if column.key != "id"}
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(insert(ProductVersion).values(values | {"number": 9}))


def test_who_worked_on_it_may_not_review_it(session: Session, product: ProductVersion, author: Actor, reviewer: Actor) -> None:
    draft = begin(session, product, author)
    change(session, draft, reviewer, icon="desk")
    send(session, draft, author)
    for one in (author, reviewer, SYSTEM):
        with pytest.raises(ForbiddenError):
            approve(session, draft, one)
    assert draft.state is VersionState.IN_REVIEW


@pytest.mark.parametrize("state", [VersionState.SCHEDULED, VersionState.PUBLISHED, VersionState.RETIRED])
@pytest.mark.parametrize("is_own", [True, False])
def test_the_database_asks_for_the_second_person_too(
    session: Session, product: ProductVersion, author: Actor, state: VersionState, *, is_own: bool
) -> None:
    draft = begin(session, product, author)
    product.state = VersionState.RETIRED
    session.flush()
    reviewer_id = author.person_id if is_own else None
    values = {"state": state, "reviewer_id": reviewer_id, "published_at": NOW}
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(update(ProductVersion).where(ProductVersion.id == draft.id).values(values))


def test_two_people_never_overwrite_each_other_unseen(session: Session, product: ProductVersion, author: Actor, reviewer: Actor) -> None:
    draft = begin(session, product, author)
    seen = draft.edition
    change(session, draft, author, name=words("first"))
    with pytest.raises(ConflictError, match="stale_version"):
        change(session, draft, reviewer, edition=seen, icon="desk")
    assert (draft.icon, draft.name) == ("person", words("first"))
    with pytest.raises(ConflictError, match="stale_version"):
        drafting.send_for_review(session=session, version=draft, edition=seen, by=author, at=NOW)


def test_a_change_of_nothing_is_no_change(session: Session, product: ProductVersion, author: Actor) -> None:
    draft = begin(session, product, author)
    change(session, draft, author)
    assert draft.edition == 1
    assert len(list_entries(session, stream=draft.stream)) == 2


def test_what_is_wrong_is_not_sent(session: Session, product: ProductVersion, author: Actor) -> None:
    draft = begin(session, product, author)
    change(session, draft, author, lines=(make_line("gone"),), dependencies=())
    with pytest.raises(InvalidInputError) as failure:
        send(session, draft, author)
    assert failure.value.errors == {"lines[0].block": "unknown_block"}
    assert draft.state is VersionState.DRAFT
    with pytest.raises(InvalidInputError, match="unknown_department"):
        change(session, draft, author, owner="gone")


def test_what_is_the_same_as_what_is_out_is_not_sent(session: Session, product: ProductVersion, author: Actor, reviewer: Actor) -> None:
    draft = begin_changed(session, product, author)
    change(session, draft, author, name=product.name)
    with pytest.raises(InvalidInputError, match="no_difference"):
        send(session, draft, reviewer)
    assert draft.state is VersionState.DRAFT
    assert reviewer.person_id not in draft.editor_ids
    change(session, draft, author, icon="desk")
    send(session, draft, author)
    assert draft.state is VersionState.IN_REVIEW


def test_it_comes_back_with_a_reason(session: Session, product: ProductVersion, author: Actor, reviewer: Actor) -> None:
    draft = begin_changed(session, product, author)
    send(session, draft, author)
    seen = draft.edition
    with pytest.raises(InvalidInputError):
        drafting.send_back(session=session, version=draft, reason=" ", by=reviewer, at=NOW)
    drafting.send_back(session=session, version=draft, reason="The name is too long.", by=reviewer, at=NOW)
    assert draft.state is VersionState.DRAFT
    assert list_entries(session, stream=draft.stream)[-1].data["reason"] == "The name is too long."
    send(session, draft, author)
    with pytest.raises(ConflictError, match="stale_version"):
        approve(session, draft, reviewer, edition=seen)


def test_it_comes_out_on_its_day(session: Session, product: ProductVersion, author: Actor, reviewer: Actor) -> None:
    draft = begin_changed(session, product, author)
    send(session, draft, author)
    with pytest.raises(InvalidInputError, match="in_past"):
        approve(session, draft, reviewer, publish_at=NOW)
    approve(session, draft, reviewer, publish_at=LATER)
    assert draft.state is VersionState.SCHEDULED
    drafting.publish_due(session=session, at=LATER - timedelta(minutes=1))
    assert get_published_product(session, "newcomer") is product
    drafting.publish_due(session=session, at=LATER)
    assert get_published_product(session, "newcomer") is draft
    assert (draft.published_at, draft.publish_at) == (LATER, None)


def test_what_no_longer_fits_on_its_day_is_a_draft_again(session: Session, product: ProductVersion, author: Actor, reviewer: Actor) -> None:
    draft = begin_changed(session, product, author)
    send(session, draft, author)
    approve(session, draft, reviewer, publish_at=LATER)
    published_blocks(session, ["laptop"])["laptop"].state = VersionState.RETIRED
    drafting.publish_due(session=session, at=LATER)
    assert (draft.state, draft.reviewer_id, draft.publish_at) == (VersionState.DRAFT, None, None)
    assert list_entries(session, stream=draft.stream)[-1].data["faults"] == {"lines[2].block": "unknown_block"}
    assert get_published_product(session, "newcomer") is product


def test_an_older_version_comes_back_under_a_new_number_when_a_second_person_agrees(
    session: Session, product: ProductVersion, author: Actor, reviewer: Actor
) -> None:
    draft = begin(session, product, author)
    change(session, draft, author, name=words("newer"))
    send(session, draft, author)
    approve(session, draft, reviewer)
    third = drafting.roll_back(session=session, version=product, by=author, at=LATER)
    assert (third.number, third.state, third.definition) == (3, VersionState.IN_REVIEW, product.definition)
    assert get_published_product(session, "newcomer") is draft
    with pytest.raises(ConflictError, match="draft_exists"):
        drafting.roll_back(session=session, version=product, by=author, at=LATER)
    with pytest.raises(ForbiddenError):
        approve(session, third, author)
    approve(session, third, reviewer)
    assert get_published_product(session, "newcomer") is third
    with pytest.raises(ConflictError, match="not_retired"):
        drafting.roll_back(session=session, version=third, by=author, at=LATER)
    assert [one.number for one in list_versions(session, CatalogueKind.PRODUCTS, "newcomer")] == [3, 2, 1]


def test_a_draft_that_is_put_aside_never_comes_out(session: Session, product: ProductVersion, author: Actor) -> None:
    draft = begin(session, product, author)
    drafting.withdraw_draft(session=session, version=draft, by=author, at=NOW)
    with pytest.raises(ConflictError, match="not_retired"):
        drafting.roll_back(session=session, version=draft, by=author, at=NOW)
    assert begin(session, product, author).number == 3


def test_something_new_begins_as_a_draft(session: Session, product: ProductVersion, author: Actor, reviewer: Actor) -> None:
    definition = replace(definition_of(product), code="copy", name=words("copy"))
    draft = drafting.begin_new(session=session, definition=definition, by=author, at=NOW)
    with pytest.raises(NotFoundError):
        get_published_product(session, "copy")
    with pytest.raises(InvalidInputError, match="double_code"):
        drafting.begin_new(session=session, definition=definition, by=author, at=NOW)
    send(session, draft, author)
    approve(session, draft, reviewer)
    assert get_published_product(session, "copy") is draft
    found = [(one.code, one.published is draft, one.on_its_way) for one in list_shelf(session, CatalogueKind.PRODUCTS)]
    assert found == [("copy", True, None), ("newcomer", False, None)]


def test_a_block_lives_the_same_life(session: Session, product: ProductVersion, author: Actor, reviewer: Actor) -> None:
    del product
    block = published_blocks(session, ["laptop"])["laptop"]
    draft = begin(session, block, author)
    change(session, draft, author, prices=(Price(once_cents=99),))
    send(session, draft, author)
    approve(session, draft, reviewer, publish_at=LATER)
    drafting.publish_due(session=session, at=LATER)
    found = published_blocks(session, ["laptop"])["laptop"]
    assert found is draft
    assert isinstance(found, BlockVersion)
    assert block_definition_of(found).prices == (Price(once_cents=99),)


def test_what_is_published_beside_a_draft_gets_the_next_number(session: Session, product: ProductVersion, author: Actor) -> None:
    begin(session, product, author)
    assert make_product(session, "newcomer", [make_line("record")]).number == 3


def test_a_request_keeps_the_version_it_was_made_with(session: Session, product: ProductVersion, author: Actor, reviewer: Actor) -> None:
    person = make_person(session)
    request = make_request(session, person, product)
    before = [(task.block_version_id, task.name, task.expected_at) for task in request.tasks]
    draft = begin(session, get_published_product(session, "newcomer"), author)
    change(session, draft, author, name=words("other"), lines=(make_line("record"),), dependencies=())
    send(session, draft, author)
    approve(session, draft, reviewer)
    session.expire_all()
    found = get_request_for(session, by=person, number=request.number)
    assert found.product_version_id != get_published_product(session, "newcomer").id
    assert [(task.block_version_id, task.name, task.expected_at) for task in found.tasks] == before
    assert len(before) == 3


@pytest.mark.parametrize("step", VersionStep, ids=str)
@pytest.mark.parametrize("state", VersionState, ids=str)
def test_a_step_is_possible_exactly_where_the_table_says(state: VersionState, step: VersionStep) -> None:
    if step in steps_from(state):
        assert check(state, step) is TRANSITIONS[step][1]
    else:
        with pytest.raises(IllegalTransitionError):
            check(state, step)


@pytest.mark.parametrize(
    "step",
    [
        lambda session, version, by: change(session, version, by, icon="desk"),
        send,
        lambda session, version, by: drafting.withdraw_draft(session=session, version=version, by=by, at=NOW),
        approve,
        lambda session, version, by: drafting.send_back(session=session, version=version, reason="No.", by=by, at=NOW),
    ],
)
def test_what_is_out_is_not_touched(
    session: Session, product: ProductVersion, author: Actor, step: Callable[[Session, CatalogueVersion, Actor], None]
) -> None:
    with pytest.raises(IllegalTransitionError):
        step(session, product, author)
    assert product.state is VersionState.PUBLISHED
