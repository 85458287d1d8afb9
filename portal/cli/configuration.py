"""`portal settings`: the settings as they are now."""

import os
from dataclasses import fields
from typing import Any, Final

import click
from sqlalchemy import make_url

from portal.settings import Settings, read_settings

SECRETS: Final = frozenset({"secret_key", "mail_password"})


@click.command()
def settings() -> None:
    """Show the settings with their meaning; secrets stay hidden."""
    current = read_settings(os.environ)
    for one in fields(Settings):
        click.echo(f"PORTAL_{one.name.upper()}={_shown(one.name, getattr(current, one.name))}")
        click.echo(f"    {one.metadata['about']}")


def _shown(name: str, value: Any) -> str:  # noqa: ANN401  any kind of setting
    if name in SECRETS:
        return "(hidden)" if value else ""
    if name == "database_url":
        return make_url(value).render_as_string(hide_password=True)
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
