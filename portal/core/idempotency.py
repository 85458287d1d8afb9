"""Idempotency keys: the same form sent twice is carried out once."""

from datetime import datetime

from sqlalchemy import String, delete, select, update
from sqlalchemy.dialects.postgresql import Insert as InsertForPostgresql
from sqlalchemy.dialects.sqlite import Insert as InsertForSqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core.columns import Moment
from portal.core.db import Base
from portal.core.errors import ConflictError


class FormKey(Base):
    """A form that was carried out: a fingerprint of what was sent and where its answer led."""

    __tablename__ = "form_keys"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    location: Mapped[str] = mapped_column(String(500))
    used_at: Mapped[Moment] = mapped_column(index=True)


def claim_form_key(session: Session, *, key: str, fingerprint: str, at: datetime) -> str | None:
    """Take the key for this transaction; give where the earlier answer led when it was used before.

    Waits for another process that is carrying out the same form at this moment.

    :raises ConflictError: the key was used for something else.
    """
    values = {"key": key, "fingerprint": fingerprint, "location": "", "used_at": at}
    if session.scalar(_insert_or_ignore(session).values(values).returning(FormKey.key)) is not None:
        return None
    used = session.execute(select(FormKey.fingerprint, FormKey.location).where(FormKey.key == key)).one()
    if used.fingerprint != fingerprint:
        raise ConflictError("form_key_reused")
    return str(used.location)


def remember_location(session: Session, *, key: str, location: str) -> None:
    """Keep where the answer led, in the transaction of the change itself."""
    session.execute(update(FormKey).where(FormKey.key == key).values(location=location))


def delete_form_keys(session: Session, *, before: datetime) -> None:
    """Forget the keys that were used before a moment."""
    session.execute(delete(FormKey).where(FormKey.used_at < before))


def _insert_or_ignore(session: Session) -> InsertForPostgresql | InsertForSqlite:
    if session.get_bind().dialect.name == "postgresql":
        return InsertForPostgresql(FormKey).on_conflict_do_nothing()
    return InsertForSqlite(FormKey).on_conflict_do_nothing()
