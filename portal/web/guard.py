"""The guard: who may enter which address, from one table; what is not in the table is closed."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Final

from flask import Flask, flash, redirect, request, url_for
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from portal.web.application import SAFE_METHODS
from portal.web.words import _


class Open(Enum):
    """The two kinds of access that do not ask for a role."""

    EVERYONE = "everyone"
    SIGNED_IN = "signed_in"


EVERYONE: Final = Open.EVERYONE
SIGNED_IN: Final = Open.SIGNED_IN

_TABLE: Final = "portal.access"

Access = Open | frozenset[str]
Roles = Callable[[], frozenset[str] | None]


def may_enter(access: Access | None, roles: frozenset[str] | None) -> bool:
    """Decide whether a visitor with `roles` (None: not signed in) may enter; no access rule means nobody."""
    if access is EVERYONE:
        return True
    if roles is None or access is None:
        return False
    return access is SIGNED_IN or bool(roles & access)


def install_guard(app: Flask, *, table: Mapping[str, Access], roles_of_visitor: Roles) -> None:
    """Check every request against the table before anything else reads the database for it."""
    app.extensions[_TABLE] = table

    def check() -> Response | None:
        if request.endpoint is None:
            return None
        access = table.get(request.endpoint)
        if access is EVERYONE:
            return None
        roles = roles_of_visitor()
        if may_enter(access, roles):
            return None
        if roles is None:
            return _lead_to_sign_in()
        raise Forbidden

    app.before_request(check)


def open_addresses(app: Flask) -> Sequence[str]:
    """List the addresses that open for everybody, in order."""
    table: Mapping[str, Access] = app.extensions[_TABLE]
    is_open = {endpoint for endpoint, access in table.items() if access is EVERYONE}
    return sorted({str(rule) for rule in app.url_map.iter_rules() if rule.endpoint in is_open and "GET" in (rule.methods or ())})


def _lead_to_sign_in() -> Response:
    """Show the sign-in page; a part of a page that asks for something is replaced as a whole, and what was sent is lost."""
    if request.method not in SAFE_METHODS:
        flash(_("You are not signed in any more. What you did just now was not saved: sign in and do it again."), "warning")
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": url_for("people.sign_in")})
    return redirect(url_for("people.sign_in", next=_return_address()), 303)


def _return_address() -> str | None:
    return request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
