"""Writing very many rows at once: keys reserved beforehand, rows written in batches, the fastest way of each database."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.orm import Session

BATCH: Final = 1_000

Row = Mapping[str, Any]


def reserve_ids(session: Session, table: Table, amount: int) -> Sequence[int]:
    """Take the next keys of a table, in order; nobody else gets them.

    On SQLite this holds until the end of the transaction, which must be one that writes.
    """
    if session.get_bind().dialect.name == "postgresql":
        sequence = func.nextval(func.pg_get_serial_sequence(table.name, "id"))
        return sorted(session.scalars(select(sequence).select_from(func.generate_series(1, amount).alias())))
    highest = session.scalar(select(func.max(table.c.id))) or 0
    return range(highest + 1, highest + 1 + amount)


def insert_rows(session: Session, table: Table, rows: Iterable[Row]) -> int:
    """Insert rows that all have the same columns, in batches; gives how many."""
    write = _copy if session.get_bind().dialect.name == "postgresql" else _insert
    total, rows = 0, iter(rows)
    while batch := list(islice(rows, BATCH)):
        write(session, table, batch)
        total += len(batch)
    return total


def refresh_statistics(session: Session) -> None:
    """Tell the planner of the database how much there is now."""
    session.execute(text("ANALYZE"))


def _insert(session: Session, table: Table, batch: Sequence[Row]) -> None:
    session.execute(insert(table), batch)


def _copy(session: Session, table: Table, batch: Sequence[Row]) -> None:
    """Write a batch with COPY, with values as the column types bind them."""
    connection = session.connection()
    columns = [table.c[name] for name in batch[0]]
    binders: list[Callable[[Any], Any] | None] = [
        column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for column in columns
    ]
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(column.name) for column in columns)
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {quote(table.name)} ({names}) FROM STDIN") as copy:
        for row in batch:
            copy.write_row([bind(value) if bind else value for bind, value in zip(binders, row.values(), strict=True)])
