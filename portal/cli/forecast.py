"""`portal forecast`: how good the forecasts are, tried on what happened before."""

import csv
import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from portal.cli.installation import open_migrated_app
from portal.core.db import transaction
from portal.insight.actions import recount_dates
from portal.planning.backtest import Backtest, run_backtest
from portal.planning.eventlog import COLUMNS, EventLogError, LogEvent, read_event_log
from portal.planning.samplelogs import SHAPES, make_log

_UNITS: Final = (("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1))


@click.group()
def forecast() -> None:
    """Try the forecasts on what happened before."""


@forecast.command("backtest")
@click.option(
    "--log",
    "path",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV file with the columns CaseID, ActivityID and CompleteTimestamp.",
)
@click.option("--with-last", is_flag=True, help="Score the last event of each case too, as if nobody said that it was the last.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON, in seconds.")
def backtest(path: Path, *, with_last: bool, as_json: bool) -> None:
    """Replay an event log in the order it happened, and print how far off the forecasts were.

    At every event after which its case went on, the time until the last event of that case is forecast from what had
    happened by then. Cases that are still open count as lasting at least so long.
    """
    events = _read(path)
    begun = time.perf_counter()
    outcome = run_backtest(events, with_last=with_last)
    seconds = time.perf_counter() - begun
    if as_json:
        click.echo(json.dumps({"log": path.name, "with_last": with_last, **asdict(outcome), "seconds": seconds}, indent=2))
        return
    click.echo("\n".join(_report(path.name, events, outcome, with_last=with_last)))
    click.echo(f"Replayed in {seconds:.1f} s.")


@forecast.command("samples")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--cases", type=click.IntRange(min=2), default=1_000, show_default=True, help="Cases per log.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another number makes other logs of the same shapes.")
def samples(folder: Path, *, cases: int, seed: int) -> None:
    """Write made event logs of many shapes to FOLDER, to try the forecasts on."""
    folder.mkdir(parents=True, exist_ok=True)
    for shape in SHAPES:
        path = folder / f"{shape}.csv"
        with path.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines)
            writer.writerow(COLUMNS)
            writer.writerows((event.case, event.activity, event.at.isoformat()) for event in make_log(shape, cases=cases, seed=seed))
        click.echo(path)


@forecast.command("recount")
def recount() -> None:
    """Count again what became of the dates of all requests that are done."""
    app = open_migrated_app()
    with app.app_context(), transaction() as session:
        number = recount_dates(session=session, zone=app.settings.tz)
    click.echo(f"Counted {number} requests.")


def _read(path: Path) -> list[LogEvent]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return list(read_event_log(lines))
    except EventLogError as error:
        message = f"{path.name}, {error}" if error.line else f"{path.name}: {error}"
        raise click.ClickException(message) from error
    except UnicodeDecodeError as error:
        message = f"{path.name} is not a text file in UTF-8."
        raise click.ClickException(message) from error


def _report(name: str, events: list[LogEvent], outcome: Backtest, *, with_last: bool) -> Iterator[str]:
    yield f"{name}: {outcome.events:,} events of {outcome.cases:,} cases, {events[0].at:%Y-%m-%d} to {events[-1].at:%Y-%m-%d}."
    if not outcome.methods:
        yield "Nothing could be scored: no case went on after the first one had ended."
        return
    which = "every event" if with_last else "every event after which its case went on"
    yield f"Scored: {outcome.scored:,} forecasts, at {which}; {outcome.unscored:,} came before any case had ended."
    unit, size = _unit(min(score.off_by for score in outcome.methods.values()))
    yield ""
    yield f"{'':<34}{'off on average':>16}{'done by the':>16}{'done by the':>16}{'range':>16}{'half of the':>16}"
    yield f"{'':<34}{f'({unit})':>16}{'expected moment':>16}{'latest moment':>16}{f'({unit})':>16}{'ranges below':>16}"
    for method, score in outcome.methods.items():
        line = f"{method:<34}{score.off_by / size:>16.2f}{score.done:>16.1%}"
        if method == next(iter(outcome.methods)):
            line += f"{outcome.done_by_latest:>16.1%}{outcome.mean_width / size:>16.2f}{outcome.median_width / size:>16.2f}"
        yield line
    yield ""
    yield "Off on average: mean absolute error. Range: from the expected to the latest moment, on average."


def _unit(seconds: float) -> tuple[str, int]:
    """Give the largest unit in which the smallest error is at least half."""
    return next((one for one in _UNITS if seconds * 2 >= one[1]), _UNITS[-1])
