"""htmx: the extension, with the headers of version 4."""

from typing import Final

from flask import Flask, Response, request
from htmx_flask import Htmx

htmx: Final = Htmx()


def install_htmx(app: Flask) -> None:
    """Set up the extension; answers differ for htmx, so caches must know."""
    htmx.init_app(app)

    def vary(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.vary.add("HX-Request")
        return response

    app.after_request(vary)


def wants_fragment(root_id: str) -> bool:
    """Tell whether htmx asks for the fragment with this root id instead of the whole page."""
    return bool(request.headers.get("HX-Request")) and request.headers.get("HX-Target", "").endswith(root_id)
