"""Asking the database whether it is there."""

from sqlalchemy import select
from sqlalchemy.orm import Session


def check_database(session: Session) -> None:
    """Do the smallest statement.

    :raises OperationalError: the database cannot be reached.
    """
    session.execute(select(1))
