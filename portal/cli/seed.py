"""`portal seed`: the catalogue, the demo organisation, and as many made-up requests as one likes."""

import sys
import time
from pathlib import Path
from typing import Final

import click
from sqlalchemy.orm import Session

from portal.cli.installation import open_migrated_app
from portal.core.clock import utc_now
from portal.core.db import db, transaction
from portal.core.errors import ConflictError
from portal.core.yaml_files import MistakesError
from portal.seeding.demo_account import DEMO_PASSWORD
from portal.seeding.load.making import make_load
from portal.seeding.loading import Circumstances, has_people, load_seeds
from portal.settings import Settings

SEEDS: Final = Path(__file__).parent.parent.parent / "seeds"
_NO_DEMO: Final = "Demo accounts have a password that everybody knows, so production refuses them. Leave out --demo and --load."
_NO_PEOPLE: Final = "There is nobody to make requests for. Load the demo first: portal seed --demo"


@click.command()
@click.option("--demo/--no-demo", "with_demo", default=None, help="Load the demo organisation too; the default in demo mode.")
@click.option("--if-empty", is_flag=True, help="Do nothing when there are people already.")
@click.option("--load", "amount", type=click.IntRange(min=1), help="Make this many requests with a history, on top of the demo.")
@click.option("--random-seed", type=int, default=1, show_default=True, help="With --load: the same number makes the same requests.")
@click.option("--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=SEEDS, help="Where base and demo stand.")
def seed(*, with_demo: bool | None, if_empty: bool, amount: int | None, random_seed: int, folder: Path) -> None:
    """Load the catalogue and, in demo mode, the demo organisation. All or nothing; a second time changes nothing."""
    app = open_migrated_app()
    settings = app.settings
    if settings.is_production and (with_demo or amount):
        raise click.ClickException(_NO_DEMO)
    with_demo = not settings.is_production if with_demo is None else with_demo
    with app.app_context():
        try:
            with transaction() as session:
                if amount:
                    _make_load(session, amount, random_seed, settings)
                elif if_empty and has_people(session):
                    click.echo("There are people already: nothing loaded.")
                else:
                    _load(session, folder.resolve(), with_demo=with_demo, settings=settings)
        finally:
            db.engine.dispose()


def _load(session: Session, folder: Path, *, with_demo: bool, settings: Settings) -> None:
    try:
        changes = load_seeds(session=session, folder=folder, with_demo=with_demo, circumstances=_circumstances(settings))
    except MistakesError as error:
        click.echo(f"Nothing was loaded. The seed files hold {len(error.problems)} mistake(s):\n{error}", err=True)
        sys.exit(1)
    if changes.is_empty:
        click.echo("Everything is there already: nothing changed.")
    for table, (new, changed) in changes.counts().items():
        click.echo(f"{table.replace('_', ' ')}: {new} new, {changed} changed")
    if with_demo:
        click.echo(f"All demo accounts have the password {DEMO_PASSWORD}.")


def _make_load(session: Session, amount: int, random_seed: int, settings: Settings) -> None:
    begun = time.perf_counter()
    try:
        made = make_load(session=session, amount=amount, random_seed=random_seed, circumstances=_circumstances(settings))
    except ConflictError as error:
        raise click.ClickException(_NO_PEOPLE) from error
    counted = ", ".join(f"{number} {table.replace('_', ' ')}" for table, number in made.items())
    click.echo(f"Made {counted} in {time.perf_counter() - begun:.1f} s.")


def _circumstances(settings: Settings) -> Circumstances:
    return Circumstances(now=utc_now(), zone=settings.tz, secret=settings.secret_key)
