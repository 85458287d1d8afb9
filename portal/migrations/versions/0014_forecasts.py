"""Forecasts for every share, the level that corrects itself, how long suspensions last, and what became of the dates."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

RUNNING = sa.text("finished_at IS NULL AND ready_at IS NOT NULL")


def upgrade() -> None:
    """Bring the database to this revision."""
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ladder", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("pause_ladder", sa.JSON(none_as_null=True), nullable=True))
        batch_op.create_index("ix_tasks_running", ["block_id", "ready_at"], unique=False, sqlite_where=RUNNING, postgresql_where=RUNNING)
    with op.batch_alter_table("durations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("department_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_durations_department_id_departments"), "departments", ["department_id"], ["id"])
    with op.batch_alter_table("paces", schema=None) as batch_op:
        batch_op.add_column(sa.Column("department_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("ladder", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("level", sa.Float(), nullable=False, server_default="0.8"))
        batch_op.add_column(sa.Column("judged", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_foreign_key(batch_op.f("fk_paces_department_id_departments"), "departments", ["department_id"], ["id"])
    _create_pauses()
    op.create_table(
        "date_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("by_expected", sa.Integer(), nullable=False),
        sa.Column("by_latest", sa.Integer(), nullable=False),
        sa.Column("off_days", sa.Float(), nullable=False),
        sa.Column("width_days", sa.Float(), nullable=False),
        sa.CheckConstraint("(product_id IS NULL) <> (department_id IS NULL)", name=op.f("ck_date_figures_of_one")),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_date_figures_department_id_departments")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_date_figures_product_id_products")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_figures")),
        sa.UniqueConstraint("department_id", "month", name=op.f("uq_date_figures_department_id_month")),
        sa.UniqueConstraint("product_id", "month", name=op.f("uq_date_figures_product_id_month")),
    )


def _create_pauses() -> None:
    op.create_table(
        "pauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_pauses_department_id_departments")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pauses")),
    )
    with op.batch_alter_table("pauses", schema=None) as batch_op:
        batch_op.create_index("ix_pauses_department_id_reason", ["department_id", "reason", "ended_at"], unique=False)
    op.create_table(
        "pause_paces",
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("ladder", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_pause_paces_department_id_departments")),
        sa.PrimaryKeyConstraint("department_id", "reason", name=op.f("pk_pause_paces")),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("date_figures")
    op.drop_table("pause_paces")
    op.drop_table("pauses")
    with op.batch_alter_table("paces", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_paces_department_id_departments"), type_="foreignkey")
        for name in ("judged", "level", "ladder", "department_id"):
            batch_op.drop_column(name)
    with op.batch_alter_table("durations", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_durations_department_id_departments"), type_="foreignkey")
        batch_op.drop_column("department_id")
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index("ix_tasks_running", sqlite_where=RUNNING, postgresql_where=RUNNING)
        for name in ("pause_ladder", "ladder"):
            batch_op.drop_column(name)
