"""Search: documents, their words and synonyms, and the full-text index of the database."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("searches", "product_uses", "search_revision", "search_synonyms", "search_words", "search_documents")


def upgrade() -> None:
    """Bring the database to this revision."""
    op.create_table(
        "search_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("icon", sa.String(length=30), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_documents")),
        sa.UniqueConstraint("kind", "code", name=op.f("uq_search_documents_kind_code")),
    )
    op.create_table(
        "search_words",
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", "language", name=op.f("pk_search_words")),
    )
    op.create_table(
        "search_synonyms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("typed", sa.String(length=100), nullable=False),
        sa.Column("means", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_synonyms")),
        sa.UniqueConstraint("typed", "means", name=op.f("uq_search_synonyms_typed_means")),
    )
    op.create_table(
        "search_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_revision")),
    )
    op.create_table(
        "product_uses",
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_product_uses_department_id_departments")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_product_uses_product_id_products")),
        sa.PrimaryKeyConstraint("department_id", "product_id", name=op.f("pk_product_uses")),
    )
    op.create_table(
        "searches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("text", sa.String(length=100), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_searches_department_id_departments")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_searches")),
        sa.UniqueConstraint("on", "text", "department_id", name=op.f("uq_searches_on_text_department_id")),
    )
    _create_index()


def downgrade() -> None:
    """Go back to the revision before; the index can be made again, the list of missed searches is lost."""
    op.execute("DROP TABLE search_index")
    for table in TABLES:
        op.drop_table(table)


def _create_index() -> None:
    """Make the full-text index: a row of it goes when its document goes."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE search_index USING fts5(name, parts, summary, body, audience, tokenize = 'ascii')")
        op.execute(
            "CREATE TRIGGER search_documents_deleted AFTER DELETE ON search_documents "
            "BEGIN DELETE FROM search_index WHERE rowid = old.id; END"
        )
    else:
        op.execute(
            "CREATE TABLE search_index (document_id integer PRIMARY KEY REFERENCES search_documents (id) ON DELETE CASCADE, "
            "terms tsvector NOT NULL, audience text[] NOT NULL)"
        )
        op.execute("CREATE INDEX search_index_terms ON search_index USING gin (terms) WITH (fastupdate = off)")
