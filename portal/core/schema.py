"""The shape of the database: bringing it to the newest revision, or back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine

from portal.core.db import Base, writing
from portal.core.revision import MIGRATIONS

FULL_TEXT_INDEX: Final = "search_index"


def upgrade(engine: Engine, *, to: str = "head") -> None:
    """Bring the database to a revision, the newest by default."""
    _run(engine, command.upgrade, to)


def downgrade(engine: Engine, *, to: str) -> None:
    """Take the database back to a revision; `base` leaves it empty."""
    _run(engine, command.downgrade, to)


def new_revision(engine: Engine, *, message: str) -> None:
    """Write the next numbered migration from the difference between the models and a database at the newest revision."""
    with engine.connect() as connection:
        number = MigrationContext.configure(connection).get_current_revision() or "0000"
        command.revision(_config(connection), message=message, autogenerate=True, rev_id=f"{int(number) + 1:04d}")


def is_modelled(name: str | None, kind: str, _parents: object) -> bool:
    """Tell whether a name in the database comes from the models: the full-text index, and what SQLite keeps for it, do not."""
    return not (kind == "table" and (name or "").startswith(FULL_TEXT_INDEX))


def _run(engine: Engine, change: Callable[[Config, str], None], revision: str) -> None:
    with writing(), engine.connect() as connection, _tables_made_again(connection), connection.begin():
        change(_config(connection), revision)
        if engine.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            message = "the migration leaves rows that refer to nothing"
            raise ValueError(message)


@contextmanager
def _tables_made_again(connection: Connection) -> Iterator[None]:
    """Let SQLite, which changes a table by making it again, do so while other tables refer to it.

    See https://sqlite.org/lang_altertable.html, 7. The switch only works outside a transaction, so past SQLAlchemy.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes.update(connection=connection, metadata=Base.metadata, is_modelled=is_modelled)
    return config
