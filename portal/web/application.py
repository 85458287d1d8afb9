"""The application class: one transaction per request, and a GET that may not write."""

from typing import Final, cast

from flask import Flask, Response, current_app, request

from portal.core.db import reading, transaction
from portal.settings import Settings

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FIRST_FAILURE: Final = 400


class _AnsweredWithFailure(Exception):  # noqa: N818  not an error: it carries the answer past the rollback
    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


class Application(Flask):
    """Flask with the rules of the house."""

    settings: Settings

    def full_dispatch_request(self) -> Response:
        """Answer a request in one unit of work: an answer below 400 commits, any other rolls back."""
        if request.method in SAFE_METHODS:
            with reading():
                return super().full_dispatch_request()
        try:
            with transaction():
                response = super().full_dispatch_request()
                if response.status_code >= _FIRST_FAILURE:
                    raise _AnsweredWithFailure(response)
        except _AnsweredWithFailure as failure:
            return failure.response
        return response


def this_app() -> Application:
    """Give the running application with its settings."""
    return cast(Application, current_app)
