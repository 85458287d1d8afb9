"""Uniform product names."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.create_table(
        "upn_names",
        sa.Column("uri", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("uri", name=op.f("pk_upn_names")),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("upn_names")
