"""The further people of an order, and which requests were sent in together."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.create_table(
        "further_beneficiaries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("beneficiary_id", sa.Integer(), nullable=True),
        sa.Column("beneficiary_name", sa.String(length=120), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["beneficiary_id"], ["persons.id"], name=op.f("fk_further_beneficiaries_beneficiary_id_persons")),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["order_drafts.id"], name=op.f("fk_further_beneficiaries_draft_id_order_drafts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_further_beneficiaries")),
        sa.UniqueConstraint("draft_id", "beneficiary_id", name=op.f("uq_further_beneficiaries_draft_id_beneficiary_id")),
    )
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.add_column(sa.Column("together_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_requests_together_id_requests"), "requests", ["together_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_requests_together_id"), ["together_id"], unique=False)


def downgrade() -> None:
    """Go back to the revision before; the requests stay, that they were sent in together is lost."""
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_requests_together_id"))
        batch_op.drop_constraint(batch_op.f("fk_requests_together_id_requests"), type_="foreignkey")
        batch_op.drop_column("together_id")
    op.drop_table("further_beneficiaries")
