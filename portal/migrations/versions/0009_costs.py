"""Functions with a code, cost centres with a budget holder, and what the tasks of a request cost."""

import hashlib
import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PERSONS = sa.table("persons", sa.column("id", sa.Integer), sa.column("function", sa.JSON), sa.column("function_id", sa.Integer))
FUNCTIONS = sa.table("functions", sa.column("id", sa.Integer), sa.column("code", sa.String), sa.column("name", sa.JSON))
BLOCKS = sa.table(
    "block_versions",
    sa.column("id", sa.Integer),
    sa.column("definition", sa.JSON),
    sa.column("fingerprint", sa.String),
    sa.column("cost_cents", sa.Integer),
)


def upgrade() -> None:
    """Bring the database to this revision."""
    op.create_table(
        "functions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_functions")),
        sa.UniqueConstraint("code", name=op.f("uq_functions_code")),
    )
    op.create_table(
        "cost_centres",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("budget_holder_id", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_cost_centres_department_id_departments")),
        sa.ForeignKeyConstraint(["budget_holder_id"], ["persons.id"], name=op.f("fk_cost_centres_budget_holder_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_centres")),
        sa.UniqueConstraint("code", name=op.f("uq_cost_centres_code")),
    )
    op.create_index(op.f("ix_cost_centres_department_id"), "cost_centres", ["department_id"], unique=False)
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.add_column(sa.Column("function_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("cost_centre_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_persons_function_id_functions"), "functions", ["function_id"], ["id"])
        batch_op.create_foreign_key(op.f("fk_persons_cost_centre_id_cost_centres"), "cost_centres", ["cost_centre_id"], ["id"])
    _give_functions_a_code()
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.drop_column("function")
    for table in ("requests", "order_drafts"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("cost_centre_id", sa.Integer(), nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_{table}_cost_centre_id_cost_centres"), "cost_centres", ["cost_centre_id"], ["id"])
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("once_cents", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("recurring_cents", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("period", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("payer", sa.String(length=20), nullable=True))
    op.execute(
        "UPDATE tasks SET payer = 'cost_centre', "
        "once_cents = (SELECT cost_cents FROM block_versions WHERE block_versions.id = tasks.block_version_id)"
    )
    with op.batch_alter_table("block_versions", schema=None) as batch_op:
        batch_op.drop_column("cost_cents")


def downgrade() -> None:
    """Go back to the revision before; of the prices of a building block only the first amount that is paid once has a place there."""
    with op.batch_alter_table("block_versions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cost_cents", sa.Integer(), nullable=False, server_default="0"))
    _give_blocks_one_cost()
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        for name in ("payer", "period", "recurring_cents", "once_cents"):
            batch_op.drop_column(name)
    for table in ("order_drafts", "requests"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"fk_{table}_cost_centre_id_cost_centres"), type_="foreignkey")
            batch_op.drop_column("cost_centre_id")
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.add_column(sa.Column("function", sa.JSON(), nullable=True))
    names = {row.id: row.name for row in op.get_bind().execute(sa.select(FUNCTIONS.c.id, FUNCTIONS.c.name))}
    for function_id, name in names.items():
        op.execute(PERSONS.update().where(PERSONS.c.function_id == function_id).values(function=name))
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_persons_cost_centre_id_cost_centres"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_persons_function_id_functions"), type_="foreignkey")
        batch_op.drop_column("cost_centre_id")
        batch_op.drop_column("function_id")
    op.drop_table("cost_centres")
    op.drop_table("functions")


def _give_functions_a_code() -> None:
    """Make one function of all persons who have the same words, with a code made from the Dutch ones."""
    people: dict[str, list[int]] = {}
    for row in op.get_bind().execute(sa.select(PERSONS.c.id, PERSONS.c.function)):
        if row.function:
            people.setdefault(json.dumps(row.function, sort_keys=True), []).append(row.id)
    codes: set[str] = set()
    for number, words in enumerate(sorted(people), start=1):
        name = json.loads(words)
        slug = re.sub(r"[^a-z0-9]+", "-", name["nl"].lower()).strip("-")[:50] or "function"
        code = f"{slug}-{number}" if slug in codes else slug
        codes.add(code)
        op.execute(FUNCTIONS.insert().values(id=number, code=code, name=name))
        for person_id in people[words]:
            op.execute(PERSONS.update().where(PERSONS.c.id == person_id).values(function_id=number))
    if people and op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval(pg_get_serial_sequence('functions', 'id'), (SELECT MAX(id) FROM functions))")


def _give_blocks_one_cost() -> None:
    """Write every definition as it was read before, with the name of its content."""
    for row in op.get_bind().execute(sa.select(BLOCKS.c.id, BLOCKS.c.definition)).all():
        definition = dict(row.definition)
        prices = definition.pop("prices", [])
        definition.setdefault("cost_cents", prices[0].get("once_cents", 0) if prices else 0)
        content = json.dumps(definition, sort_keys=True, ensure_ascii=False).encode()
        values = {"definition": definition, "fingerprint": hashlib.sha256(content).hexdigest(), "cost_cents": definition["cost_cents"]}
        op.execute(BLOCKS.update().where(BLOCKS.c.id == row.id).values(values))
