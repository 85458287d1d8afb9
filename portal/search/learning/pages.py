"""What the pages show with which people keep the search: what a text finds now, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from portal.core.texts import LocalText
from portal.search.labels import READINGS
from portal.search.queries import find
from portal.search.vocabulary import Meaning

MOST_SHOWN: Final = 5
MOST_MEANINGS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWord:
    """A word that was typed, with what it can mean and how that was read."""

    typed: str
    meanings: Sequence[tuple[str, Any, bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a text finds now, the best first, with the words by which; and the words that nobody knows."""

    words: Sequence[ReadWord]
    unread: Sequence[str]
    found: Sequence[tuple[str, LocalText, Sequence[str]]]


def try_out(session: Session, text: str) -> Tried:
    """Search as a visitor does, and tell why."""
    findings = find(session, text, person=None, most=MOST_SHOWN, is_all=True)
    words = [ReadWord(typed=one.typed, meanings=_meanings(one.meanings)) for one in findings.asked]
    found = [
        (one.document.code, one.document.name, list(dict.fromkeys(meaning.words for meaning in one.match.best))) for one in findings.found
    ]
    return Tried(words=words, unread=findings.unread, found=found)


def _meanings(meanings: Sequence[Meaning]) -> Sequence[tuple[str, Any, bool]]:
    told = dict.fromkeys((meaning.words, READINGS[meaning.how], meaning.decides) for meaning in meanings)
    return list(told)[:MOST_MEANINGS]
