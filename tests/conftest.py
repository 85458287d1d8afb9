"""What every test starts from: an application on a fresh database, and a transaction that is undone."""

import os
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.core import schema
from portal.core.db import db, writing
from portal.settings import Settings
from portal.web.application import Application

POSTGRESQL = os.environ.get("PORTAL_TEST_POSTGRESQL", "")


def pytest_report_header() -> str:
    """Say which database the suite runs on."""
    return f"database: {'PostgreSQL' if POSTGRESQL else 'SQLite'}"


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """Give the address of an empty database of this test process."""
    if not POSTGRESQL:
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.db'}"
        return
    name = f"loket_test_{os.getpid()}_{worker_id}"
    server = create_engine(f"{POSTGRESQL}/postgres", isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield f"{POSTGRESQL}/{name}"
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(scope="session")
def worker_id() -> str:
    """Name this process when the tests do not run in parallel."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def app(database_url: str) -> Iterator[Application]:
    """Give the application on a migrated database."""
    application = create_app(Settings(database_url=database_url, base_url="http://localhost", mail_from="loket@loket.example"))
    application.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    with application.app_context():
        schema.upgrade(db.engine)
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app: Application) -> Iterator[Session]:
    """Give a session that may write; all of the test, requests of the client included, is undone afterwards.

    No application context stays open: the client would use it again and hide what a page forgot to load.
    """
    with app.app_context():
        engine = db.engine
        engines = db._app_engines[app]
    with writing():
        connection = engine.connect()
        outer = connection.begin()
        # Flask-SQLAlchemy ignores the bind of a session, so the engine itself is swapped.
        engines[None] = connection  # type: ignore[assignment]
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as scratch:
            yield scratch
        engines[None] = engine
        outer.rollback()
        connection.close()


@pytest.fixture
def client(app: Application, session: Session) -> FlaskClient:
    """Give a browser without JavaScript; what the session flushed and committed is visible to it."""
    del session
    return app.test_client()
