"""The demo accounts: who can be tried, printed when a demo starts."""

from collections.abc import Sequence

import click

from portal.core.db import db, reading
from portal.people.passwords import is_password
from portal.people.queries import list_one_per_role
from portal.seeding.demo_account import DEMO_PASSWORD
from portal.web.application import Application


def account_lines(app: Application) -> Sequence[str]:
    """Give the lines to print when a demo starts: one account per role; nothing when there are no demo accounts.

    :raises click.ClickException: there are demo accounts, and this is production.
    """
    with app.app_context(), reading():
        people = list_one_per_role(db.session())
        has_demo = any(is_password(DEMO_PASSWORD, person.password_hash) for person in people[:1])
        width = max((len(person.username) for person in people), default=0)
        lines = [f"  {person.username:<{width}}  {', '.join(sorted(role.value for role in person.roles))}" for person in people]
        db.engine.dispose()
    if has_demo and app.settings.is_production:
        message = "This database holds demo accounts with a password that everybody knows. Production needs a database of its own."
        raise click.ClickException(message)
    return ("", f"Demo accounts, all with the password {DEMO_PASSWORD}:", *lines, "") if has_demo else ()
