"""Calendars that change: hours from a day on, no day twice, and the plans that are made again."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OF_ALL = sa.text("department_id IS NULL")


def upgrade() -> None:
    """Bring the database to this revision."""
    with op.batch_alter_table("opening_hours", schema=None) as batch_op:
        batch_op.add_column(sa.Column("valid_from", sa.Date(), nullable=False, server_default="2000-01-01"))
    with op.batch_alter_table("closed_days", schema=None) as batch_op:
        batch_op.create_index("uq_closed_days_of_all", ["on"], unique=True, sqlite_where=OF_ALL, postgresql_where=OF_ALL)
        batch_op.create_index("uq_closed_days_of_department", ["department_id", "on"], unique=True)
    op.create_table(
        "calendar_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("last_request_id", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("looked_at", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_calendar_runs_department_id_departments")),
        sa.ForeignKeyConstraint(["entry_id"], ["journal.id"], name=op.f("fk_calendar_runs_entry_id_journal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_runs")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_calendar_runs_entry_id")),
    )


def downgrade() -> None:
    """Go back to the revision before; of each department only the newest hours stay, as there was no place for more."""
    op.drop_table("calendar_runs")
    with op.batch_alter_table("closed_days", schema=None) as batch_op:
        batch_op.drop_index("uq_closed_days_of_department")
        batch_op.drop_index("uq_closed_days_of_all", sqlite_where=OF_ALL, postgresql_where=OF_ALL)
    op.execute(
        "DELETE FROM opening_hours WHERE valid_from < "
        "(SELECT MAX(newest.valid_from) FROM opening_hours AS newest WHERE newest.department_id = opening_hours.department_id)"
    )
    with op.batch_alter_table("opening_hours", schema=None) as batch_op:
        batch_op.drop_column("valid_from")
