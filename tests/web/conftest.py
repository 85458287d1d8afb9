"""Small addresses to try the rules of the house on, planted in an application of their own."""

from collections.abc import Iterator

import pytest
from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response

from portal import access
from portal.core.db import db
from portal.core.errors import ConflictError, ForbiddenError, NotFoundError, TooManyAttemptsError
from portal.core.texts import LocalText
from portal.people.models import Department
from portal.people.roles import Role
from portal.web.application import Application
from portal.web.guard import EVERYONE, SIGNED_IN
from tests.applications import NewDatabase, empty_tables, running

blueprint = Blueprint("planted", __name__, url_prefix="/planted")


def write() -> None:
    number = db.session.scalar(select(func.count()).select_from(Department))
    db.session.add(Department(code=f"d{number}", name=LocalText(nl="a", en="a")))
    db.session.flush()


@blueprint.get("/writes")
def get_that_writes() -> str:
    write()
    return "written"


@blueprint.get("/reads")
def get_that_reads() -> dict[str, int]:
    return {"departments": db.session.scalar(select(func.count()).select_from(Department)) or 0}


@blueprint.post("/save")
def save() -> Response:
    write()
    flash(_("Saved."))
    return redirect(url_for("planted.get_that_reads"), 303)


@blueprint.post("/wrong")
def wrong() -> tuple[dict[str, str], int]:
    write()
    return {"field": "wrong"}, 422


@blueprint.route("/fail/<kind>", methods=["GET", "POST"])
def fail(kind: str) -> str:
    failures: dict[str, Exception] = {
        "missing": NotFoundError(),
        "forbidden": ForbiddenError(),
        "overtaken": ConflictError("already_claimed"),
        "unknown-conflict": ConflictError("something_else"),
        "often": TooManyAttemptsError(retry_after=90),
        "crash": LookupError("secret details"),
        "teapot": ServiceUnavailable(retry_after=7),
    }
    db.session.scalar(select(func.count()).select_from(Department))
    raise failures[kind]


@blueprint.get("/rows/<int:row>")
def row(row: int) -> dict[str, int]:
    return {"row": row}


@blueprint.get("/back-office")
def back_office() -> dict[str, str]:
    return {"place": "back office"}


@blueprint.get("/signed-in")
def signed_in() -> dict[str, str]:
    return {"place": "signed in"}


@blueprint.get("/in-no-table")
def in_no_table() -> str:
    return "open"


@blueprint.get("/for-nobody")
def for_nobody() -> str:
    return "open"


TABLE = {
    **{f"planted.{name}": EVERYONE for name in ("get_that_writes", "get_that_reads", "save", "wrong", "fail", "row")},
    "planted.back_office": frozenset({Role.BACK_OFFICE}),
    "planted.signed_in": SIGNED_IN,
    "planted.for_nobody": frozenset[str](),
}


def plant(app: Application) -> Application:
    """Add the planted addresses to an application that has not answered yet."""
    app.register_blueprint(blueprint)
    return app


@pytest.fixture
def planted_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the guard know the planted addresses."""
    for endpoint, who in TABLE.items():
        monkeypatch.setitem(access.ACCESS, endpoint, who)  # type: ignore[arg-type]  # the table is a dict


@pytest.fixture(scope="session")
def _planted_app(new_database: NewDatabase) -> Iterator[Application]:
    with running(new_database()) as app:
        yield plant(app)


@pytest.fixture
def planted(_planted_app: Application, planted_table: None) -> Iterator[Application]:
    """Give an application with the planted addresses whose transactions really commit."""
    del planted_table
    yield _planted_app
    empty_tables(_planted_app)
