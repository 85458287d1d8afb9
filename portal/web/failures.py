"""Pages for what goes wrong: every failure has a status, a clear sentence and a way on. None of them needs the database."""

import logging
from math import ceil
from typing import Final

from flask import Flask, Response, current_app, make_response
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, InternalServerError

from portal.core.errors import ConflictError, ForbiddenError, NotFoundError, TooManyAttemptsError
from portal.web.language import current_language

_LOG: Final = logging.getLogger("portal")
_PAGES: Final = frozenset({403, 404, 500})
_AWAY: Final = (OperationalError, InterfaceError, PoolTimeoutError)
RETRY_AFTER: Final = 5


def install_failures(app: Flask) -> None:
    """Register a page for every expected failure, and one for the others."""
    app.register_error_handler(NotFoundError, lambda _error: _page(404))
    app.register_error_handler(ForbiddenError, lambda _error: _page(403))
    app.register_error_handler(ConflictError, _conflict)
    app.register_error_handler(CSRFError, lambda _error: _page(409, reason=None))
    app.register_error_handler(TooManyAttemptsError, _too_many)
    for failure in _AWAY:
        app.register_error_handler(failure, _database_failure)
    app.register_error_handler(HTTPException, _http)


def _http(error: HTTPException) -> Response:
    if isinstance(error, InternalServerError):
        return _crash(error)
    status = error.code or 500
    response = _page(status) if status in _PAGES else _page(status, template=400)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _crash(error: InternalServerError) -> Response:
    original = error.original_exception
    # A commit can fail when the view has long been ready.
    return _database_failure(original) if isinstance(original, _AWAY) else _page(500)


def _conflict(error: ConflictError) -> Response:
    return _page(409, reason=_CONFLICTS.get(error.reason, _overtaken)())


def _too_many(error: TooManyAttemptsError) -> Response:
    response = _page(429, minutes=ceil(error.retry_after / 60))
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def _database_failure(error: Exception) -> Response:
    """Answer 503: the database is locked, full or away."""
    _LOG.error("database failure: %s", error)
    response = _page(503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _page(status: int, *, template: int | None = None, **context: object) -> Response:
    # Not `render_template`: the navigation reads the database, which may be what is broken.
    found = current_app.jinja_env.get_template(f"errors/{template or status}.html")
    return make_response(found.render(status=status, current_language=current_language(), **context), status)


def _overtaken() -> str:
    return str(_("Somebody changed this just before you."))


_CONFLICTS: Final = {
    "form_key_reused": lambda: _("You changed a form that was already sent."),
    "illegal_transition": lambda: _("This step is no longer possible: the state has changed in the meantime."),
    "already_claimed": lambda: _("Somebody else took this task just before you."),
    "rating_closed": lambda: _("You can tell how it went when a request is finished, until 30 days later, and change it for 14 days."),
    "reopening_closed": lambda: _("This request cannot be opened again: it is open already, or it was finished too long ago."),
    "stale_version": lambda: _("Somebody changed this while you were looking at it."),
}
