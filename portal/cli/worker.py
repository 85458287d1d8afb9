"""`portal worker`: a process that only does the jobs; several may run at once."""

import signal

import click

from portal.cli.installation import open_migrated_app
from portal.jobs.worker import Worker


@click.command()
def worker() -> None:
    """Do the jobs until stopped (Ctrl+C or SIGTERM); the jobs in hand are finished first."""
    running = Worker(open_migrated_app())
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda _number, _frame: running.stop())
    running.start()
    click.echo("The worker has begun.")
    running.join()
    click.echo("The worker has stopped.")
