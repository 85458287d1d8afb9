"""References for people: the number of a request, and a code that can be said over the phone."""

import base64
import hashlib
import hmac
import re
import secrets
from typing import Final

# Crockford's base 32: no I, L, O or U, so that it survives a phone call.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE: Final = {sign: value for value, sign in enumerate(ALPHABET)} | {"I": 1, "L": 1, "O": 0}
_RANDOM_SIGNS: Final = 12  # 60 bits
_REDUCE: Final = 0b100101  # x^5 + x^2 + 1, primitive over GF(2): multiplying by x cycles through all 31 values
_NUMBER: Final = re.compile(r"(?:A-?)?(\d{4})-?0*(\d{1,9})", re.IGNORECASE)


def request_number(*, year: int, request_id: int) -> str:
    """Give the number that people use for a request, such as `A-2026-000042`. It opens nothing."""
    return f"A-{year}-{request_id:06d}"


def parse_request_number(number: str) -> tuple[int, int] | None:
    """Read year and id from a number as people type it, or None when it is none."""
    match = _NUMBER.fullmatch(number.strip())
    return (int(match[1]), int(match[2])) if match else None


def derive_code(*, secret: str, seed: str) -> str:
    """Derive a tracking code from a seed of chance: 60 bits of HMAC-SHA-256 and a check sign, as `XXXX-XXXX-XXXXX`.

    The same arguments give the same code, so it can be shown again without being stored; a new seed revokes the
    earlier code. Without the secret a seed says nothing.
    """
    digest = hmac.new(secret.encode(), f"tracking:{seed}".encode(), hashlib.sha256).digest()
    bits = int.from_bytes(digest[:8], "big")
    signs = [(bits >> (5 * place)) & 31 for place in range(_RANDOM_SIGNS)]
    text = "".join(ALPHABET[value] for value in [*signs, _check_value(signs)])
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def normal_code(text: str) -> str | None:
    """Give the code as it is stored (13 signs, no dashes), or None when it cannot be one.

    Forgives case, spaces, dashes and the signs I, L and O. The check sign catches every single
    wrong sign and every swap of neighbours.
    """
    signs = [sign for sign in text.upper() if sign not in " -\u2010\u2011\u2013."]
    if len(signs) != _RANDOM_SIGNS + 1 or any(sign not in _VALUE for sign in signs):
        return None
    values = [_VALUE[sign] for sign in signs]
    if _check_value(values[:-1]) != values[-1]:
        return None
    return "".join(ALPHABET[value] for value in values)


def hash_code(code: str) -> str:
    """Give the fingerprint under which a code or token is stored."""
    return hashlib.sha256(code.encode()).hexdigest()


def hash_of_code(*, secret: str, seed: str) -> str:
    """Give the fingerprint of the tracking code of a seed."""
    return hash_code(normal_code(derive_code(secret=secret, seed=seed)) or "")


def derive_token(*, secret: str, purpose: str, seed: str) -> str:
    """Derive the token of a link from a seed of chance: 192 bits of HMAC-SHA-256, safe in a URL, good for one purpose only."""
    digest = hmac.new(secret.encode(), f"{purpose}:{seed}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def new_token() -> str:
    """Make a token for links and forms: 192 bits of chance, safe in a URL."""
    return secrets.token_urlsafe(24)


def _check_value(values: list[int]) -> int:
    """Sum the values, each multiplied by another power of x in GF(32)."""
    total = 0
    for value in values:
        total = _times_x(total ^ value)
    return total


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ _REDUCE if doubled & 32 else doubled
