"""To be written."""

from typing import Final

from flask import Blueprint

blueprint: Final = Blueprint("track", __name__)


@blueprint.get("/track")
def find() -> str:
    """To be written."""
    return ""


@blueprint.get("/track/<code>")
def detail(code: str) -> str:
    """To be written."""
    return ""
