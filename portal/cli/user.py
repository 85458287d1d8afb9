"""`portal user`: people who can sign in."""

import json
import sys
from collections.abc import Mapping
from typing import Any, Final

import click

from portal.cli.installation import open_migrated_app
from portal.core.db import db, reading, transaction
from portal.people.actions import PersonDetails, save_person
from portal.people.models import Department, Person
from portal.people.passwords import hash_password
from portal.people.queries import departments_by_code, find_person_by_username, list_persons
from portal.people.roles import Role

MIN_PASSWORD: Final = 8


@click.group()
def user() -> None:
    """List and add people, and give them a password."""


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for other programs.")
def list_users(*, as_json: bool) -> None:
    """List the people who can sign in."""
    with open_migrated_app().app_context(), reading():
        rows = [_row(person) for person in list_persons(db.session())]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{row['username']:<20} {row['name']:<28} {row['department'] or '-':<14} {', '.join(row['roles'])}")


@user.command()
@click.argument("username")
@click.option("--name", required=True, help="The full name.")
@click.option("--email", required=True, help="Where mail goes.")
@click.option("--role", "roles", multiple=True, required=True, metavar="ROLE[:DEPARTMENT]", help="May be given more than once.")
@click.option("--department", metavar="CODE", help="The department this person belongs to.")
@click.option("--language", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
def add(*, username: str, name: str, email: str, roles: tuple[str, ...], department: str | None, language: str) -> None:
    """Add a person; the password is asked for, or read from standard input."""
    app = open_migrated_app()
    password = _ask_password()
    with app.app_context(), transaction() as session:
        if find_person_by_username(session, username):
            message = f"There is already somebody called {username}."
            raise click.ClickException(message)
        departments = departments_by_code(session)
        details = PersonDetails(
            username=username,
            name=name,
            email=email,
            phone="",
            function=None,
            department=_department(department, departments) if department else None,
            location=None,
            language=language,
            roles=[_role(text, departments) for text in roles],
        )
        save_person(session=session, details=details, password=password)
    click.echo(f"{username} can sign in.")


@user.command("password")
@click.argument("username")
def change_password(username: str) -> None:
    """Give a person a new password; it is asked for, or read from standard input."""
    app = open_migrated_app()
    password = _ask_password()
    with app.app_context(), transaction() as session:
        person = find_person_by_username(session, username)
        if person is None:
            message = f"There is nobody called {username}."
            raise click.ClickException(message)
        person.password_hash = hash_password(password)
    click.echo(f"{username} has a new password.")


def _row(person: Person) -> dict[str, Any]:
    return {
        "username": person.username,
        "name": person.name,
        "roles": sorted({role.value for role in person.roles}),
        "department": person.department.code if person.department else None,
        "language": person.language,
        "email": person.email,
    }


def _ask_password() -> str:
    if sys.stdin.isatty():
        password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    if len(password) < MIN_PASSWORD:
        message = f"A password has at least {MIN_PASSWORD} signs."
        raise click.ClickException(message)
    return password


def _role(text: str, departments: Mapping[str, Department]) -> tuple[Role, Department | None]:
    name, _, code = text.partition(":")
    if name not in set(Role):
        message = f"There is no role {name}. Choose from: {', '.join(Role)}."
        raise click.ClickException(message)
    return Role(name), _department(code, departments) if code else None


def _department(code: str, departments: Mapping[str, Department]) -> Department:
    if code not in departments:
        message = f"There is no department {code}. Choose from: {', '.join(departments)}."
        raise click.ClickException(message)
    return departments[code]
