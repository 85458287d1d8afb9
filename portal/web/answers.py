"""Answers of views: a page with its status."""

from typing import Any

from flask import render_template
from werkzeug.wrappers import Response

Answer = Response | tuple[str, int]


def page(template: str, status: int = 200, /, **context: Any) -> tuple[str, int]:  # noqa: ANN401  what the template shows
    """Render a page; 422 is the status of a form with errors."""
    return render_template(template, **context), status
