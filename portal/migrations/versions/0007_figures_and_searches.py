"""Figures of products, empty cells of the matrix that are so on purpose, words that decide, and searches that found little."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision; all searches that were kept found nothing."""
    op.create_table(
        "product_figures",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("closed_on_time", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_product_figures_product_id_products")),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_product_figures")),
    )
    op.create_table(
        "product_pairs",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("beside_id", sa.Integer(), nullable=False),
        sa.Column("requesters", sa.Integer(), nullable=False),
        sa.Column("shared_blocks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["beside_id"], ["products.id"], name=op.f("fk_product_pairs_beside_id_products")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_product_pairs_product_id_products")),
        sa.PrimaryKeyConstraint("product_id", "beside_id", name=op.f("pk_product_pairs")),
    )
    op.create_table(
        "matrix_choices",
        sa.Column("tier", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["persons.id"], name=op.f("fk_matrix_choices_by_id_persons")),
        sa.PrimaryKeyConstraint("tier", "level", name=op.f("pk_matrix_choices")),
    )
    op.add_column("search_synonyms", sa.Column("decides", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("searches", sa.Column("shortfall", sa.String(length=20), nullable=False, server_default="nothing"))


def downgrade() -> None:
    """Go back to the revision before; figures are counted again, choices and searches that found little are lost."""
    op.execute("DELETE FROM searches WHERE shortfall = 'little'")
    op.drop_column("searches", "shortfall")
    op.drop_column("search_synonyms", "decides")
    for table in ("matrix_choices", "product_pairs", "product_figures"):
        op.drop_table(table)
