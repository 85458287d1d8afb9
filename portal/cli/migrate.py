"""`portal migrate`: the shape of the database."""

import click
from alembic.util.exc import CommandError
from sqlalchemy.exc import DBAPIError

from portal.cli.installation import open_app
from portal.core import schema
from portal.core.db import db
from portal.core.revision import current_revision


@click.command()
@click.option("--to", metavar="REVISION", default="head", show_default="the newest", help="Go up to this revision.")
@click.option("--down", metavar="REVISION", help="Go back to this revision; base leaves the database empty.")
@click.option("--new", metavar="WORDS", help="For contributors: write a migration for what changed in the models.")
def migrate(to: str, down: str | None, new: str | None) -> None:
    """Bring the database to the newest revision, or to another one."""
    with open_app().app_context():
        try:
            if down:
                schema.downgrade(db.engine, to=down)
            else:
                schema.upgrade(db.engine, to=to)
            if new:
                schema.new_revision(db.engine, message=new)
        except CommandError as error:
            raise click.ClickException(str(error)) from error
        except DBAPIError as error:
            message = f"The database does not answer or refuses: {error.orig}"
            raise click.ClickException(message) from error
        click.echo(f"The database is at revision {current_revision(db.engine) or 'base (empty)'}.")
