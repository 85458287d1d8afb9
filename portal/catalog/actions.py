"""Changing the catalogue: questions in the library, versions of building blocks and products."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.catalog.checks import find_product_faults, find_question_faults
from portal.catalog.codec import block_as_data, product_as_data, question_as_data
from portal.catalog.definition import BlockDefinition, ProductDefinition, Question
from portal.catalog.events import BlockPublished, ProductPublished
from portal.catalog.models import BlockVersion, BuildingBlock, Product, ProductVersion, QuestionRecord, VersionState, fingerprint_of
from portal.catalog.queries import block_definition_of, find_published_product, published_blocks
from portal.core.errors import InvalidInputError
from portal.core.journal import Actor, record
from portal.people.models import Department


def save_question(*, session: Session, question: Question) -> QuestionRecord:
    """Put a question in the library, or change it; blocks keep their own copy until they are published again."""
    entry = session.scalars(select(QuestionRecord).where(QuestionRecord.code == question.code)).one_or_none()
    data = question_as_data(question)
    if entry is None:
        entry = QuestionRecord(code=question.code, definition=data)
        session.add(entry)
    elif entry.definition != data:
        entry.definition = data
    session.flush()
    return entry


def publish_block(*, session: Session, definition: BlockDefinition, by: Actor, at: datetime) -> BlockVersion:
    """Publish a building block; the version before it retires. The same content gives the published version unchanged.

    :raises InvalidInputError: its department or a question is unknown, or its questions hang on each other in a circle.
    """
    current = published_blocks(session, [definition.code]).get(definition.code)
    if current is not None and current.fingerprint == fingerprint_of(block_as_data(definition)):
        return current
    department = _department(session, definition.department, field="department")
    _check_questions(session, definition)
    block = current.block if current else _block(session, definition.code)
    number = _retire(session, current) or _last_number(session, BlockVersion, BlockVersion.block_id == block.id)
    version = BlockVersion(block=block, department=department, number=number + 1, **_block_columns(definition), published_at=at)
    session.add(version)
    session.flush()
    record(session, BlockPublished(code=block.code, number=version.number), stream=f"block:{block.id}", by=by, at=at)
    return version


def publish_product(*, session: Session, definition: ProductDefinition, by: Actor, at: datetime) -> ProductVersion:
    """Publish a product; the version before it retires. The same content gives the published version unchanged.

    :raises InvalidInputError: its owner, a block or a question is unknown, blocks wait for each other in a circle,
        or its choice tree has loose ends or dead branches; the fields are named by path.
    """
    current = find_published_product(session, definition.code)
    if current is not None and current.fingerprint == fingerprint_of(product_as_data(definition)):
        return current
    owner = _department(session, definition.owner, field="owner")
    _check_product(session, definition)
    product = current.product if current else _product(session, definition.code)
    number = _retire(session, current) or _last_number(session, ProductVersion, ProductVersion.product_id == product.id)
    version = ProductVersion(product=product, owner=owner, number=number + 1, **_product_columns(definition), published_at=at)
    session.add(version)
    session.flush()
    record(session, ProductPublished(code=product.code, number=version.number), stream=f"product:{product.id}", by=by, at=at)
    return version


def _block_columns(definition: BlockDefinition) -> Mapping[str, Any]:
    return {
        "state": VersionState.PUBLISHED,
        "name": definition.name,
        "norm_amount": definition.norm.amount,
        "norm_unit": definition.norm.unit,
        "cost_cents": definition.cost_cents,
        "definition": block_as_data(definition),
    }


def _product_columns(definition: ProductDefinition) -> Mapping[str, Any]:
    return {
        "state": VersionState.PUBLISHED,
        "kind": definition.kind,
        "tier": definition.tier,
        "level": definition.level,
        "theme": definition.theme,
        "icon": definition.icon,
        "name": definition.name,
        "summary": definition.summary,
        "audience": sorted(definition.audience),
        "definition": product_as_data(definition),
    }


def _department(session: Session, code: str, *, field: str) -> Department:
    department = session.scalars(select(Department).where(Department.code == code)).one_or_none()
    if department is None:
        raise InvalidInputError({field: "unknown_department"})
    return department


def _check_questions(session: Session, definition: BlockDefinition) -> None:
    codes = [question.code for question in definition.questions]
    known = set(session.scalars(select(QuestionRecord.code).where(QuestionRecord.code.in_(codes)))) if codes else set[str]()
    faults = {f"questions[{index}]": "unknown_question" for index, code in enumerate(codes) if code not in known}
    faults |= dict(find_question_faults(definition.questions))
    if faults:
        raise InvalidInputError(faults)


def _check_product(session: Session, definition: ProductDefinition) -> None:
    versions = published_blocks(session, definition.block_codes())
    faults = find_product_faults(definition, {code: block_definition_of(version) for code, version in versions.items()})
    if faults:
        raise InvalidInputError(faults)


def _block(session: Session, code: str) -> BuildingBlock:
    block = session.scalars(select(BuildingBlock).where(BuildingBlock.code == code)).one_or_none()
    if block is None:
        block = BuildingBlock(code=code)
        session.add(block)
        session.flush()
    return block


def _product(session: Session, code: str) -> Product:
    product = session.scalars(select(Product).where(Product.code == code)).one_or_none()
    if product is None:
        product = Product(code=code)
        session.add(product)
        session.flush()
    return product


def _retire(session: Session, version: BlockVersion | ProductVersion | None) -> int:
    """Retire the published version; give its number, 0 when there was none."""
    if version is None:
        return 0
    version.state = VersionState.RETIRED
    # The database allows one published version at a time, also for a moment.
    session.flush()
    return version.number


def _last_number(session: Session, model: type[BlockVersion | ProductVersion], of_this_one: Any) -> int:  # noqa: ANN401  an SQL condition
    return session.scalar(select(func.max(model.number)).where(of_this_one)) or 0
