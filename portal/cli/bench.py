"""`portal bench`: how fast the portal is, beside a floor and bare SQL in the same run, on databases of its own."""

import json
import logging
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import click
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.cli.seed import SEEDS
from portal.core import schema
from portal.core.clock import utc_now
from portal.core.db import db, transaction
from portal.core.references import new_token
from portal.measuring.report import write_report
from portal.measuring.run import Bench
from portal.measuring.scratch import DEFAULT_SERVER, POSTGRESQL, SQLITE, is_listening, scratch_database
from portal.measuring.server import ServerError
from portal.measuring.wire import WrongAnswerError
from portal.seeding.load.making import make_load
from portal.seeding.loading import Circumstances, load_seeds
from portal.settings import Settings, read_settings
from portal.web.application import Application

RANDOM_SEED: Final = 1

Figures = dict[str, Any]


@click.command()
@click.option("--database", "chosen", type=click.Choice([SQLITE, POSTGRESQL]), multiple=True, help="Default: both that there are.")
@click.option(
    "--requests",
    "amount",
    type=click.IntRange(min=50),
    default=10_000,
    show_default=True,
    help="How many to load first; as many are open when planning again is measured.",
)
@click.option("--documents", type=click.IntRange(min=50), default=100_000, show_default=True, help="How many to search in.")
@click.option("--seconds", type=click.FloatRange(min=0.2), default=4.0, show_default=True, help="How long to ask for each page.")
@click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True, help="Web processes.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def bench(*, chosen: tuple[str, ...], amount: int, documents: int, seconds: float, workers: int, as_json: bool) -> None:
    """Measure pages and submissions per second on a scratch database, which is dropped afterwards."""
    server = _server()
    kinds = chosen or ((SQLITE, POSTGRESQL) if is_listening(server) else (SQLITE,))
    results = {}
    for kind in kinds:
        try:
            with scratch_database(kind, server=server) as address:
                results[kind] = _measure(kind, address, amount=amount, documents=documents, seconds=seconds, workers=workers)
        except (ServerError, WrongAnswerError) as error:
            message = f"{kind}: {error}"
            raise click.ClickException(message) from error
    click.echo(json.dumps(results, indent=2) if as_json else write_report(results))


def _measure(kind: str, address: str, *, amount: int, documents: int, seconds: float, workers: int) -> Figures:
    secret = new_token() + new_token()
    settings = Settings(database_url=address, secret_key=secret)
    app = create_app(settings)
    _tell(f"{kind}: loading {amount} requests")
    with app.app_context():
        schema.upgrade(db.engine)
        load = _load(app, amount)
        measured = Bench(
            app=app,
            engine=db.engine,
            address=address,
            secret=secret,
            environment=os.environ,
            workers=workers,
            seconds=seconds,
            now=utc_now(),
            writing=_writing(app),
            requests=amount,
            documents=documents,
            open_requests=amount,
        )
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    try:
        return {"load": load, **measured.run(lambda what: _tell(f"{kind}: {what}"))}
    finally:
        measured.engine.dispose()


def _load(app: Application, amount: int) -> Mapping[str, Any]:
    settings = app.settings
    circumstances = Circumstances(now=utc_now(), zone=settings.tz, secret=settings.secret_key)
    begun = time.perf_counter()
    with transaction() as session:
        load_seeds(session=session, folder=SEEDS, with_demo=True, circumstances=circumstances)
    seeded = time.perf_counter()
    with transaction() as session:
        made = make_load(session=session, amount=amount, random_seed=RANDOM_SEED, circumstances=circumstances)
    return {**made, "base_seconds": seeded - begun, "load_seconds": time.perf_counter() - seeded}


def _writing(app: Application) -> Any:  # noqa: ANN401  a context manager that gives a session
    @contextmanager
    def unit() -> Iterator[Session]:
        with app.app_context(), transaction() as session:
            yield session

    return unit


def _server() -> str:
    """Give the PostgreSQL server to make a database on: that of the settings, or the one on this machine."""
    address = read_settings(os.environ).database_url
    return address if address.startswith("postgresql") else DEFAULT_SERVER


def _tell(what: str) -> None:
    click.echo(what, err=True)
