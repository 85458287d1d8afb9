"""By when a task must begin for the wished day, and the order of the queue."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OPEN = sa.text("finished_at IS NULL")


def upgrade() -> None:
    """Bring the database to this revision; until it is planned again, a task must begin when it was to begin."""
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("latest_start_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE tasks SET latest_start_at = starts_at")
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.alter_column("latest_start_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.create_index(
            "ix_tasks_urgent", ["department_id", "latest_start_at", "id"], unique=False, sqlite_where=OPEN, postgresql_where=OPEN
        )


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index("ix_tasks_urgent", sqlite_where=OPEN, postgresql_where=OPEN)
        batch_op.drop_column("latest_start_at")
