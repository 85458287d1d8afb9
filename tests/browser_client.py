"""The client of the tests: a browser without JavaScript that sends the forgery token and looks at every page it gets."""

import hashlib
from typing import Any, Final

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from tests.page_check import find_faults

_TOKEN_OF_THE_TESTS: Final = hashlib.sha256(b"tests").hexdigest()


class TokenClient(FlaskClient):
    """Sends the forgery token with every POST, as the forms of the pages do."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request."""
        if kwargs.get("method") == "POST":
            kwargs["headers"] = {"X-CSRFToken": self.forgery_token(), **dict(kwargs.get("headers") or {})}
        return super().open(*args, **kwargs)

    def forgery_token(self) -> str:
        """Give the token that a form of this visitor would carry."""
        with self.session_transaction() as cookie:
            raw = cookie.setdefault("csrf_token", _TOKEN_OF_THE_TESTS)
        assert self.application.secret_key
        return str(URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(raw))


class CheckedClient(TokenClient):
    """Fails on any page that is not in order."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request and look at the answer."""
        response = super().open(*args, **kwargs)
        is_fragment = bool(response.request.headers.get("HX-Request"))
        faults = find_faults(self.application, response, is_fragment=is_fragment)
        where = f"{response.request.method} {response.request.path} ({response.status_code})"
        assert not faults, f"{where}:\n  * " + "\n  * ".join(faults)
        return response
