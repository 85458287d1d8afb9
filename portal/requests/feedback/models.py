"""What people thought of a request that was done, and the links by which they can say it without signing in."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.columns import Id, Moment, enum_column, partial_index
from portal.core.db import PERSONAL, Base
from portal.requests.feedback.rules import Door, Score
from portal.requests.models import Request


class Rating(Base):
    """How satisfied the customers of a request are: one answer per request, which they can change for some days.

    It does not say who gave it. `rated_at` is when it was given first since the request was done, `changed_at` the last time.
    """

    __tablename__ = "ratings"
    __table_args__ = (
        Index("ix_ratings_product_id", "product_id", "rated_at"),
        partial_index("ix_ratings_reason", "changed_at", "id", where="reason <> ''"),
    )

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), unique=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    score: Mapped[Score] = mapped_column(enum_column(Score))
    reason: Mapped[str] = mapped_column(String(2000), default="", info=PERSONAL)
    door: Mapped[Door] = mapped_column(enum_column(Door))
    rated_at: Mapped[Moment]
    changed_at: Mapped[Moment]

    request: Mapped[Request] = relationship(lazy="raise_on_sql")


class RatingLink(Base):
    """A link by which one customer can rate one request without signing in, or have it opened again, and can do nothing else.

    `seed` makes the link with the secret of the portal, `token_hash` recognises it.
    """

    __tablename__ = "rating_links"
    __table_args__ = (UniqueConstraint("request_id", "person_id"),)

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    seed: Mapped[str] = mapped_column(String(40))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[Moment]
