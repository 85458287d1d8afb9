"""What holds for every person. Pure."""

from typing import Final

MOST_NAME: Final = 120
"""How many characters a name has at most."""
