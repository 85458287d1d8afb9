"""What people thought of a request, the links by which they say it, and requests that were opened again."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

HAS_REASON = sa.text("reason <> ''")


def upgrade() -> None:
    """Bring the database to this revision."""
    op.create_table(
        "ratings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("door", sa.String(length=20), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_ratings_product_id_products")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_ratings_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
        sa.UniqueConstraint("request_id", name=op.f("uq_ratings_request_id")),
    )
    op.create_index("ix_ratings_product_id", "ratings", ["product_id", "rated_at"])
    op.create_index("ix_ratings_reason", "ratings", ["changed_at", "id"], sqlite_where=HAS_REASON, postgresql_where=HAS_REASON)
    op.create_table(
        "rating_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_rating_links_person_id_persons")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_rating_links_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_links")),
        sa.UniqueConstraint("request_id", "person_id", name=op.f("uq_rating_links_request_id_person_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_rating_links_token_hash")),
    )
    op.add_column("requests", sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("requests", sa.Column("reopened_count", sa.Integer(), nullable=False, server_default="0"))
    for name in ("rated", "satisfied"):
        op.add_column("product_figures", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Go back to the revision before; what people thought is lost, what the history tells of it stays."""
    for name in ("satisfied", "rated"):
        op.drop_column("product_figures", name)
    for name in ("reopened_count", "reopened_at"):
        op.drop_column("requests", name)
    op.drop_table("rating_links")
    op.drop_table("ratings")
