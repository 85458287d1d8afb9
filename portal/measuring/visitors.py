"""Signing in over HTTP as a person does, and reading what a page holds."""

import http.client
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from portal.measuring.wire import WrongAnswerError

_TOKEN: Final = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_OK: Final = 200
_SEE_OTHER: Final = 303


@dataclass(slots=True)
class Visitor:
    """Somebody with a browser: keeps the cookie and the forgery token."""

    port: int
    cookie: str = ""
    csrf_token: str = field(default="")

    def sign_in(self, username: str, password: str) -> None:
        """Sign in at the sign-in page.

        :raises WrongAnswerError: it did not let us in.
        """
        self.read("/sign-in")
        form = urlencode({"csrf_token": self.csrf_token, "username": username, "password": password})
        status, _ = self._ask("POST", "/sign-in", form)
        if status != _SEE_OTHER:
            message = f"signing in as {username} answered {status}"
            raise WrongAnswerError(message)

    def read(self, path: str) -> str:
        """Read a page, and keep its forgery token.

        :raises WrongAnswerError: it does not answer 200.
        """
        status, page = self._ask("GET", path)
        if status != _OK:
            message = f"{path} answered {status}"
            raise WrongAnswerError(message)
        found = _TOKEN.search(page)
        self.csrf_token = found[1] if found else self.csrf_token
        return page

    def _ask(self, method: str, path: str, form: str | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Accept-Language": "nl", **({"Cookie": self.cookie} if self.cookie else {})}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body=form, headers=headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        kept = answer.getheader("Set-Cookie")
        self.cookie = kept.split(";", 1)[0] if kept else self.cookie
        connection.close()
        return answer.status, page
