"""What the pages of the search show: cards with what was found in them marked, and the reason they were found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from portal.core.texts import LocalText
from portal.people.models import Person
from portal.search.documents import PartsOf
from portal.search.models import SearchDocument
from portal.search.queries import Findings, find, load_vocabulary
from portal.search.rules import Reading, Shortfall
from portal.search.terms import is_telling, stems_of, words_of
from portal.search.vocabulary import PART
from portal.web.language import local

MOST_RESULTS: Final = 20
MOST_SUGGESTIONS: Final = 6
MOST_PARTS: Final = 2
_PIECES: Final = re.compile(r"(\w+)")

# A text in pieces, each with whether it was searched for.
Marked = Sequence[tuple[str, bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One thing that was found; `parts` are the building blocks in it that were searched for."""

    code: str
    icon: str
    name: Marked
    summary: Marked
    parts: Sequence[Marked]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """What was found, how what was typed was read when it was not as it was typed, and how it fell short."""

    results: Sequence[Result]
    read_as: Sequence[str]
    shortfall: Shortfall | None


def search_for(session: Session, text: str, *, person: Person | None) -> ResultPage:
    """Find and show everything that answers a text."""
    findings = find(session, text, person=person, most=MOST_RESULTS)
    return ResultPage(results=_results(session, findings), read_as=_read_as(findings), shortfall=findings.shortfall)


def suggest(session: Session, text: str, *, person: Person | None) -> Sequence[Result]:
    """Find the best few while somebody is still typing."""
    return _results(session, find(session, text, person=person, most=MOST_SUGGESTIONS, is_typing=True))


def _results(session: Session, findings: Findings) -> Sequence[Result]:
    sure = (meaning for word in findings.asked for meaning in word.meanings if meaning.certainty > PART)
    stems = frozenset(stem for meaning in sure for stem in meaning.stems)
    parts_of = load_vocabulary(session).parts_of
    return [_result(one.document, stems | one.match.stems, parts_of) for one in findings.found]


def _result(document: SearchDocument, stems: frozenset[str], parts_of: PartsOf) -> Result:
    """Show a document; of its parts those that were searched for by more than the words of its name."""
    in_name = {stem for word in words_of(local(document.name)) for stem in (*stems_of(word), *parts_of(word))}
    parts = [mark(local(LocalText.from_data(part)), stems - in_name, parts_of) for part in document.parts]
    return Result(
        code=document.code,
        icon=document.icon,
        name=mark(local(document.name), stems, parts_of),
        summary=mark(local(document.summary), stems, parts_of),
        parts=[part for part in parts if any(is_marked for _, is_marked in part)][:MOST_PARTS],
    )


def mark(text: str, stems: frozenset[str], parts_of: PartsOf) -> Marked:
    """Cut a text in pieces, and mark the words with one of these stems, or with a part that has one."""

    def is_meant(piece: str) -> bool:
        return any(is_telling(word) and not stems.isdisjoint((*stems_of(word), *parts_of(word))) for word in words_of(piece))

    return [(piece, is_meant(piece)) for piece in _PIECES.split(text) if piece]


def _read_as(findings: Findings) -> Sequence[str]:
    """Give the words that were taken for something else than what was typed, as typing errors are."""
    best = findings.found[0].match.best if findings.found else ()
    typed = {word.typed for word in findings.asked}
    return list(dict.fromkeys(meaning.words for meaning in best if meaning.how is Reading.MISTYPED and meaning.words not in typed))
