"""Finding what is published in the catalogue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.catalog.codec import block_from_data, product_from_data, question_from_data
from portal.catalog.definition import BlockDefinition, ProductDefinition, Question
from portal.catalog.models import BlockVersion, BuildingBlock, Product, ProductVersion, QuestionRecord, VersionState
from portal.core.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class _Stored:
    """A stored definition as a key of the memory: found by id, the same only when the content is."""

    version_id: int
    data: Mapping[str, Any] = field(hash=False)


def get_published_product(session: Session, code: str) -> ProductVersion:
    """Load the published version of a product, with product and owner.

    :raises NotFoundError: there is no such product, or nothing of it is published.
    """
    version = find_published_product(session, code)
    if version is None:
        raise NotFoundError
    return version


def find_published_product(session: Session, code: str) -> ProductVersion | None:
    """Load the published version of a product, with product and owner, if there is one."""
    query = (
        select(ProductVersion)
        .join(ProductVersion.product)
        .where(Product.code == code, ProductVersion.state == VersionState.PUBLISHED)
        .options(contains_eager(ProductVersion.product), joinedload(ProductVersion.owner))
    )
    return session.scalars(query).one_or_none()


def list_published_products(session: Session, audience: frozenset[str] | None = None) -> Sequence[ProductVersion]:
    """List the published products with product and owner, by code; with `audience` only those one of these roles may ask.

    An empty audience of a product means nobody.
    """
    query = (
        select(ProductVersion)
        .join(ProductVersion.product)
        .where(ProductVersion.state == VersionState.PUBLISHED)
        .options(contains_eager(ProductVersion.product), joinedload(ProductVersion.owner))
        .order_by(Product.code)
    )
    versions = session.scalars(query).all()
    return versions if audience is None else [version for version in versions if audience & frozenset(version.audience)]


def published_blocks(session: Session, codes: Iterable[str]) -> Mapping[str, BlockVersion]:
    """Give the published versions of these building blocks by code, with block and department; in the order of `codes`."""
    wanted = list(dict.fromkeys(codes))
    query = (
        select(BlockVersion)
        .join(BlockVersion.block)
        .where(BuildingBlock.code.in_(wanted), BlockVersion.state == VersionState.PUBLISHED)
        .options(contains_eager(BlockVersion.block), joinedload(BlockVersion.department))
    )
    found = {version.block.code: version for version in session.scalars(query)}
    return {code: found[code] for code in wanted if code in found}


def questions_by_code(session: Session) -> Mapping[str, Question]:
    """Give the questions of the library by code."""
    records = session.scalars(select(QuestionRecord).order_by(QuestionRecord.code))
    return {record.code: question_from_data(record.definition) for record in records}


def definition_of(version: ProductVersion) -> ProductDefinition:
    """Give all of a version of a product; what was read before stays in memory."""
    return _read_product(_Stored(version.id, version.definition))


def block_definition_of(version: BlockVersion) -> BlockDefinition:
    """Give all of a version of a building block; what was read before stays in memory."""
    return _read_block(_Stored(version.id, version.definition))


@lru_cache(maxsize=1_000)
def _read_product(stored: _Stored) -> ProductDefinition:
    return product_from_data(stored.data)


@lru_cache(maxsize=4_000)
def _read_block(stored: _Stored) -> BlockDefinition:
    return block_from_data(stored.data)
