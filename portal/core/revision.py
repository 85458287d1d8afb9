"""The revision of the database, read without the machinery of the migrations, which takes long to load."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text

MIGRATIONS: Final = Path(__file__).parent.parent / "migrations"


def newest_revision() -> str:
    """Give the newest revision that this version of the portal knows; migrations are numbered in their file names."""
    return max((path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py")), default="base")


def current_revision(engine: Engine) -> str | None:
    """Give the revision the database is at; None when it is empty."""
    with engine.connect() as connection:
        return revision_seen_by(connection)


def revision_seen_by(connection: Connection) -> str | None:
    """Give the revision of the database at the other end of a connection; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision
