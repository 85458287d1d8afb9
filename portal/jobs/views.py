"""To be written."""

from typing import Final

from flask import Blueprint

blueprint: Final = Blueprint("jobs", __name__)


@blueprint.get("/operations")
def overview() -> str:
    """To be written."""
    return ""
