"""Figures that are kept rather than counted: what became of the dates that were given."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.catalog.models import Product
from portal.core.columns import Id
from portal.core.db import Base
from portal.people.models import Department


class DateFigure(Base):
    """What became of the first dates of one month: of the requests of a product, or of the tasks of a department.

    The month (its first day) is that in which they were done. `off_days` and `width_days` are sums over the `cases`, in
    working days: how far from the expected date it was done, and how far apart expected and latest date were.
    """

    __tablename__ = "date_figures"
    __table_args__ = (
        CheckConstraint("(product_id IS NULL) <> (department_id IS NULL)", name="of_one"),
        UniqueConstraint("product_id", "month"),
        UniqueConstraint("department_id", "month"),
    )

    id: Mapped[Id]
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    month: Mapped[date]
    cases: Mapped[int] = mapped_column(default=0)
    by_expected: Mapped[int] = mapped_column(default=0)
    by_latest: Mapped[int] = mapped_column(default=0)
    off_days: Mapped[float] = mapped_column(default=0.0)
    width_days: Mapped[float] = mapped_column(default=0.0)

    product: Mapped[Product | None] = relationship(lazy="raise_on_sql")
    department: Mapped[Department | None] = relationship(lazy="raise_on_sql")
