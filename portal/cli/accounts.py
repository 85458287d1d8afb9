"""The demo accounts: who can be tried, printed when a demo starts."""

from collections.abc import Sequence

from portal.core.db import db, reading
from portal.people.passwords import is_password
from portal.people.queries import list_one_per_role
from portal.seeding.demo_account import DEMO_PASSWORD
from portal.web.application import Application


def account_lines(app: Application) -> Sequence[str]:
    """Give the lines to print: one account per role; nothing outside a demo."""
    if app.settings.mode != "demo":
        return ()
    with app.app_context(), reading():
        people = list_one_per_role(db.session())
        if not people or not is_password(DEMO_PASSWORD, people[0].password_hash):
            return ()
        width = max(len(person.username) for person in people)
        lines = [f"  {person.username:<{width}}  {', '.join(sorted(role.value for role in person.roles))}" for person in people]
        db.engine.dispose()
    return ("", f"Demo accounts, all with the password {DEMO_PASSWORD}:", *lines, "")
