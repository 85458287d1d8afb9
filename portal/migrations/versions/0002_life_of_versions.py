"""Life of versions: drafts with an edition, who made and who agreed, and a day to publish on."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = {"block_versions": "block_id", "product_versions": "product_id"}
OPEN = sa.text("state IN ('draft', 'in_review', 'scheduled')")
SECOND_PERSON = (
    "author_id IS NULL OR state IN ('draft', 'in_review') OR (published_at IS NULL AND state = 'retired') "
    "OR (reviewer_id IS NOT NULL AND reviewer_id <> author_id)"
)


def upgrade() -> None:
    """Bring the database to this revision."""
    for table, column in TABLES.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("edition", sa.Integer(), nullable=False, server_default="1"))
            batch_op.add_column(sa.Column("editor_ids", sa.JSON(), nullable=False, server_default="[]"))
            batch_op.add_column(sa.Column("author_id", sa.Integer(), nullable=True))
            batch_op.add_column(sa.Column("reviewer_id", sa.Integer(), nullable=True))
            batch_op.add_column(sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True))
            batch_op.create_index(op.f(f"ix_{table}_publish_at"), ["publish_at"], unique=False)
            batch_op.create_index(f"uq_{table}_open", [column], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
            batch_op.create_foreign_key(op.f(f"fk_{table}_author_id_persons"), "persons", ["author_id"], ["id"])
            batch_op.create_foreign_key(op.f(f"fk_{table}_reviewer_id_persons"), "persons", ["reviewer_id"], ["id"])
            batch_op.create_check_constraint(op.f(f"ck_{table}_second_person"), SECOND_PERSON)


def downgrade() -> None:
    """Go back to the revision before; what was never published is lost, as it had no place there."""
    for table in TABLES:
        op.execute(f"DELETE FROM {table} WHERE published_at IS NULL AND state <> 'published'")  # noqa: S608  names of our own
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_second_person"), type_="check")
            batch_op.drop_constraint(op.f(f"fk_{table}_reviewer_id_persons"), type_="foreignkey")
            batch_op.drop_constraint(op.f(f"fk_{table}_author_id_persons"), type_="foreignkey")
            batch_op.drop_index(f"uq_{table}_open")
            batch_op.drop_index(op.f(f"ix_{table}_publish_at"))
            for name in ("publish_at", "reviewer_id", "author_id", "editor_ids", "edition"):
                batch_op.drop_column(name)
