"""Finding what is published in the catalogue, and the versions on their way."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, defer, joinedload

from portal.catalog.agreement import ApprovalRule
from portal.catalog.agreement_codec import approval_from_data
from portal.catalog.codec import question_from_data
from portal.catalog.definition import BlockDefinition, CatalogueKind, Question
from portal.catalog.memory import block_definition_of, is_block_in_memory, remember_block
from portal.catalog.models import BlockVersion, BuildingBlock, CatalogueVersion, Product, ProductVersion, QuestionRecord
from portal.catalog.policy import may_ask
from portal.catalog.workflow import OPEN, VersionState
from portal.core.errors import NotFoundError
from portal.core.texts import LocalText
from portal.people.audience import belongs
from portal.planning.norm import Norm

MODELS: Final[Mapping[CatalogueKind, type[CatalogueVersion]]] = {
    CatalogueKind.PRODUCTS: ProductVersion,
    CatalogueKind.BLOCKS: BlockVersion,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A product or a building block with the version that is out and the one on its way, of which there is at least one."""

    code: str
    published: CatalogueVersion | None
    on_its_way: CatalogueVersion | None

    @property
    def newest(self) -> CatalogueVersion:
        """Give the version by which it is known: the one that is out, else the one on its way.

        :raises LookupError: there is neither.
        """
        version = self.published or self.on_its_way
        if version is None:
            raise LookupError(self.code)
        return version


@dataclass(frozen=True, slots=True)
class BlockOutline:
    """What is needed to reckon with a building block."""

    block_id: int
    department_id: int
    norm: Norm
    approval: ApprovalRule | None


def get_published_product(session: Session, code: str) -> ProductVersion:
    """Load the published version of a product, with product and owner.

    :raises NotFoundError: there is no such product, or nothing of it is published.
    """
    version = find_published_product(session, code)
    if version is None:
        raise NotFoundError
    return version


def get_visible_product(session: Session, code: str, tokens: frozenset[str]) -> ProductVersion:
    """Load the published version of a product for somebody with these tokens, with product and owner.

    :raises NotFoundError: there is no such product, or it is not for them: the same answer.
    """
    version = get_published_product(session, code)
    if not may_ask(version, tokens):
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


def audience_now(session: Session, product_id: int) -> Collection[str]:
    """Give for whom a product is as it is published now."""
    query = select(ProductVersion.audience).where(ProductVersion.product_id == product_id, ProductVersion.state == VersionState.PUBLISHED)
    return session.scalars(query).one_or_none() or ()


def list_published_products(session: Session, tokens: frozenset[str] | None = None) -> Sequence[ProductVersion]:
    """List the published products with product and owner, by code; with `tokens` only what they let one see."""
    query = (
        select(ProductVersion)
        .join(ProductVersion.product)
        .where(ProductVersion.state == VersionState.PUBLISHED)
        .options(contains_eager(ProductVersion.product), joinedload(ProductVersion.owner))
        .order_by(Product.code)
    )
    versions = session.scalars(query).all()
    return versions if tokens is None else [version for version in versions if may_ask(version, tokens)]


def published_products(session: Session, codes: Collection[str]) -> Mapping[str, ProductVersion]:
    """Give the published versions of these products by code, in the order of `codes`; nothing to ask costs nothing."""
    if not codes:
        return {}
    query = (
        select(ProductVersion)
        .join(ProductVersion.product)
        .where(ProductVersion.state == VersionState.PUBLISHED, Product.code.in_(codes))
        .options(contains_eager(ProductVersion.product), defer(ProductVersion.definition))
    )
    found = {version.code: version for version in session.scalars(query)}
    return {code: found[code] for code in codes if code in found}


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
    unread = [version.id for version in found.values() if not is_block_in_memory(version)]
    if unread:
        for row in session.execute(select(BlockVersion.fingerprint, BlockVersion.definition).where(BlockVersion.id.in_(unread))):
            remember_block(row.fingerprint, row.definition)
    return {code: found[code] for code in wanted if code in found}


def block_definitions(session: Session, version_ids: Collection[int]) -> Mapping[int, BlockDefinition]:
    """Give the building blocks of these versions, published now or earlier, by the id of the version."""
    query = select(BlockVersion).where(BlockVersion.id.in_(version_ids))
    return {version.id: block_definition_of(version) for version in session.scalars(query)}


def block_outlines(session: Session) -> Mapping[str, BlockOutline]:
    """Give of every published building block, by code, what is needed to reckon with it, without the rest of its definition."""
    query = (
        select(
            BuildingBlock.code,
            BlockVersion.block_id,
            BlockVersion.department_id,
            BlockVersion.norm_amount,
            BlockVersion.norm_unit,
            BlockVersion.definition["approval"].label("approval"),
        )
        .join(BlockVersion.block)
        .where(BlockVersion.state == VersionState.PUBLISHED)
    )
    return {
        row.code: BlockOutline(
            row.block_id,
            row.department_id,
            Norm(row.norm_amount, row.norm_unit),
            approval_from_data(row.approval) if row.approval else None,
        )
        for row in session.execute(query)
    }


def names_of_products(session: Session, codes: Iterable[str], tokens: frozenset[str] | None = None) -> Mapping[str, LocalText]:
    """Give the names of published products by code; with `tokens` only those that somebody with these tokens may see."""
    query = (
        select(Product.code, ProductVersion.name, ProductVersion.audience)
        .join(ProductVersion.product)
        .where(Product.code.in_(list(codes)), ProductVersion.state == VersionState.PUBLISHED)
    )
    return {row.code: row.name for row in session.execute(query) if tokens is None or belongs(tokens, row.audience)}


