"""Security headers on every answer."""

from typing import Final

from flask import Flask, Response

CONTENT_POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

# For files that people sent: whatever is in them runs nothing and shows nothing, also when a browser opens it after all.
FILE_POLICY: Final = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

HEADERS: Final = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def install_headers(app: Flask, *, is_https: bool) -> None:
    """Add the headers to every answer; pages of people are never kept by shared caches."""

    def add(response: Response) -> Response:
        is_file = response.headers.get("Content-Security-Policy") == FILE_POLICY
        for name, value in HEADERS.items():
            response.headers[name] = value
        if is_file:
            response.headers["Content-Security-Policy"] = FILE_POLICY
        if is_https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if response.mimetype == "text/html":
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.after_request(add)
