"""The application class: one transaction per request, and a GET that may not write."""

from collections.abc import MutableMapping
from typing import Any, Final, cast

from flask import Flask, Response, current_app, request
from flask.templating import Environment
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest
from werkzeug.routing import IntegerConverter, Map

from portal.core.db import reading, transaction
from portal.settings import Settings
from portal.web.uploads import most_bytes_for

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FIRST_FAILURE: Final = 400
_MAX_KEY: Final = 2**31 - 1


class _KeyConverter(IntegerConverter):
    """A whole number in an address that fits the key of a row; any other is not found."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=_MAX_KEY)


class _Templates(Environment):
    """Jinja that knows all globals before the first page: one dictionary per template instead of a chain that is walked for every part."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Give the globals of a template."""
        return {**self.globals, **(d or {})}


class Application(Flask):
    """Flask with the rules of the house."""

    jinja_environment = _Templates
    settings: Settings

    def __init__(self, name: str, *, static_folder: str | None) -> None:
        """Make the application; a plain `<int:…>` in an address is the key of a row."""
        super().__init__(name, static_folder=static_folder)
        self.url_map.converters["int"] = _KeyConverter

    def full_dispatch_request(self) -> Response:
        """Answer a request in one unit of work: an answer below 400 commits, any other rolls back."""
        if request.method in SAFE_METHODS:
            with reading():
                return super().full_dispatch_request()
        with transaction() as session:
            response = super().full_dispatch_request()
            if response.status_code >= _FIRST_FAILURE:
                session.rollback()
        return response

    def preprocess_request(self) -> ResponseReturnValue | None:
        """Refuse the one sign that no text holds and PostgreSQL cannot store, and say how much may be sent, before anything reads it.

        :raises BadRequest: the address or the form holds a NUL.
        """
        if request.endpoint is not None:
            request.max_content_length = most_bytes_for(self.view_functions[request.endpoint]) or request.max_content_length
        values = (request.path, *request.args.values(), *(value for _, value in request.form.items(multi=True)))
        if any("\0" in value for value in values):
            raise BadRequest
        return super().preprocess_request()


def this_app() -> Application:
    """Give the running application with its settings: itself, not a stand-in that looks it up for every attribute."""
    return cast(Application, current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001  as Flask documents it
