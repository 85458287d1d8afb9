"""A catalogue with two people who keep it."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.catalog.models import ProductVersion
from portal.people.models import Person
from portal.people.roles import Role
from portal.web.application import Application
from tests.factories import make_chain, make_person, sign_in

Browse = Callable[[Person], FlaskClient]


@pytest.fixture
def product(session: Session) -> ProductVersion:
    """Publish a product of three blocks."""
    return make_chain(session)


@pytest.fixture
def author(app: Application, session: Session, product: ProductVersion) -> FlaskClient:
    """Give the browser of a catalogue manager, in English."""
    del product
    return browser_of(app, make_person(session, Role.CATALOGUE_MANAGER, name="Ada Author", language="en"))


@pytest.fixture
def reviewer(app: Application, session: Session, product: ProductVersion) -> FlaskClient:
    """Give the browser of another catalogue manager, in English."""
    del product
    return browser_of(app, make_person(session, Role.CATALOGUE_MANAGER, name="Rik Reviewer", language="en"))


def browser_of(app: Application, person: Person) -> FlaskClient:
    client = app.test_client()
    sign_in(client, person)
    return client


def words_of(answer: TestResponse) -> str:
    """Read what stands on a page, without its markup."""
    main = answer.text[answer.text.index("<main") : answer.text.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))