def find_question_record(session: Session, code: str, *, for_change: bool = False) -> QuestionRecord | None:
    """Find a question of the library with its edition; with `for_change` nobody else changes it in the meantime."""
    query = select(QuestionRecord).where(QuestionRecord.code == code)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True) if for_change else query).one_or_none()


def questions_by_code(session: Session) -> Mapping[str, Question]:
    """Give the questions of the library by code."""
    records = session.scalars(select(QuestionRecord).order_by(QuestionRecord.code))
    return {record.code: question_from_data(record.definition) for record in records}


def find_published_beside(session: Session, version: CatalogueVersion) -> CatalogueVersion | None:
    """Find the published version of what a version is of."""
    return session.scalars(_beside(version, {VersionState.PUBLISHED})).one_or_none()


def find_open_beside(session: Session, version: CatalogueVersion) -> CatalogueVersion | None:
    """Find the version that is on its way of what a version is of."""
    return session.scalars(_beside(version, OPEN)).one_or_none()


def list_due_versions(session: Session, *, at: datetime) -> Sequence[CatalogueVersion]:
    """List the scheduled versions whose day is there; blocks first, as products are made of them."""
    due: list[CatalogueVersion] = []
    for kind in (CatalogueKind.BLOCKS, CatalogueKind.PRODUCTS):
        model = MODELS[kind]
        query = _versions(kind).where(model.state == VersionState.SCHEDULED, model.publish_at <= at)
        due.extend(session.scalars(_for_change(query.order_by(model.publish_at, model.id), kind)))
    return due


def list_shelf(session: Session, kind: CatalogueKind) -> Sequence[Shelved]:
    """List all products or building blocks by code, with the version that is out and the one on its way."""
    model = MODELS[kind]
    query = _versions(kind).where(model.state.in_({VersionState.PUBLISHED, *OPEN}))
    found: dict[str, dict[bool, CatalogueVersion]] = {}
    for version in session.scalars(query):
        found.setdefault(version.code, {})[version.state is VersionState.PUBLISHED] = version
    return [Shelved(code=code, published=found[code].get(True), on_its_way=found[code].get(False)) for code in sorted(found)]


def list_versions(session: Session, kind: CatalogueKind, code: str) -> Sequence[CatalogueVersion]:
    """List the versions of a product or a building block, the newest first.

    :raises NotFoundError: there is no such thing.
    """
    versions = session.scalars(_versions(kind).where(_code(kind) == code).order_by(MODELS[kind].number.desc())).all()
    if not versions:
        raise NotFoundError
    return versions


def get_version(session: Session, kind: CatalogueKind, code: str, number: int, *, for_change: bool = False) -> CatalogueVersion:
    """Load one version; with `for_change` nobody else changes it in the meantime.

    :raises NotFoundError: there is no such version.
    """
    query = _versions(kind).where(_code(kind) == code, MODELS[kind].number == number)
    version = session.scalars(_for_change(query, kind) if for_change else query).one_or_none()
    if version is None:
        raise NotFoundError
    return version


def _versions(kind: CatalogueKind) -> Select[CatalogueVersion]:
    """Select versions with what they are of, and the department behind it."""
    query: Select[Any]
    if kind is CatalogueKind.PRODUCTS:
        query = select(ProductVersion).join(ProductVersion.product)
        return query.options(contains_eager(ProductVersion.product), joinedload(ProductVersion.owner))
    query = select(BlockVersion).join(BlockVersion.block)
    return query.options(contains_eager(BlockVersion.block), joinedload(BlockVersion.department))


def _for_change(query: Select[CatalogueVersion], kind: CatalogueKind) -> Select[CatalogueVersion]:
    """Hold what is found, and what it is a version of, until the end of the transaction; reads again what was read before."""
    thing = Product if kind is CatalogueKind.PRODUCTS else BuildingBlock
    return query.with_for_update(of=[MODELS[kind], thing]).execution_options(populate_existing=True)


def _code(kind: CatalogueKind) -> InstrumentedAttribute[str]:
    return Product.code if kind is CatalogueKind.PRODUCTS else BuildingBlock.code


def _beside(version: CatalogueVersion, states: Collection[VersionState]) -> Select[CatalogueVersion]:
    if isinstance(version, ProductVersion):
        return _versions(CatalogueKind.PRODUCTS).where(ProductVersion.product_id == version.product.id, ProductVersion.state.in_(states))
    return _versions(CatalogueKind.BLOCKS).where(BlockVersion.block_id == version.block.id, BlockVersion.state.in_(states))


def newest_blocks(session: Session, codes: Collection[str]) -> Mapping[str, BlockDefinition]:
    """Give these building blocks by code as they will be: on its way when there is such a version, else published."""
    wanted = list(codes)
    query = _versions(CatalogueKind.BLOCKS).where(BuildingBlock.code.in_(wanted), BlockVersion.state.in_({VersionState.PUBLISHED, *OPEN}))
    found: dict[str, BlockVersion] = {}
    for version in session.scalars(query.order_by(BlockVersion.state != VersionState.PUBLISHED)):
        if isinstance(version, BlockVersion):
            found[version.code] = version
    return {code: block_definition_of(found[code]) for code in wanted if code in found}
