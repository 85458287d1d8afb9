"""The database: the declarative base, the session, and `transaction()`, the only place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session
from sqlalchemy.pool import ConnectionPoolEntry

from portal.core.turns import Turns

PERSONAL: Final = {"privacy": "personal"}
SENSITIVE: Final = {"privacy": "sensitive"}

_may_write: ContextVar[bool] = ContextVar("may_write", default=False)


class WriteInReadOnlyError(RuntimeError):
    """A read-only unit of work (a GET) tried to write."""


class WriteInsideWriteError(RuntimeError):
    """A unit of work that had begun to read or write asked for a separate one: on SQLite it would wait for itself."""


class Base(DeclarativeBase):
    """The base of all models; constraint names are fixed so that migrations run alike on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        },
    )


db: Final = SQLAlchemy(model_class=Base, session_options={"join_transaction_mode": "create_savepoint"})


@contextmanager
def transaction() -> Iterator[Session]:
    """Run a unit of work that may write: return commits, raise rolls back."""
    with writing():
        try:
            yield db.session()
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise


@contextmanager
def reading() -> Iterator[None]:
    """Run a unit of work that may not write."""
    token = _may_write.set(False)
    try:
        yield
    finally:
        _may_write.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """Let what runs inside write; for units of work that end elsewhere, such as a migration."""
    token = _may_write.set(True)
    try:
        yield
    finally:
        _may_write.reset(token)


def let_go() -> None:
    """End what a unit of work read so far, so that others can write; it has changed nothing yet, and loads anew what it needs."""
    db.session().rollback()


@contextmanager
def separate_transaction() -> Iterator[Session]:
    """Write something that must stay although the surrounding request fails, such as a failed sign-in.

    A surrounding unit of work that may write must not have begun, or have ended what it began: only one can write on SQLite.

    :raises WriteInsideWriteError: it had begun.
    """
    if _may_write.get() and db.session().in_transaction():
        raise WriteInsideWriteError
    with writing(), Session(db.engine, join_transaction_mode="create_savepoint") as session, session.begin():
        yield session


def install_listeners() -> None:
    """Attach the rules of the house to every session: only a writing unit of work may write."""
    event.listen(Session, "before_flush", _refuse_flush)
    event.listen(Session, "do_orm_execute", _refuse_statement)


def prepare_engine(engine: Engine) -> None:
    """Set an engine up for safe concurrent writing; a no-op on PostgreSQL."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite_connection)
        turns = Turns(engine)
        event.listen(engine, "begin", lambda connection: _begin_sqlite(connection, turns))


def _refuse_flush(session: Session, _context: object, _instances: object) -> None:
    if not _may_write.get() and (session.new or session.dirty or session.deleted):
        raise WriteInReadOnlyError([*session.new, *session.dirty, *session.deleted])


def _refuse_statement(state: ORMExecuteState) -> None:
    if not _may_write.get() and (state.is_insert or state.is_update or state.is_delete):
        raise WriteInReadOnlyError(str(state.statement))


def _prepare_sqlite_connection(connection: Any, _entry: ConnectionPoolEntry) -> None:  # noqa: ANN401  any driver's connection
    # The driver's own transactions are off: they begin too late and lose writes under concurrency.
    connection.isolation_level = None
    for pragma in ("busy_timeout=5000", "journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection, turns: Turns) -> None:
    if _may_write.get():
        turns.begin(connection)
    else:
        connection.exec_driver_sql("BEGIN")
