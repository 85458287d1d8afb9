"""Passwords: argon2id, and the same work for a user that does not exist."""

from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

# OWASP: 19 MiB, two passes, one lane.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """Hash a password for storing."""
    return _HASHER.hash(password)


def is_password(password: str, stored: str | None) -> bool:
    """Tell whether the password fits; without a stored hash it takes as long and is False."""
    try:
        return _HASHER.verify(stored or _hash_of_nobody(), password) and stored is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _hash_of_nobody() -> str:
    return _HASHER.hash("nobody")
