"""To be written."""

from typing import Final

from flask import Blueprint

blueprint: Final = Blueprint("requests", __name__)


@blueprint.get("/requests")
def overview() -> str:
    """To be written."""
    return ""


@blueprint.get("/requests/<number>")
def detail(number: str) -> str:
    """To be written."""
    return ""
