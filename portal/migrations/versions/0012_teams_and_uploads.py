"""Teams within departments, and on blocks and tasks; questions count their changes; files that wait to be taken over."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.create_table(
        "teams",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_teams_department_id_departments")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("code", name=op.f("uq_teams_code")),
    )
    op.create_index(op.f("ix_teams_department_id"), "teams", ["department_id"])
    for table in ("block_versions", "tasks"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("team_id", sa.Integer(), nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_{table}_team_id_teams"), "teams", ["team_id"], ["id"])
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edition", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "catalogue_uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("holds", sa.String(length=20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_catalogue_uploads_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_uploads")),
        sa.UniqueConstraint("person_id", name=op.f("uq_catalogue_uploads_person_id")),
    )


def downgrade() -> None:
    """Go back to the revision before; teams are lost, and files that wait."""
    op.drop_table("catalogue_uploads")
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.drop_column("edition")
    for table in ("tasks", "block_versions"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"fk_{table}_team_id_teams"), type_="foreignkey")
            batch_op.drop_column("team_id")
    op.drop_index(op.f("ix_teams_department_id"), table_name="teams")
    op.drop_table("teams")
