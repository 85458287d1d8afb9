"""Changing the catalogue: questions in the library, versions of building blocks and products."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, overload

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.catalog.codec import block_as_data, product_as_data, question_as_data
from portal.catalog.definition import BlockDefinition, Definition, ProductDefinition, Question
from portal.catalog.events import BlockPublished, ProductPublished
from portal.catalog.memory import block_definition_of
from portal.catalog.models import BlockVersion, BuildingBlock, CatalogueVersion, Product, ProductVersion, QuestionRecord, fingerprint_of
from portal.catalog.publishable import find_faults
from portal.catalog.queries import find_published_beside, find_published_product, published_blocks
from portal.catalog.workflow import VersionState, VersionStep, check
from portal.core.errors import InvalidInputError
from portal.core.journal import Actor, record
from portal.people.models import Department
from portal.people.queries import find_team


def save_question(*, session: Session, question: Question) -> QuestionRecord:
    """Put a question in the library, or change it; blocks keep their own copy until they are published again."""
    entry = session.scalars(select(QuestionRecord).where(QuestionRecord.code == question.code)).one_or_none()
    data = question_as_data(question)
    if entry is None:
        entry = QuestionRecord(code=question.code, definition=data)
        _add_new(session, entry)
    elif entry.definition != data:
        entry.definition = data
        entry.edition += 1
    session.flush()
    return entry


def publish_block(*, session: Session, definition: BlockDefinition, by: Actor, at: datetime) -> BlockVersion:
    """Publish a building block that was agreed on elsewhere, such as a seed. The same content gives the published version unchanged.

    :raises InvalidInputError: its department or a question is unknown, or its questions hang on each other in a circle.
    """
    current = published_blocks(session, [definition.code]).get(definition.code)
    if current is not None and block_as_data(block_definition_of(current)) == block_as_data(definition):
        return current
    check_definition(session=session, definition=definition)
    version = new_version(session=session, definition=definition)
    put_live(session=session, version=version, by=by, at=at)
    return version


def publish_product(*, session: Session, definition: ProductDefinition, by: Actor, at: datetime) -> ProductVersion:
    """Publish a product that was agreed on elsewhere, such as a seed. The same content gives the published version unchanged.

    :raises InvalidInputError: its owner, a block or a question is unknown, blocks wait for each other in a circle,
        or its choice tree has loose ends or dead branches; the fields are named by path.
    """
    current = find_published_product(session, definition.code)
    if current is not None and current.fingerprint == fingerprint_of(product_as_data(definition)):
        return current
    check_definition(session=session, definition=definition)
    version = new_version(session=session, definition=definition)
    put_live(session=session, version=version, by=by, at=at)
    return version


def check_definition(*, session: Session, definition: Definition) -> None:
    """Refuse what may not be published.

    :raises InvalidInputError: the fields that are wrong, named by path.
    """
    faults = find_faults(session, definition)
    if faults:
        raise InvalidInputError(faults)


@overload
def new_version(*, session: Session, definition: BlockDefinition) -> BlockVersion: ...
@overload
def new_version(*, session: Session, definition: ProductDefinition) -> ProductVersion: ...
def new_version(*, session: Session, definition: Definition) -> CatalogueVersion:
    """Make the next version of a building block or a product, which is made too when it is new; without a state."""
    version: CatalogueVersion
    if isinstance(definition, BlockDefinition):
        block = _block(session, definition.code)
        version = BlockVersion(block=block, number=_last_number(session, BlockVersion, BlockVersion.block_id == block.id) + 1)
    else:
        product = _product(session, definition.code)
        version = ProductVersion(product=product, number=_last_number(session, ProductVersion, ProductVersion.product_id == product.id) + 1)
    fill_in(session=session, version=version, definition=definition)
    return version


def fill_in(*, session: Session, version: CatalogueVersion, definition: Definition) -> None:
    """Put a definition in a version, with the columns that lists need.

    :raises InvalidInputError: its department or owner is unknown.
    """
    if isinstance(definition, BlockDefinition) and isinstance(version, BlockVersion):
        version.department = _department(session, definition.department, field="department")
        version.team = find_team(session, definition.team, department=definition.department) if definition.team else None
        columns = _block_columns(definition)
    elif isinstance(definition, ProductDefinition) and isinstance(version, ProductVersion):
        version.owner = _department(session, definition.owner, field="owner")
        columns = _product_columns(definition)
    else:
        raise TypeError(definition)
    for name, value in columns.items():
        setattr(version, name, value)


def put_live(*, session: Session, version: CatalogueVersion, by: Actor, at: datetime) -> None:
    """Let a version come out; the one before it retires."""
    current = find_published_beside(session, version)
    if current is not None:
        current.state = check(current.state, VersionStep.RETIRE)
        # The database allows one published version at a time, also for a moment.
        session.flush()
    version.state, version.published_at, version.publish_at = VersionState.PUBLISHED, at, None
    session.add(version)
    session.flush()
    kind = BlockPublished if isinstance(version, BlockVersion) else ProductPublished
    record(session, kind(code=version.code, number=version.number), stream=version.stream, by=by, at=at)


def _block_columns(definition: BlockDefinition) -> Mapping[str, Any]:
    return {
        "name": definition.name,
        "norm_amount": definition.norm.amount,
        "norm_unit": definition.norm.unit,
        "definition": block_as_data(definition),
    }


def _product_columns(definition: ProductDefinition) -> Mapping[str, Any]:
    return {
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


def _block(session: Session, code: str) -> BuildingBlock:
    block = session.scalars(select(BuildingBlock).where(BuildingBlock.code == code)).one_or_none()
    if block is None:
        block = BuildingBlock(code=code)
        _add_new(session, block)
    return block


def _product(session: Session, code: str) -> Product:
    product = session.scalars(select(Product).where(Product.code == code)).one_or_none()
    if product is None:
        product = Product(code=code)
        _add_new(session, product)
    return product


def _add_new(session: Session, thing: Product | BuildingBlock | QuestionRecord) -> None:
    """Put something new in the catalogue; whoever takes the same code at the same moment is told so."""
    try:
        with session.begin_nested():
            session.add(thing)
    except IntegrityError as error:
        raise InvalidInputError({"code": "double_code"}) from error


def _last_number(session: Session, model: type[CatalogueVersion], of_this_one: Any) -> int:  # noqa: ANN401  an SQL condition
    return session.scalar(select(func.max(model.number)).where(of_this_one)) or 0
