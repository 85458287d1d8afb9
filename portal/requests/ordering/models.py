"""Orders that were begun and not submitted yet."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.catalog.models import Product, ProductVersion
from portal.core.columns import Id, Moment
from portal.core.db import PERSONAL, Base
from portal.people.models import Person
from portal.people.rules import MOST_NAME


class OrderDraft(Base):
    """An order that was begun and not submitted yet; `token` stands in its address, `request_id` once it was submitted.

    `tree_answers` and `answers` map question codes to values; `skipped` lists optional blocks that are switched off,
    `added` those that are switched on.
    """

    __tablename__ = "order_drafts"
    __table_args__ = (Index("ix_order_drafts_person_id", "person_id", "changed_at"),)

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(40), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    product_version_id: Mapped[int] = mapped_column(ForeignKey("product_versions.id"))
    requester_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    beneficiary_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    beneficiary_name: Mapped[str] = mapped_column(String(MOST_NAME), default="", info=PERSONAL)
    tree_answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, info=PERSONAL)
    skipped: Mapped[list[str]] = mapped_column(JSON)
    added: Mapped[list[str]] = mapped_column(JSON)
    has_details: Mapped[bool] = mapped_column(default=False)
    cost_centre_id: Mapped[int | None] = mapped_column(ForeignKey("cost_centres.id"))
    changed_at: Mapped[Moment]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"))
    version: Mapped[int] = mapped_column(default=1)

    product: Mapped[Product] = relationship(lazy="raise_on_sql")
    product_version: Mapped[ProductVersion] = relationship(lazy="raise_on_sql")
    requester: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[requester_id])
    beneficiary: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[beneficiary_id])
