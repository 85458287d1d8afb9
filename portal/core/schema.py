"""The shape of the database: bringing it to the newest revision, or back."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from portal.core.db import Base, writing

MIGRATIONS: Final = Path(__file__).parent.parent / "migrations"


def upgrade(engine: Engine, *, to: str = "head") -> None:
    """Bring the database to a revision, the newest by default."""
    _run(engine, command.upgrade, to)


def downgrade(engine: Engine, *, to: str) -> None:
    """Take the database back to a revision; `base` leaves it empty."""
    _run(engine, command.downgrade, to)


def newest_revision() -> str:
    """Give the newest revision that this version of the portal knows."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return head or "base"


def current_revision(engine: Engine) -> str | None:
    """Give the revision the database is at; None when it is empty."""
    with engine.connect() as connection:
        return revision_seen_by(connection)


def revision_seen_by(connection: Connection) -> str | None:
    """Give the revision of the database at the other end of a connection; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def new_revision(engine: Engine, *, message: str, number: str) -> None:
    """Write a numbered migration from the difference between the models and the database."""
    with engine.connect() as connection:
        command.revision(_config(connection), message=message, autogenerate=True, rev_id=number)


def _run(engine: Engine, change: Callable[[Config, str], None], revision: str) -> None:
    with writing(), engine.begin() as connection:
        change(_config(connection), revision)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes.update(connection=connection, metadata=Base.metadata)
    return config
