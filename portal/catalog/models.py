"""Products, building blocks and questions, with their versions. A published version never changes."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates
from sqlalchemy.schema import SchemaItem

from portal.catalog.catalogue import UploadKind
from portal.catalog.definition import Level, ProductKind, Theme, Tier
from portal.catalog.workflow import VersionState
from portal.core.columns import Id, Moment, enum_column, partial_index
from portal.core.db import PERSONAL, Base
from portal.core.texts import LocalText, LocalTextType
from portal.people.models import Department, Team
from portal.planning.norm import NormUnit

SECOND_PERSON: Final = (
    "author_id IS NULL OR state IN ('draft', 'in_review') OR (published_at IS NULL AND state = 'retired') "
    "OR (reviewer_id IS NOT NULL AND reviewer_id <> author_id)"
)
"""What a person made is only scheduled or published when another person agreed; see docs/decisions/0009."""


def fingerprint_of(definition: Mapping[str, Any]) -> str:
    """Name the content of a definition: the same content, the same name."""
    return hashlib.sha256(json.dumps(definition, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _life_of(table: str, column: str) -> tuple[SchemaItem, ...]:
    """Give what the database guards: unique numbers, one open and one published version at a time, and a second person."""
    return (
        UniqueConstraint(column, "number"),
        _one_in(table, column, "open", "state IN ('draft', 'in_review', 'scheduled')"),
        _one_in(table, column, "published", "state = 'published'"),
        CheckConstraint(SECOND_PERSON, name="second_person"),
    )


def _one_in(table: str, column: str, name: str, states: str) -> Index:
    return partial_index(f"uq_{table}_{name}", column, where=states, unique=True)


class VersionLife:
    """What all versions share: what they hold, where they stand, who made them and who agreed.

    `fingerprint` names the content of `definition`.
    `edition` counts the changes of a draft, `editor_ids` are all who changed it, `author_id` sent it for review.
    """

    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(enum_column(VersionState))
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    fingerprint: Mapped[str] = mapped_column(String(64))
    edition: Mapped[int] = mapped_column(default=1)
    editor_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    publish_at: Mapped[Moment | None] = mapped_column(index=True)
    published_at: Mapped[Moment | None]

    @validates("definition")
    def _name_content(self, _key: str, definition: dict[str, Any]) -> dict[str, Any]:
        self.fingerprint = fingerprint_of(definition)
        return definition


class Product(Base):
    """Anything that can be asked for; what it is stands in its versions, of which one is published."""

    __tablename__ = "products"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(60), unique=True)


class ProductVersion(VersionLife, Base):
    """One version of a product: what lists need in columns, all of it in `definition`."""

    __tablename__ = "product_versions"
    __table_args__ = _life_of("product_versions", "product_id")

    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    kind: Mapped[ProductKind] = mapped_column(enum_column(ProductKind))
    tier: Mapped[Tier] = mapped_column(enum_column(Tier))
    level: Mapped[Level] = mapped_column(enum_column(Level))
    theme: Mapped[Theme] = mapped_column(enum_column(Theme))
    icon: Mapped[str] = mapped_column(String(30))
    owner_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    name: Mapped[LocalText] = mapped_column(LocalTextType)
    summary: Mapped[LocalText] = mapped_column(LocalTextType)
    audience: Mapped[list[str]] = mapped_column(JSON)

    product: Mapped[Product] = relationship(lazy="raise_on_sql")
    owner: Mapped[Department] = relationship(lazy="raise_on_sql")

    @property
    def code(self) -> str:
        """Give the code of the product."""
        return self.product.code

    @property
    def stream(self) -> str:
        """Give where the journal keeps what happens to the product."""
        return f"product:{self.product_id}"


class BuildingBlock(Base):
    """The smallest deliverable with one owning department; what it is stands in its versions."""

    __tablename__ = "building_blocks"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(60), unique=True)


class BlockVersion(VersionLife, Base):
    """One version of a building block: department and norm in columns, all of it in `definition`."""

    __tablename__ = "block_versions"
    __table_args__ = _life_of("block_versions", "block_id")

    id: Mapped[Id]
    block_id: Mapped[int] = mapped_column(ForeignKey("building_blocks.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    name: Mapped[LocalText] = mapped_column(LocalTextType)
    norm_amount: Mapped[int]
    norm_unit: Mapped[NormUnit] = mapped_column(enum_column(NormUnit))

    block: Mapped[BuildingBlock] = relationship(lazy="raise_on_sql")
    department: Mapped[Department] = relationship(lazy="raise_on_sql")
    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")

    @property
    def code(self) -> str:
        """Give the code of the building block."""
        return self.block.code

    @property
    def stream(self) -> str:
        """Give where the journal keeps what happens to the building block."""
        return f"block:{self.block_id}"


class QuestionRecord(Base):
    """A question of the library that blocks share; a block version holds its own copy of it. `edition` counts its changes."""

    __tablename__ = "questions"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(60), unique=True)
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    edition: Mapped[int] = mapped_column(default=1)


class CatalogueUpload(Base):
    """A file that somebody wants to take over, until it went to review or was put aside; each person has one at most."""

    __tablename__ = "catalogue_uploads"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), unique=True, info=PERSONAL)
    name: Mapped[str] = mapped_column(String(200), info=PERSONAL)
    holds: Mapped[UploadKind] = mapped_column(enum_column(UploadKind))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sent_at: Mapped[Moment]

    @property
    def fingerprint(self) -> str:
        """Give what tells this file from another: a page that was made for another file says so."""
        return hashlib.sha256(self.content).hexdigest()


class UpnName(Base):
    """A name of the Uniforme Productnamenlijst, as it was imported last."""

    __tablename__ = "upn_names"

    uri: Mapped[str] = mapped_column(String(300), primary_key=True)
    name: Mapped[str] = mapped_column(String(300))


class ProductFigures(Base):
    """What the requests for a product came to in the year before `as_of`; a job keeps it.

    `closed_on_time` of the `closed` ones were done by the first latest date that was promised; of the `rated` ones so many
    people were `satisfied`.
    """

    __tablename__ = "product_figures"

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    requests: Mapped[int]
    closed: Mapped[int]
    closed_on_time: Mapped[int]
    rated: Mapped[int] = mapped_column(default=0)
    satisfied: Mapped[int] = mapped_column(default=0)
    as_of: Mapped[Moment]


class ProductPair(Base):
    """A product beside another: how many people asked for both within some days, and how many building blocks they share."""

    __tablename__ = "product_pairs"

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    beside_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    requesters: Mapped[int]
    shared_blocks: Mapped[int]


class MatrixChoice(Base):
    """A cell of the matrix that is empty on purpose, and why."""

    __tablename__ = "matrix_choices"

    tier: Mapped[Tier] = mapped_column(enum_column(Tier), primary_key=True)
    level: Mapped[Level] = mapped_column(enum_column(Level), primary_key=True)
    reason: Mapped[LocalText] = mapped_column(LocalTextType)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    at: Mapped[Moment]


CatalogueVersion = ProductVersion | BlockVersion
