"""What every test starts from: an application on a fresh database, and a transaction that is undone."""

import os
from collections.abc import Iterator
from itertools import count

import pytest
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import create_engine, event, text
from sqlalchemy.orm import Session

from portal.core.db import db, writing
from portal.web.application import Application
from tests.applications import POSTGRESQL, NewDatabase, empty_tables, running

# Enough to find what goes wrong in weeks of runs; PORTAL_TEST_EXAMPLES=1000 looks harder. A busy machine is no defect.
settings.register_profile("suite", max_examples=int(os.environ.get("PORTAL_TEST_EXAMPLES", "50")), deadline=None)
settings.load_profile("suite")


def pytest_report_header() -> str:
    """Say which database the suite runs on."""
    return f"database: {'PostgreSQL' if POSTGRESQL else 'SQLite'}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out on PostgreSQL what knows no database or is the same on every one: it was proven in the run on SQLite."""
    if not POSTGRESQL:
        return

    def is_the_same(item: pytest.Item) -> bool:
        knows_database = "new_database" in getattr(item, "fixturenames", ()) or "tests/cli" in item.nodeid
        return not knows_database or item.get_closest_marker("once") is not None

    once = {item for item in items if is_the_same(item)}
    config.hook.pytest_deselected(items=[*once])
    items[:] = [item for item in items if item not in once]


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewDatabase]:
    """Give a function that makes an empty database, on the server or as a file, and gives its address."""
    numbers = count()
    if not POSTGRESQL:
        yield lambda: f"sqlite:///{tmp_path_factory.mktemp('database') / f'test{next(numbers)}.db'}"
        return
    made: list[str] = []
    server = create_engine(f"{POSTGRESQL}/postgres", isolation_level="AUTOCOMMIT")
    with server.connect() as connection:

        def make() -> str:
            made.append(f"loket_test_{os.getpid()}_{next(numbers)}")
            connection.execute(text(f"CREATE DATABASE {made[-1]}"))
            return f"{POSTGRESQL}/{made[-1]}"

        yield make
        for name in made:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(scope="session")
def app(new_database: NewDatabase) -> Iterator[Application]:
    """Give the application on a migrated database."""
    with running(new_database()) as application:
        yield application


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
    """Give a browser without JavaScript; what the session flushed and committed is visible to it.

    It sends the forgery token and fails on any page that is not in order (see page_check).
    """
    del session
    return app.test_client()


@pytest.fixture
def statements(session: Session) -> Iterator[list[str]]:
    """Collect the SQL statements that run from now on, for query budgets."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield seen
    event.remove(connection, "before_cursor_execute", note)


@pytest.fixture(scope="session")
def _own_app(new_database: NewDatabase) -> Iterator[Application]:
    with running(new_database()) as application:
        yield application


@pytest.fixture
def committed_app(_own_app: Application) -> Iterator[Application]:
    """Give an application whose transactions really commit, over many connections; its tables are emptied afterwards."""
    yield _own_app
    empty_tables(_own_app)
