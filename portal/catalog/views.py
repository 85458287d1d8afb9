"""To be written."""

from typing import Final

from flask import Blueprint

blueprint: Final = Blueprint("catalog", __name__)


@blueprint.get("/catalog")
def overview() -> str:
    """To be written."""
    return ""


@blueprint.get("/catalog/matrix")
def matrix() -> str:
    """To be written."""
    return ""


@blueprint.get("/catalog/<code>")
def product(code: str) -> str:
    """To be written."""
    return ""
