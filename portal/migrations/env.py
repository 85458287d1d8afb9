"""How Alembic reaches the database: over a connection that the command hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeDecorator


def _render(kind: str, thing: Any, _context: AutogenContext) -> str | Literal[False]:  # noqa: ANN401  as Alembic types it
    """Write our own column types as the plain types beneath them: migrations import nothing from the portal."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl!r}"
    return False


def _run() -> None:
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes["metadata"],
        render_as_batch=True,
        compare_type=True,
        render_item=_render,
        include_name=context.config.attributes["is_modelled"],
    )
    with context.begin_transaction():
        context.run_migrations()


_run()
