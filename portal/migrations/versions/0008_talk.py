"""Talk about a request: messages and notes, files with their content, and standard texts."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("by_customer", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["persons.id"], name=op.f("fk_messages_author_id_persons")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_messages_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_request_id", "messages", ["request_id", "id"])
    op.create_table(
        "file_contents",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_file_contents")),
    )
    op.create_index(op.f("ix_file_contents_stored_at"), "file_contents", ["stored_at"])
    _create_attachments()
    op.create_table(
        "standard_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=True),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_standard_texts_product_id_products")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_texts")),
    )
    op.create_index(op.f("ix_standard_texts_product_id"), "standard_texts", ["product_id"])


def downgrade() -> None:
    """Go back to the revision before; what people wrote and sent is lost."""
    for table in ("standard_texts", "attachments", "file_contents", "messages"):
        op.drop_table(table)


def _create_attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("question", sa.String(length=60), nullable=True),
        sa.Column("is_internal", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=150), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("privacy", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(request_id IS NULL) <> (draft_id IS NULL)", name=op.f("ck_attachments_belongs_to_one")),
        sa.ForeignKeyConstraint(["by_id"], ["persons.id"], name=op.f("fk_attachments_by_id_persons")),
        sa.ForeignKeyConstraint(["draft_id"], ["order_drafts.id"], name=op.f("fk_attachments_draft_id_order_drafts"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_attachments_message_id_messages")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_attachments_request_id_requests")),
        sa.ForeignKeyConstraint(["sha256"], ["file_contents.sha256"], name=op.f("fk_attachments_sha256_file_contents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    for column in ("draft_id", "request_id", "sha256"):
        op.create_index(op.f(f"ix_attachments_{column}"), "attachments", [column])
