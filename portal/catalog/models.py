"""Products, building blocks and questions, with their versions. A published version never changes."""

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from portal.catalog.definition import Level, ProductKind, Theme, Tier
from portal.core.columns import Id, Moment, enum_column
from portal.core.db import Base
from portal.core.texts import LocalText, LocalTextType
from portal.people.models import Department
from portal.planning.norm import NormUnit


class VersionState(StrEnum):
    """The life of a version."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


def fingerprint_of(definition: Mapping[str, Any]) -> str:
    """Name the content of a definition: the same content, the same name."""
    return hashlib.sha256(json.dumps(definition, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _one_published(table: str, column: str) -> Index:
    is_published = text("state = 'published'")
    return Index(f"uq_{table}_published", column, unique=True, sqlite_where=is_published, postgresql_where=is_published)


class Product(Base):
    """Anything that can be asked for; what it is stands in its versions, of which one is published."""

    __tablename__ = "products"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(60), unique=True)


class ProductVersion(Base):
    """One version of a product: what lists need in columns, all of it in `definition`, whose content `fingerprint` names."""

    __tablename__ = "product_versions"
    __table_args__ = (UniqueConstraint("product_id", "number"), _one_published("product_versions", "product_id"))

    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(enum_column(VersionState))
    kind: Mapped[ProductKind] = mapped_column(enum_column(ProductKind))
    tier: Mapped[Tier] = mapped_column(enum_column(Tier))
    level: Mapped[Level] = mapped_column(enum_column(Level))
    theme: Mapped[Theme] = mapped_column(enum_column(Theme))
    icon: Mapped[str] = mapped_column(String(30))
    owner_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    name: Mapped[LocalText] = mapped_column(LocalTextType)
    summary: Mapped[LocalText] = mapped_column(LocalTextType)
    audience: Mapped[list[str]] = mapped_column(JSON)
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    fingerprint: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[Moment | None]

    product: Mapped[Product] = relationship(lazy="raise_on_sql")
    owner: Mapped[Department] = relationship(lazy="raise_on_sql")

    @validates("definition")
    def _name_content(self, _key: str, definition: dict[str, Any]) -> dict[str, Any]:
        self.fingerprint = fingerprint_of(definition)
        return definition


class BuildingBlock(Base):
    """The smallest deliverable with one owning department; what it is stands in its versions."""

    __tablename__ = "building_blocks"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(60), unique=True)


class BlockVersion(Base):
    """One version of a building block: department, norm and cost in columns, all of it in `definition`, named by `fingerprint`."""

    __tablename__ = "block_versions"
    __table_args__ = (UniqueConstraint("block_id", "number"), _one_published("block_versions", "block_id"))

    id: Mapped[Id]
    block_id: Mapped[int] = mapped_column(ForeignKey("building_blocks.id"))
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(enum_column(VersionState))
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), index=True)
    name: Mapped[LocalText] = mapped_column(LocalTextType)
    norm_amount: Mapped[int]
    norm_unit: Mapped[NormUnit] = mapped_column(enum_column(NormUnit))
    cost_cents: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    fingerprint: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[Moment | None]

    block: Mapped[BuildingBlock] = relationship(lazy="raise_on_sql")
    department: Mapped[Department] = relationship(lazy="raise_on_sql")

    @validates("definition")
    def _name_content(self, _key: str, definition: dict[str, Any]) -> dict[str, Any]:
        self.fingerprint = fingerprint_of(definition)
        return definition


class QuestionRecord(Base):
    """A question of the library that blocks share; a block version holds its own copy of it."""

    __tablename__ = "questions"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(60), unique=True)
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
