"""The installation that a command works on: its settings, its application and its database."""

import os

import click
from sqlalchemy.exc import DBAPIError

from portal.app import create_app
from portal.core.db import db
from portal.core.revision import current_revision, newest_revision
from portal.settings import read_settings
from portal.web.application import Application


def open_app() -> Application:
    """Make the application for the settings in the environment; its connections are closed when the command ends.

    :raises SettingsError: the settings are not right.
    :raises click.ClickException: the front-end files are missing.
    """
    settings = read_settings(os.environ)
    try:
        app = create_app(settings)
    except RuntimeError as error:
        raise click.ClickException(str(error)) from error
    click.get_current_context().call_on_close(lambda: _close_connections(app))
    return app


def open_migrated_app() -> Application:
    """Make the application, and see to it that the database fits this version; no connection stays open.

    :raises click.ClickException: the database is away or at another revision.
    """
    app = open_app()
    with app.app_context():
        try:
            revision = current_revision(db.engine)
        except DBAPIError as error:
            message = f"The database does not answer ({db.engine.url.render_as_string()}): {error.orig}"
            raise click.ClickException(message) from error
        finally:
            db.engine.dispose()
    if revision != newest_revision():
        found = f"is at revision {revision}" if revision else "is empty"
        message = f"The database {found}; this version of the portal needs revision {newest_revision()}. Run: portal migrate"
        raise click.ClickException(message)
    return app


def _close_connections(app: Application) -> None:
    with app.app_context():
        db.engine.dispose()
