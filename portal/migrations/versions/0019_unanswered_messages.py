"""Since when a message of the customer waits for a sign of who handles the request."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision; what was written before counts as read."""
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unanswered_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.drop_column("unanswered_since")
