"""Who is signed in. The only module that touches Flask-Login."""

from typing import Final, cast

from flask import Flask, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from portal.core.db import db
from portal.core.journal import Actor
from portal.people.audience import tokens_of
from portal.people.models import Person
from portal.people.queries import find_person

_manager: Final = LoginManager()


class _SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """What Flask-Login keeps: the person, loaded once per request."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.id = str(person.id)


def install_sign_in(app: Flask) -> None:
    """Set up Flask-Login with our own loader."""
    _manager.init_app(app)
    _manager.session_protection = None

    def load(person_id: str) -> _SignedIn | None:
        person = find_person(db.session(), int(person_id))
        return _SignedIn(person) if person else None

    _manager.user_loader(load)


def begin_session(person: Person) -> None:
    """Sign a person in, in a fresh session that only keeps the language."""
    session.clear()
    session["language"] = person.language
    session.permanent = True
    login_user(_SignedIn(person))


def end_session() -> None:
    """Sign out; the language of the page stays."""
    language = session.get("language")
    logout_user()
    session.clear()
    if language:
        session["language"] = language


def find_current_person() -> Person | None:
    """Give the person who is signed in, with department, place and roles, or None."""
    return cast(_SignedIn, current_user).person if current_user.is_authenticated else None


def current_person() -> Person:
    """Give the person who is signed in; only for pages that ask for one.

    :raises LookupError: nobody is signed in.
    """
    person = find_current_person()
    if person is None:
        raise LookupError
    return person


def current_actor() -> Actor:
    """Give who acts in this request, for the journal."""
    person = find_current_person()
    return Actor(person_id=person.id if person else None, origin=request.remote_addr)


def tokens_of_visitor() -> frozenset[str]:
    """Give the tokens of the visitor, that say to which audiences they belong."""
    person = find_current_person()
    return person.tokens if person else tokens_of(None)


def roles_of_visitor() -> frozenset[str] | None:
    """Give the roles of the visitor; None when nobody is signed in."""
    person = find_current_person()
    return person.roles if person else None
