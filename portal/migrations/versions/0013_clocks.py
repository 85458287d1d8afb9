"""Clocks beside the norm: the legal term and the first answer of a request, and the extension of a task."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

UNANSWERED = sa.text("responded_at IS NULL AND response_due_at IS NOT NULL")


def upgrade() -> None:
    """Bring the database to this revision."""
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.add_column(sa.Column("legal_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("legal_moved_days", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("legal_stopped_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("legal_due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("response_due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("responded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_requests_legal_due_on"), ["legal_due_on"], unique=False)
        batch_op.create_index(
            "ix_requests_response", ["response_due_at"], unique=False, sqlite_where=UNANSWERED, postgresql_where=UNANSWERED
        )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("extensions", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("extended_minutes", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        for name in ("extended_minutes", "extensions"):
            batch_op.drop_column(name)
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.drop_index("ix_requests_response", sqlite_where=UNANSWERED, postgresql_where=UNANSWERED)
        batch_op.drop_index(batch_op.f("ix_requests_legal_due_on"))
        for name in ("responded_at", "response_due_at", "legal_due_on", "legal_stopped_on", "legal_moved_days", "legal_days"):
            batch_op.drop_column(name)
