"""A database with the catalogue of the seeds in its index, for all tests that only look."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from portal.core.clock import utc_now
from portal.core.db import transaction
from portal.seeding.loading import Circumstances, load_seeds
from portal.web.application import Application
from tests.applications import NewDatabase, running
from tests.seeding.seeds import SECRET, SEEDS, ZONE


@pytest.fixture(scope="package")
def filled(new_database: NewDatabase) -> Iterator[Application]:
    """Give the application on a database with the base catalogue."""
    with running(new_database()) as app:
        with app.app_context(), transaction() as session:
            circumstances = Circumstances(now=utc_now(), zone=ZONE, secret=SECRET)
            load_seeds(session=session, folder=SEEDS, with_demo=False, circumstances=circumstances)
        yield app


@pytest.fixture
def catalogue(filled: Application) -> Iterator[Session]:
    """Give a session on the base catalogue; what is changed is undone."""
    with filled.app_context(), transaction() as session:
        yield session
        session.rollback()
