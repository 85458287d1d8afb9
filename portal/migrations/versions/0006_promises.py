"""Promises, and the next moment of every request."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")
HAS_MOMENT = sa.text("next_moment_at IS NOT NULL")


def upgrade() -> None:
    """Bring the database to this revision; an open request without promises comes next on its expected date."""
    op.create_table(
        "promises",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("keeper_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_month", sa.String(length=7), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_promises_department_id_departments")),
        sa.ForeignKeyConstraint(["follows_id"], ["promises.id"], name=op.f("fk_promises_follows_id_promises")),
        sa.ForeignKeyConstraint(["keeper_id"], ["persons.id"], name=op.f("fk_promises_keeper_id_persons")),
        sa.ForeignKeyConstraint(["made_by_id"], ["persons.id"], name=op.f("fk_promises_made_by_id_persons")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_promises_request_id_requests")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_promises_task_id_tasks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
    )
    op.create_index("ix_promises_request_id", "promises", ["request_id", "due_at"])
    op.create_index(op.f("ix_promises_task_id"), "promises", ["task_id"])
    op.create_index(op.f("ix_promises_follows_id"), "promises", ["follows_id"])
    op.create_index("ix_promises_department_month", "promises", ["department_id", "due_month", "state"])
    op.create_index("ix_promises_keeper_month", "promises", ["keeper_id", "due_month", "state"])
    op.create_index("ix_promises_open", "promises", ["due_at", "id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.add_column("requests", sa.Column("next_moment_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("requests", sa.Column("next_kind", sa.String(length=20), nullable=True))
    op.add_column("requests", sa.Column("has_promises", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE requests SET next_moment_at = expected_at, next_kind = 'expected' WHERE closed_at IS NULL")
    op.create_index("ix_requests_next_moment", "requests", ["next_moment_at", "id"], sqlite_where=HAS_MOMENT, postgresql_where=HAS_MOMENT)


def downgrade() -> None:
    """Go back to the revision before; the promises are lost, what the history tells of them stays."""
    op.drop_index("ix_requests_next_moment", table_name="requests")
    for name in ("has_promises", "next_kind", "next_moment_at"):
        op.drop_column("requests", name)
    op.drop_table("promises")
