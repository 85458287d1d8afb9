"""The migrations make exactly what the models say, and can be undone; every column knows how private it is."""

import ast
import re
from collections.abc import Iterator
from typing import Final

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Engine, Integer, MetaData, Table, create_engine, inspect

from portal.core import schema
from portal.core.db import Base, db, prepare_engine
from portal.core.revision import current_revision, newest_revision
from portal.web.application import Application
from tests.applications import NewDatabase
from tests.architecture.source import PORTAL, imported

VERSIONS: Final = PORTAL / "migrations" / "versions"
_PERSONAL: Final = re.compile(r"(^|_)(name|email|phone|address|username|person|requester|beneficiary)(_|$)")


def differences(engine: Engine, metadata: MetaData) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False, "include_name": schema.is_modelled})
        return list(compare_metadata(context, metadata))


@pytest.fixture
def empty_engine(new_database: NewDatabase) -> Iterator[Engine]:
    engine = create_engine(new_database())
    prepare_engine(engine)
    yield engine
    engine.dispose()


def test_the_newest_revision_equals_the_models(app: Application) -> None:
    with app.app_context():
        assert not differences(db.engine, Base.metadata)
        assert current_revision(db.engine) == newest_revision()


def test_up_down_and_up_again(empty_engine: Engine) -> None:
    schema.upgrade(empty_engine)
    schema.downgrade(empty_engine, to="base")
    assert set(inspect(empty_engine).get_table_names()) <= {"alembic_version"}
    schema.upgrade(empty_engine)
    assert not differences(empty_engine, Base.metadata)


def test_migrations_import_nothing_from_the_portal() -> None:
    for path in VERSIONS.glob("*.py"):
        names = [name for _, name in imported(ast.parse(path.read_text(encoding="utf-8")))]
        assert not [name for name in names if name.startswith("portal")], path.name


def test_migrations_are_numbered() -> None:
    numbers = sorted(path.name[:4] for path in VERSIONS.glob("*.py"))
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]


def test_a_planted_column_is_a_difference(app: Application) -> None:
    changed = MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.sorted_tables:
        table.to_metadata(changed)
    changed.tables["departments"].append_column(Column("planted", Integer))
    Table("planted", changed, Column("id", Integer, primary_key=True))
    with app.app_context():
        assert len(differences(db.engine, changed)) == 2


def unclassed(metadata: MetaData) -> list[str]:
    """Find the columns that hold something of a person by their name, without a class of privacy."""
    columns = (column for table in metadata.sorted_tables for column in table.columns)
    return [str(column) for column in columns if _is_about_people(column) and "privacy" not in column.info]


def _is_about_people(column: Column[object]) -> bool:
    is_of_person = column.table.name in {"persons", "journal"} or column.foreign_keys
    return bool(is_of_person and not column.primary_key and _PERSONAL.search(column.name))


def test_columns_about_people_have_a_class_of_privacy() -> None:
    plain = {name for name in unclassed(Base.metadata) if not name.endswith(("person_id", "_by_id", "_id"))}
    assert not plain


def test_an_unclassed_column_is_found() -> None:
    metadata = MetaData()
    Table("persons", metadata, Column("nickname_name", Integer))
    assert unclassed(metadata) == ["persons.nickname_name"]
