"""`portal audit` and `portal backup`: is the journal whole, and a copy of the database."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.cli.installation import open_migrated_app
from portal.core.db import db, reading
from portal.core.journal import is_chain_intact, stream_all_entries


@click.command()
def audit() -> None:
    """Check that the journal is complete and unchanged; exit code 1 when it is not."""
    with open_migrated_app().app_context(), reading():
        number, broken = 0, []
        for stream, is_intact in _checked_streams(db.session()):
            number += 1
            if not is_intact:
                broken.append(stream)
                click.echo(f"{stream}: the journal was changed, or entries are missing", err=True)
    if broken:
        message = f"{len(broken)} of {number} streams are not intact."
        raise click.ClickException(message)
    click.echo(f"The journal is intact: {number} streams.")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write a copy of the SQLite database to FILE while it is in use."""
    with open_migrated_app().app_context():
        engine = db.engine
    if engine.dialect.name != "sqlite":
        message = "This portal keeps its data in PostgreSQL. Use pg_dump: see docs/operators.md."
        raise click.ClickException(message)
    if file.exists():
        message = f"{file} exists already. Choose another name."
        raise click.ClickException(message)
    try:
        _copy(engine, file)
    except (OSError, sqlite3.Error) as error:
        message = f"The backup could not be written: {error}"
        raise click.ClickException(message) from error
    click.echo(f"The backup is in {file}.")


def _checked_streams(session: Session) -> Iterator[tuple[str, bool]]:
    """Give each stream of the journal with whether it is intact; holds one stream at a time."""
    for stream, entries in groupby(stream_all_entries(session), key=lambda entry: entry.stream):
        yield stream, is_chain_intact(list(entries))


def _copy(engine: Engine, file: Path) -> None:
    """Copy with SQLite's own backup, check the copy, and only then give it its name.

    :raises click.ClickException: the copy is not right.
    """
    unfinished = file.with_name(file.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(str(engine.url.database))) as source, closing(sqlite3.connect(unfinished)) as copy:
        source.backup(copy)
        verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        message = f"The copy is not right: {verdict}"
        raise click.ClickException(message)
    unfinished.rename(file)
