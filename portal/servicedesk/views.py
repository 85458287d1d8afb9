"""To be written."""

from typing import Final

from flask import Blueprint

blueprint: Final = Blueprint("servicedesk", __name__)


@blueprint.get("/desk")
def desk() -> str:
    """To be written."""
    return ""
