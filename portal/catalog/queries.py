"""Finding what is published in the catalogue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.catalog.codec import block_from_data, product_from_data, question_from_data
from portal.catalog.definition import BlockDefinition, ProductDefinition, Question
from portal.catalog.models import BlockVersion, BuildingBlock, Product, ProductVersion, QuestionRecord
from portal.catalog.variants import Variant, list_variants
from portal.catalog.workflow import VersionState
from portal.core.errors import NotFoundError
from portal.core.texts import LocalText
from portal.planning.norm import Norm


@dataclass(frozen=True, slots=True)
class _Stored:
    """A stored definition as a key of the memory: found by id, the same only when the content is."""

    version_id: int
    data: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True, slots=True)
class BlockOutline:
    """What is needed to reckon with a building block."""

    block_id: int
    department_id: int
    norm: Norm


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


def block_outlines(session: Session) -> Mapping[str, BlockOutline]:
    """Give of every published building block, by code, what is needed to reckon with it, without its definition."""
    query = (
        select(
            BuildingBlock.code,
            BlockVersion.block_id,
            BlockVersion.department_id,
            BlockVersion.norm_amount,
            BlockVersion.norm_unit,
        )
        .join(BlockVersion.block)
        .where(BlockVersion.state == VersionState.PUBLISHED)
    )
    return {row.code: BlockOutline(row.block_id, row.department_id, Norm(row.norm_amount, row.norm_unit)) for row in session.execute(query)}


def names_of_products(session: Session, codes: Iterable[str]) -> Mapping[str, LocalText]:
    """Give the names of published products by code."""
    query = (
        select(Product.code, ProductVersion.name)
        .join(ProductVersion.product)
        .where(Product.code.in_(list(codes)), ProductVersion.state == VersionState.PUBLISHED)
    )
    return {row.code: row.name for row in session.execute(query)}


def questions_by_code(session: Session) -> Mapping[str, Question]:
    """Give the questions of the library by code."""
    records = session.scalars(select(QuestionRecord).order_by(QuestionRecord.code))
    return {record.code: question_from_data(record.definition) for record in records}


def variants_of(version: ProductVersion) -> tuple[Variant, ...]:
    """Give the bundles that a version of a product can turn out to be; what was found before stays in memory."""
    return _find_variants(_Stored(version.id, version.definition))


def definition_of(version: ProductVersion) -> ProductDefinition:
    """Give all of a version of a product; what was read before stays in memory."""
    return _read_product(_Stored(version.id, version.definition))


def block_definition_of(version: BlockVersion) -> BlockDefinition:
    """Give all of a version of a building block; what was read before stays in memory."""
    return _read_block(_Stored(version.id, version.definition))


@lru_cache(maxsize=1_000)
def _read_product(stored: _Stored) -> ProductDefinition:
    return product_from_data(stored.data)


@lru_cache(maxsize=1_000)
def _find_variants(stored: _Stored) -> tuple[Variant, ...]:
    return list_variants(_read_product(stored))


@lru_cache(maxsize=4_000)
def _read_block(stored: _Stored) -> BlockDefinition:
    return block_from_data(stored.data)
