"""Simulations of drafts on past requests."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.create_table(
        "simulations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("baseline", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["persons.id"], name=op.f("fk_simulations_asked_by_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_simulations")),
    )
    op.create_index("ix_simulations_of", "simulations", ["kind", "code", "id"])
    op.create_table(
        "simulated_changes",
        sa.Column("simulation_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("comes", sa.JSON(), nullable=False),
        sa.Column("goes", sa.JSON(), nullable=False),
        sa.Column("moves", sa.JSON(), nullable=False),
        sa.Column("leads_elsewhere", sa.Boolean(), nullable=False),
        sa.Column("moved_days", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_simulated_changes_request_id_requests")),
        sa.ForeignKeyConstraint(["simulation_id"], ["simulations.id"], name=op.f("fk_simulated_changes_simulation_id_simulations")),
        sa.PrimaryKeyConstraint("simulation_id", "request_id", name=op.f("pk_simulated_changes")),
    )
    op.create_index(op.f("ix_simulated_changes_request_id"), "simulated_changes", ["request_id"])


def downgrade() -> None:
    """Go back to the revision before; a simulation can be made again."""
    op.drop_table("simulated_changes")
    op.drop_table("simulations")
