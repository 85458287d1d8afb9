"""To be written."""

from typing import Final

from flask import Blueprint

blueprint: Final = Blueprint("order", __name__)


@blueprint.get("/order/<code>")
def start(code: str) -> str:
    """To be written."""
    return ""
