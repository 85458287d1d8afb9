"""Pages for what goes wrong: every failure has a status, a clear sentence and a way on."""

import logging
from typing import Final

from flask import Flask, Response, make_response, render_template
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, InternalServerError

from portal.core.db import db
from portal.core.errors import ConflictError, ForbiddenError, NotFoundError, TooManyAttemptsError

_LOG: Final = logging.getLogger("portal")
_PAGES: Final = frozenset({403, 404, 409, 429, 500})
RETRY_AFTER: Final = 5


def install_failures(app: Flask) -> None:
    """Register a page for every expected failure, and one for the others."""
    app.register_error_handler(NotFoundError, lambda _error: _page(404))
    app.register_error_handler(ForbiddenError, lambda _error: _page(403))
    app.register_error_handler(ConflictError, _conflict)
    app.register_error_handler(CSRFError, lambda _error: _conflict(ConflictError("stale_form")))
    app.register_error_handler(TooManyAttemptsError, _too_many)
    app.register_error_handler(OperationalError, _database_failure)
    app.register_error_handler(PoolTimeoutError, _database_failure)
    app.register_error_handler(HTTPException, _http)


def _http(error: HTTPException) -> Response:
    if isinstance(error, InternalServerError):
        return _crash(error)
    status = error.code or 500
    if status in _PAGES:
        return _page(status)
    response = make_response(render_template("errors/400.html", status=status), status)
    for name, value in error.get_headers():
        if name.lower() == "allow":
            response.headers[name] = value
    return response


def _crash(error: InternalServerError) -> Response:
    original = error.original_exception
    if isinstance(original, DBAPIError | PoolTimeoutError):
        return _database_failure(original)
    return _page(500)


def _conflict(error: ConflictError) -> Response:
    return _page(
        409, reason=_CONFLICTS.get(error.reason, lambda: _("Somebody changed this just before you. Look at the new state first."))()
    )


def _too_many(error: TooManyAttemptsError) -> Response:
    response = _page(429, minutes=max(1, round(error.retry_after / 60)))
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def _database_failure(error: Exception) -> Response:
    """Answer 503: the database is locked, full or away. Renders nothing that needs it."""
    _LOG.error("database failure: %s", error)
    db.session.rollback()
    response = make_response(render_template("errors/503.html"), 503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _page(status: int, **context: object) -> Response:
    # The failed unit of work is over; what the page itself shows is read afresh.
    db.session.rollback()
    return make_response(render_template(f"errors/{status}.html", **context), status)


_CONFLICTS: Final = {
    "stale_form": lambda: _("This page was open too long. Go back, load the page again and send it once more."),
    "form_key_reused": lambda: _("You changed a form that was already sent. Load the page again to send it once more."),
    "illegal_transition": lambda: _("This step is no longer possible: the state has changed in the meantime."),
    "already_claimed": lambda: _("Somebody else took this task just before you."),
    "stale_version": lambda: _("Somebody changed this while you were looking at it. Load the page again to see the new state."),
}
