"""To be written."""

from typing import Final

from flask import Blueprint

blueprint: Final = Blueprint("backoffice", __name__)


@blueprint.get("/tasks")
def queue() -> str:
    """To be written."""
    return ""


@blueprint.get("/tasks/<int:task_id>")
def task(task_id: int) -> str:
    """To be written."""
    return ""
