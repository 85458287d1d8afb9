"""`portal search`: the index of the search."""

import click

from portal.cli.installation import open_migrated_app
from portal.core.clock import utc_now
from portal.core.db import transaction
from portal.search.actions import count_use
from portal.search.actions import reindex as make_again


@click.group()
def search() -> None:
    """Take care of the search."""


@search.command()
def reindex() -> None:
    """Make the index again from the published catalogue, and count what each department asks most."""
    with open_migrated_app().app_context(), transaction() as session:
        number = make_again(session=session)
        count_use(session=session, at=utc_now())
    click.echo(f"{number} products can be found.")
