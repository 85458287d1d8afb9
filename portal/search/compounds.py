"""Splitting Dutch compounds with the words of the catalogue itself: "zaalreservering" is "zaal" and "reservering"."""

from collections.abc import Container, Sequence
from functools import cache
from typing import Final

SHORTEST_PART: Final = 3
_SHORTEST: Final = 2 * SHORTEST_PART
_MOST_PARTS: Final = 4
_LINKS: Final = ("", "s", "en", "e", "n")


def split_compound(word: str, known: Container[str]) -> Sequence[str]:
    """Give the parts of a compound, the fewest that make up all of it; empty when it is none."""
    if len(word) < _SHORTEST:
        return ()

    @cache
    def parts_from(start: int, left: int) -> tuple[str, ...] | None:
        if start == len(word):
            return ()
        found = (_with(word[start:end], link, end, left) for end in _ends(start) for link in _LINKS if word.startswith(link, end))
        return min((parts for parts in found if parts), key=lambda parts: (len(parts), -len(parts[0])), default=None)

    def _with(part: str, link: str, end: int, left: int) -> tuple[str, ...] | None:
        after = end + len(link)
        if part == word or part not in known or (link and after == len(word)) or (not left and after < len(word)):
            return None
        rest = parts_from(after, left - 1)
        return None if rest is None else (part, *rest)

    def _ends(start: int) -> range:
        return range(len(word), start + SHORTEST_PART - 1, -1)

    parts = parts_from(0, _MOST_PARTS - 1) or ()
    return parts if len(parts) > 1 else ()
