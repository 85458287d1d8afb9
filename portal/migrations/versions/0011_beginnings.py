"""When a task may begin: a moment of its own, the cut-off of a day, and the time after another task."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision; nothing that is there is held back."""
    with op.batch_alter_table("tasks") as batch:
        batch.add_column(sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("cut_off", sa.Time(), nullable=True))
        batch.create_index(
            "ix_tasks_not_before",
            ["not_before"],
            sqlite_where=sa.text("ready_at IS NULL AND not_before IS NOT NULL"),
            postgresql_where=sa.text("ready_at IS NULL AND not_before IS NOT NULL"),
        )
    with op.batch_alter_table("task_dependencies") as batch:
        batch.add_column(sa.Column("lag_minutes", sa.Integer(), nullable=False, server_default="0"))
        batch.alter_column("lag_minutes", server_default=None)


def downgrade() -> None:
    """Take the database back to the revision before."""
    with op.batch_alter_table("task_dependencies") as batch:
        batch.drop_column("lag_minutes")
    with op.batch_alter_table("tasks") as batch:
        batch.drop_index("ix_tasks_not_before")
        batch.drop_column("cut_off")
        batch.drop_column("not_before")
