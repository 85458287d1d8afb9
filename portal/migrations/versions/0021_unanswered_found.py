"""The requests with a message of the customer that nobody answered are found without reading all others."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

UNANSWERED = sa.text("unanswered_since IS NOT NULL")


def upgrade() -> None:
    """Bring the database to this revision."""
    op.create_index("ix_requests_unanswered", "requests", ["closed_at"], unique=False, sqlite_where=UNANSWERED, postgresql_where=UNANSWERED)


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_index("ix_requests_unanswered", table_name="requests", sqlite_where=UNANSWERED, postgresql_where=UNANSWERED)
