"""The further people of an order that is not submitted yet."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.columns import Id
from portal.core.db import PERSONAL, Base
from portal.people.models import Person
from portal.people.rules import MOST_NAME


class FurtherBeneficiary(Base):
    """One more person whom an order is for; `answers` (by question code) are those of this person alone."""

    __tablename__ = "further_beneficiaries"
    __table_args__ = (UniqueConstraint("draft_id", "beneficiary_id"),)

    id: Mapped[Id]
    draft_id: Mapped[int] = mapped_column(ForeignKey("order_drafts.id", ondelete="CASCADE"))
    beneficiary_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    beneficiary_name: Mapped[str] = mapped_column(String(MOST_NAME), info=PERSONAL)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, info=PERSONAL)

    beneficiary: Mapped[Person | None] = relationship(lazy="raise_on_sql")
