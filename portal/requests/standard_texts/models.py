"""Texts that people who handle requests use again and again."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.catalog.models import Product
from portal.core.columns import Id, Moment, enum_column
from portal.core.db import Base
from portal.core.texts import LocalText, LocalTextType
from portal.requests.workflow import RequestState


class StandardText(Base):
    """A text with placeholders, for one state of a request and one product, or for all."""

    __tablename__ = "standard_texts"

    id: Mapped[Id]
    name: Mapped[LocalText] = mapped_column(LocalTextType)
    text: Mapped[LocalText] = mapped_column(LocalTextType)
    state: Mapped[RequestState | None] = mapped_column(enum_column(RequestState))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"), index=True)
    changed_at: Mapped[Moment]
    version: Mapped[int] = mapped_column(default=1)

    product: Mapped[Product | None] = relationship(lazy="raise_on_sql")
