"""Applications for tests, on databases that are made for them."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from portal.app import create_app
from portal.core import schema
from portal.core.db import Base, db, writing
from portal.settings import Settings
from portal.web.application import Application
from tests.browser_client import CheckedClient, TokenClient

NewDatabase = Callable[[], str]

POSTGRESQL = os.environ.get("PORTAL_TEST_POSTGRESQL", "")


def make_app(address: str) -> Application:
    """Make an application on a database as it is; its client looks at every page, in the run on SQLite: they are the same."""
    app = create_app(Settings(database_url=address, base_url="http://localhost", mail_from="loket@loket.example"))
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    app.test_client_class = TokenClient if POSTGRESQL else CheckedClient
    return app


@contextmanager
def running(address: str) -> Iterator[Application]:
    """Give an application on a migrated database, and let go of its connections afterwards."""
    app = make_app(address)
    with app.app_context():
        schema.upgrade(db.engine)
    yield app
    with app.app_context():
        db.engine.dispose()


def empty_tables(app: Application) -> None:
    """Delete all rows of all tables."""
    with app.app_context(), writing(), db.engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
