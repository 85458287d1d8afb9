"""Databases to measure on: made for one run, and dropped after it. Nobody's own data is touched."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import Engine, create_engine, make_url, text

from portal.core.references import new_token

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"
DEFAULT_SERVER: Final = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"


def is_listening(server: str) -> bool:
    """Tell whether something listens where this PostgreSQL address points to."""
    url = make_url(server)
    try:
        with socket.create_connection((url.host or "127.0.0.1", url.port or 5432), timeout=1):
            return True
    except OSError:
        return False


@contextmanager
def scratch_database(kind: str, *, server: str, folder: Path | None = None) -> Iterator[str]:
    """Make an empty database (a SQLite file in `folder` or the temporary folder, or one on a PostgreSQL server); give its address."""
    if kind == SQLITE:
        with TemporaryDirectory(prefix="loket-bench-", dir=folder) as temporary:
            yield f"sqlite:///{temporary}/bench.db"
        return
    name = f"loket_bench_{new_token()[:12].lower().replace('-', '_')}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        engine.dispose()


def settle(engine: Engine) -> None:
    """Let the database do now what it does by itself after so much was written, so that it does not do that while it is measured."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE)" if engine.dialect.name == POSTGRESQL else "PRAGMA wal_checkpoint(TRUNCATE)"))
