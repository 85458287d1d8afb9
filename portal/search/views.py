"""To be written."""

from typing import Final

from flask import Blueprint

blueprint: Final = Blueprint("search", __name__)


@blueprint.get("/")
def home() -> str:
    """To be written."""
    return ""


@blueprint.get("/health")
def health() -> str:
    """To be written."""
    return ""
