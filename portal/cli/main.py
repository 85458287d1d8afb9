"""`portal`: all commands in one table; each is imported when it is used."""

from importlib import import_module
from typing import Any, Final

import click

from portal.settings import SettingsError

COMMANDS: Final = {
    "serve": ("portal.cli.serve:serve", "Serve the web pages, and do the jobs too unless PORTAL_WORKER is off."),
    "worker": ("portal.cli.worker:worker", "Do the jobs: mail and what follows from what happened."),
    "migrate": ("portal.cli.migrate:migrate", "Bring the database to the newest revision, or to another one."),
    "seed": ("portal.cli.seed:seed", "Load the catalogue and the demo organisation."),
    "catalog": ("portal.cli.catalog:catalog", "Write the catalogue to files, read it from files, compare and check it."),
    "search": ("portal.cli.search:search", "Make the index of the search again."),
    "forecast": ("portal.cli.forecast:forecast", "Try the forecasts on an event log of what happened before."),
    "user": ("portal.cli.user:user", "List and add people, and give them a password."),
    "settings": ("portal.cli.configuration:settings", "Show the settings with their meaning; secrets stay hidden."),
    "audit": ("portal.cli.database:audit", "Check that the journal is complete and unchanged."),
    "backup": ("portal.cli.database:backup", "Write a copy of the SQLite database while it is in use."),
    "bench": ("portal.cli.bench:bench", "Measure how fast the portal is, beside bare SQL."),
}
"""Name -> (where it stands, what it does in one sentence)."""


class LazyGroup(click.Group):
    """The commands of the table."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the names in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  as click types it
        """Run a command; wrong settings are told in a sentence, with exit code 2."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise click.UsageError(str(error)) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="loket", message="Loket %(version)s")
def cli() -> None:
    """Loket: one window for everything that people may ask of the facility organisation."""
