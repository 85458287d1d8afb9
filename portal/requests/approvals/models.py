"""Links by which approvers decide without signing in."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, Moment
from portal.core.db import PERSONAL, Base


class ApprovalLink(Base):
    """A link by which one person can decide about one request without signing in; used up when nothing is left to decide.

    `seed` makes the link with the secret of the portal, `token_hash` recognises it.
    """

    __tablename__ = "approval_links"
    __table_args__ = (Index("ix_approval_links_request_id", "request_id", "person_id"),)

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    seed: Mapped[str] = mapped_column(String(40))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]
