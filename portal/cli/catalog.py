"""`portal catalog`: the catalogue as files that people keep."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
from sqlalchemy.orm import Session

from portal.catalog.exchange.actions import import_catalogue
from portal.catalog.exchange.comparison import Change, ItemChange, compare_catalogues, is_same
from portal.catalog.exchange.folder import CatalogueFiles, read_catalogue
from portal.catalog.exchange.queries import load_catalogue
from portal.catalog.exchange.writing import write_folder
from portal.cli.installation import open_migrated_app
from portal.core.clock import utc_now
from portal.core.db import db, reading, transaction
from portal.core.journal import SYSTEM
from portal.core.yaml_files import MistakesError, Problems

_FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)
_SHOWN: Final = (Change.NEW, Change.CHANGED, Change.ABSENT)
_WORDS: Final = {
    Change.NEW: "new",
    Change.CHANGED: "changed",
    Change.UNCHANGED: "unchanged",
    Change.ABSENT: "not in the folder",
}


@click.group()
def catalog() -> None:
    """Write the catalogue to files, read it from files, and compare."""


@catalog.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export_catalogue(folder: Path) -> None:
    """Write all that is published to FOLDER, as YAML that people can read and keep in git."""
    with open_migrated_app().app_context(), reading():
        catalogue = load_catalogue(db.session())
    try:
        left_over = write_folder(folder, catalogue)
    except OSError as error:
        message = f"The folder could not be written: {error}"
        raise click.ClickException(message) from error
    counts = f"{len(catalogue.questions)} questions, {len(catalogue.blocks)} building blocks, {len(catalogue.products)} products"
    click.echo(f"Wrote {counts} to {folder}.")
    for path in left_over:
        click.echo(f"{path} is not part of the catalogue and was left as it is.", err=True)


@catalog.command("diff")
@click.argument("folder", type=_FOLDER)
def diff_catalogue(folder: Path) -> None:
    """Show what importing FOLDER would change; exit code 1 when it differs."""
    files = _read(folder)
    with open_migrated_app().app_context(), reading():
        changes = compare_catalogues(load_catalogue(db.session()), files.catalogue)
    _tell(changes)
    click.get_current_context().exit(0 if is_same(changes) else 1)


@catalog.command("import")
@click.argument("folder", type=_FOLDER)
@click.option("--dry-run", is_flag=True, help="Check everything and show the differences, but save nothing.")
def import_folder(folder: Path, *, dry_run: bool) -> None:
    """Publish what stands in FOLDER: all of it, or nothing when something is wrong."""
    files = _read(folder)
    with open_migrated_app().app_context(), transaction() as session:
        changes = _import(session, files)
        if dry_run:
            session.rollback()
    _tell(changes)
    if dry_run:
        click.echo("This was a dry run: nothing was saved.")


def _read(folder: Path) -> CatalogueFiles:
    problems = Problems()
    files = read_catalogue(folder.resolve(), root=folder.resolve().parent, problems=problems)
    _stop_if_any(problems)
    return files


def _import(session: Session, files: CatalogueFiles) -> Sequence[ItemChange]:
    changes = compare_catalogues(load_catalogue(session), files.catalogue)
    problems = Problems()
    import_catalogue(session=session, files=files, by=SYSTEM, at=utc_now(), problems=problems)
    _stop_if_any(problems)
    return changes


def _stop_if_any(problems: Problems) -> None:
    try:
        problems.raise_if_any()
    except MistakesError as error:
        message = f"Nothing was saved. The files hold {len(error.problems)} mistake(s):\n{error}"
        raise click.ClickException(message) from error


def _tell(changes: Sequence[ItemChange]) -> None:
    for one in changes:
        if one.change in _SHOWN:
            click.echo(f"{_WORDS[one.change]}: {one.kind} {one.code}")
        for difference in one.differences:
            click.echo(f"  {difference.place}: {_or_nothing(difference.before)} -> {_or_nothing(difference.after)}")
    click.echo(", ".join(f"{sum(one.change is change for one in changes)} {_WORDS[change]}" for change in Change) + ".")


def _or_nothing(text: str | None) -> str:
    return "(nothing)" if text is None else f'"{text}"'
