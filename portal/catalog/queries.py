"""Finding what is published in the catalogue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, defer, joinedload

from portal.catalog.codec import block_from_data, product_from_data, question_from_data
from portal.catalog.definition import BlockDefinition, ProductDefinition, Question
from portal.catalog.models import BlockVersion, BuildingBlock, Product, ProductVersion, QuestionRecord, VersionState
from portal.catalog.variants import Variant, list_variants
from portal.core.errors import NotFoundError
from portal.core.texts import LocalText
from portal.planning.norm import Norm


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
        .options(contains_eager(BlockVersion.block), joinedload(BlockVersion.department), defer(BlockVersion.definition))
    )
    found = {version.block.code: version for version in session.scalars(query)}
    _remember_blocks(session, found.values())
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
    kept = _variants_by_content(version.fingerprint)
    if not kept:
        kept.append(list_variants(definition_of(version)))
    return kept[0]


def definition_of(version: ProductVersion) -> ProductDefinition:
    """Give all of a version of a product; what was read before stays in memory."""
    kept = _products_by_content(version.fingerprint)
    if not kept:
        kept.append(product_from_data(version.definition))
    return kept[0]


def block_definition_of(version: BlockVersion) -> BlockDefinition:
    """Give all of a version of a building block; what was read before stays in memory."""
    kept = _blocks_by_content(version.fingerprint)
    if not kept:
        kept.append(block_from_data(version.definition))
    return kept[0]


def _remember_blocks(session: Session, versions: Iterable[BlockVersion]) -> None:
    """Read the definitions that are not in memory yet, in one statement."""
    unread = [version.id for version in versions if not _blocks_by_content(version.fingerprint)]
    if unread:
        for row in session.execute(select(BlockVersion.fingerprint, BlockVersion.definition).where(BlockVersion.id.in_(unread))):
            _blocks_by_content(row.fingerprint).append(block_from_data(row.definition))


# The memory of this process: per content (fingerprint) a list that holds what was read from it, or nothing yet.


@lru_cache(maxsize=1_000)
def _products_by_content(_fingerprint: str) -> list[ProductDefinition]:
    return []


@lru_cache(maxsize=1_000)
def _variants_by_content(_fingerprint: str) -> list[tuple[Variant, ...]]:
    return []


@lru_cache(maxsize=4_000)
def _blocks_by_content(_fingerprint: str) -> list[BlockDefinition]:
    return []
