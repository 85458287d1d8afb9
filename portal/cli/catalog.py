"""`portal catalog`: the catalogue as files that people keep."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
from flask_babel import force_locale
from sqlalchemy.orm import Session

from portal.catalog.catalogue import Catalogue, ItemKind
from portal.catalog.exchange.actions import import_catalogue, replace_upn_names
from portal.catalog.exchange.comparison import Change, ItemChange, compare_catalogues, is_same
from portal.catalog.exchange.folder import CatalogueFiles, read_catalogue
from portal.catalog.exchange.lists import list_rows, merged, read_rows
from portal.catalog.exchange.queries import load_catalogue
from portal.catalog.exchange.sheets import SUFFIXES, Row, SheetError, read_sheet, write_sheet
from portal.catalog.exchange.upn import read_upn_names
from portal.catalog.exchange.writing import write_folder
from portal.catalog.inspection.finding import Finding, FindingLevel
from portal.catalog.inspection.labels import ITEM_KINDS, LEVELS, sentence_of
from portal.catalog.inspection.queries import load_organisation
from portal.catalog.inspection.rules import findings_of_problems, in_order, inspect_catalogue
from portal.cli.installation import open_migrated_app
from portal.cli.simulate import simulate
from portal.core.clock import utc_now
from portal.core.db import db, reading, transaction
from portal.core.journal import SYSTEM
from portal.core.yaml_files import MistakesError, Problems
from portal.web.language import LANGUAGES

_LISTS: Final = {f"{kind}s": kind for kind in ItemKind}
_LIST: Final = click.option(
    "--list", "name", type=click.Choice(list(_LISTS)), help="Only this list; PATH is then a file for a spreadsheet (.csv or .xlsx)."
)
_PATH: Final = click.argument("path", type=click.Path(exists=True, path_type=Path))
_SHOWN: Final = (Change.NEW, Change.CHANGED, Change.ABSENT)
_WORDS: Final = {
    Change.NEW: "new",
    Change.CHANGED: "changed",
    Change.UNCHANGED: "unchanged",
    Change.ABSENT: "not in the files",
}
_UPN_WORDS: Final = _WORDS | {Change.ABSENT: "taken out"}


@click.group()
def catalog() -> None:
    """Write the catalogue to files, read it from files, compare and check it, and try out a draft."""


catalog.add_command(simulate)


@catalog.command("export")
@click.argument("path", type=click.Path(path_type=Path))
@_LIST
def export_catalogue(path: Path, name: str | None) -> None:
    """Write all that is published to the folder PATH, as YAML that people can read and keep in git."""
    kind = _kind_of(path, name)
    with open_migrated_app().app_context(), reading():
        catalogue = load_catalogue(db.session())
    try:
        if kind is None:
            _write_folder(path, catalogue)
        else:
            rows = list_rows(catalogue, kind)
            write_sheet(path, rows)
            click.echo(f"Wrote {len(rows) - 1} {name} to {path}.")
    except OSError as error:
        message = f"{path} could not be written: {error}"
        raise click.ClickException(message) from error


@catalog.command("diff")
@_PATH
@_LIST
def diff_catalogue(path: Path, name: str | None) -> None:
    """Show what importing PATH would change; exit code 1 when it differs."""
    kind = _kind_of(path, name)
    with open_migrated_app().app_context(), reading():
        now = load_catalogue(db.session())
    changes = compare_catalogues(now, _then(now, _read(path, kind, now), kind))
    _tell(changes)
    click.get_current_context().exit(0 if is_same(changes) else 1)


@catalog.command("import")
@_PATH
@_LIST
@click.option("--dry-run", is_flag=True, help="Check everything and show the differences, but save nothing.")
def import_path(path: Path, name: str | None, *, dry_run: bool) -> None:
    """Publish what stands in PATH: all of it, or nothing when something is wrong."""
    kind = _kind_of(path, name)
    with open_migrated_app().app_context(), transaction() as session:
        changes = _import(session, path, kind)
        if dry_run:
            session.rollback()
    _tell(changes)
    if dry_run:
        click.echo("This was a dry run: nothing was saved.")


@catalog.command("import-upn")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check everything and count the differences, but save nothing.")
def import_upn(file: Path, *, dry_run: bool) -> None:
    """Let FILE (.csv or .xlsx, with a name and a URI) be the list of uniform product names."""
    problems = Problems()
    names = read_upn_names(_rows_of(file), shown=file.name, problems=problems)
    _stop_if_any(problems)
    with open_migrated_app().app_context(), transaction() as session:
        counts = replace_upn_names(session=session, names=names, by=SYSTEM, at=utc_now())
        if dry_run:
            session.rollback()
    click.echo(", ".join(f"{counts[change]} {_UPN_WORDS[change]}" for change in Change) + ".")
    if dry_run:
        click.echo("This was a dry run: nothing was saved.")


@catalog.command("check")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="The language of the sentences.")
@click.option("--faults", "only_faults", is_flag=True, help="Leave out advice.")
@click.option("--drafts", "with_drafts", is_flag=True, help="Check what is on its way in the place of what is published.")
def check(folder: Path | None, language: str, *, only_faults: bool, with_drafts: bool) -> None:
    """Check what is published, or what stands in FOLDER; exit code 1 when there are faults."""
    if folder is not None and with_drafts:
        message = "A folder has no drafts: leave out --drafts or the folder."
        raise click.UsageError(message)
    app = open_migrated_app()
    with app.app_context(), reading(), force_locale(language):
        session = db.session()
        problems = Problems()
        if folder is None:
            catalogue = load_catalogue(session, with_drafts=with_drafts)
        else:
            catalogue = read_catalogue(folder.resolve(), root=folder.resolve().parent, problems=problems).catalogue
        findings = inspect_catalogue(catalogue, load_organisation(session, app.settings.tz, at=utc_now()))
        findings = in_order([*findings_of_problems(problems.found), *findings])
        faults = [finding for finding in findings if finding.level is FindingLevel.FAULT]
        for finding in faults if only_faults else findings:
            click.echo(_line(finding))
    click.echo(f"{len(faults)} faults, {len(findings) - len(faults)} pieces of advice.")
    click.get_current_context().exit(1 if faults else 0)


def _line(finding: Finding) -> str:
    """Write a finding in one line: level, code, subject, place, sentence."""
    subject = f"{ITEM_KINDS[finding.subject.kind]} {finding.subject.code}".strip()
    where = ", ".join(part for part in (subject, finding.place) if part)
    return f"{LEVELS[finding.level]} ({finding.code}) {where}: {sentence_of(finding)}"


def _kind_of(path: Path, name: str | None) -> ItemKind | None:
    """Give which list is meant, None for the whole catalogue."""
    is_sheet = path.suffix in SUFFIXES
    if name is None and (is_sheet or path.is_file()):
        message = f"{path} is a file. Say which list it is with --list, or name a folder for the whole catalogue."
        raise click.UsageError(message)
    if name is not None and (not is_sheet or path.is_dir()):
        message = f"A list is a file that ends in {' or '.join(SUFFIXES)}, not {path}."
        raise click.UsageError(message)
    return None if name is None else _LISTS[name]


def _write_folder(folder: Path, catalogue: Catalogue) -> None:
    left_over = write_folder(folder, catalogue)
    counts = f"{len(catalogue.questions)} questions, {len(catalogue.blocks)} blocks, {len(catalogue.products)} products"
    click.echo(f"Wrote {counts} to {folder}.")
    for path in left_over:
        click.echo(f"{path} is not part of the catalogue and was left as it is.", err=True)


def _read(path: Path, kind: ItemKind | None, now: Catalogue) -> CatalogueFiles:
    problems = Problems()
    if kind is None:
        files = read_catalogue(path.resolve(), root=path.resolve().parent, problems=problems)
    else:
        files = read_rows(_rows_of(path), kind, now, shown=path.name, problems=problems)
    _stop_if_any(problems)
    return files


def _rows_of(path: Path) -> Sequence[tuple[int, Row]]:
    try:
        return read_sheet(path)
    except SheetError as error:
        message = f"{path} could not be read: {error}"
        raise click.ClickException(message) from error


def _then(now: Catalogue, files: CatalogueFiles, kind: ItemKind | None) -> Catalogue:
    return files.catalogue if kind is None else merged(now, files)


def _import(session: Session, path: Path, kind: ItemKind | None) -> Sequence[ItemChange]:
    now = load_catalogue(session)
    files = _read(path, kind, now)
    changes = compare_catalogues(now, _then(now, files, kind))
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
