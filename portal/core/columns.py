"""Column types and annotations that every feature's models share."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import DateTime, Dialect, Enum, Index, text
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware and in UTC on both sides, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC.

        :raises ValueError: the moment has no time zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"a moment without time zone: {value.isoformat()}"
            raise ValueError(message)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401  as SQLAlchemy types it
        """Give an aware moment in UTC."""
        del dialect
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


Id = Annotated[int, mapped_column(primary_key=True)]
Moment = Annotated[datetime, mapped_column(UtcDateTime)]


def enum_column(kind: type[StrEnum], length: int = 20) -> Enum:
    """Store a StrEnum by its value, as plain text that both databases can index."""
    return Enum(kind, native_enum=False, length=length, values_callable=lambda members: [member.value for member in members])


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Index only the rows of which this SQL is true, on both databases."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))
