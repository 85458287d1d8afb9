"""When the customer is reminded of a question that stands open."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

COMING = sa.text("remind_at IS NOT NULL")


def upgrade() -> None:
    """Bring the database to this revision; open questions are reminded of when their requests were to be looked at again."""
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE tasks SET remind_at = (SELECT next_moment_at FROM requests WHERE requests.id = tasks.request_id)"
        " WHERE state = 'suspended' AND suspend_reason = 'customer'"
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index("ix_tasks_remind", ["remind_at", "id"], unique=False, sqlite_where=COMING, postgresql_where=COMING)


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index("ix_tasks_remind", sqlite_where=COMING, postgresql_where=COMING)
        batch_op.drop_column("remind_at")
