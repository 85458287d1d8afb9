"""A database that holds base, demo and two hundred made-up requests, for all tests that only look."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from portal.core.clock import utc_now
from portal.core.db import transaction
from portal.seeding.load.making import make_load
from portal.seeding.loading import Changes, Circumstances, load_seeds
from portal.web.application import Application
from tests.applications import NewDatabase, running
from tests.seeding.seeds import SECRET, SEEDS, ZONE

AMOUNT = 200


@pytest.fixture(scope="package")
def circumstances() -> Circumstances:
    return Circumstances(now=utc_now(), zone=ZONE, secret=SECRET)


@pytest.fixture(scope="package")
def seeded(new_database: NewDatabase, circumstances: Circumstances) -> Iterator[tuple[Application, Changes]]:
    """Give the application on the loaded database, and what loading the seeds changed."""
    with running(new_database()) as app:
        with app.app_context():
            with transaction() as session:
                changes = load_seeds(session=session, folder=SEEDS, with_demo=True, circumstances=circumstances)
            with transaction() as session:
                make_load(session=session, amount=AMOUNT, random_seed=1, circumstances=circumstances)
        yield app, changes


@pytest.fixture
def loaded(seeded: tuple[Application, Changes]) -> Iterator[Session]:
    """Give a session on the loaded database."""
    app, _ = seeded
    with app.app_context(), transaction() as session:
        yield session
        session.rollback()
