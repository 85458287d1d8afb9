"""Finding: the words that are known, the documents that answer a query, and how often a department asks for what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, load_only

from portal.catalog.models import Product
from portal.people.audience import ANYBODY, belongs, tokens_of
from portal.people.models import Person
from portal.search.index import Candidate, find_candidates
from portal.search.models import ProductUse, SearchDocument, SearchRevision, SearchSynonym, SearchWord
from portal.search.ranking import Match, match
from portal.search.rules import Shortfall
from portal.search.terms import MOST_WORDS, telling_words
from portal.search.vocabulary import AskedWord, Synonym, Vocabulary


@dataclass(frozen=True, slots=True)
class Found:
    """A document that answers a query, and how."""

    document: SearchDocument
    match: Match


@dataclass(frozen=True, slots=True)
class Findings:
    """What a query means, the words that nobody knows, and what answers it, the best first."""

    asked: Sequence[AskedWord]
    unread: Sequence[str]
    found: Sequence[Found]

    @property
    def shortfall(self) -> Shortfall | None:
        """Tell how the search fell short: even the best answer holds half of what was typed or less."""
        if not self.found:
            return Shortfall.NOTHING
        held, typed = len(self.found[0].match.best), len(self.asked) + len(self.unread)
        return Shortfall.LITTLE if held < typed and held * 2 <= typed else None


def check_database(session: Session) -> None:
    """Do the smallest statement.

    :raises OperationalError: the database cannot be reached.
    """
    session.execute(select(1))


def find(session: Session, text: str, *, person: Person | None, most: int, is_typing: bool = False, is_all: bool = False) -> Findings:
    """Find what answers a text, of what the person may ask for (`is_all`: of everything); a visitor finds what everybody may see.

    The best match comes first; what matches equally well by use in the person's own department.
    """
    asked = load_vocabulary(session).read(text, is_typing=is_typing)
    read = {word for one in asked for word in one.typed.split()}
    unread = [word for word in telling_words(text)[:MOST_WORDS] if word not in read]
    readings = ([word.surest for word in asked], [word.meanings for word in asked])
    words = [[[meaning.stems for meaning in meanings] for meanings in reading] for reading in readings]
    tokens = frozenset({ANYBODY}) if is_all else person.tokens if person else tokens_of(None)
    candidates = find_candidates(session, words, tokens)
    ranked = _ranked(session, candidates, asked, person)[:most]
    shown = session.scalars(_SHOWN, {"ids": [one for one, _ in ranked]}) if ranked else ()
    # The index knows an audience by words that may look alike; the document itself knows it exactly.
    documents = {document.id: document for document in shown if belongs(tokens, document.audience)}
    return Findings(asked, unread, [Found(documents[one], how) for one, how in ranked if one in documents])


def load_vocabulary(session: Session) -> Vocabulary:
    """Give the words of the catalogue; they stay in the process as long as the revision in the database is the same."""
    address = str(session.get_bind().engine.url)
    revision = session.scalar(_REVISION) or 0
    kept = _kept(address, revision)
    if not kept:
        kept.append(read_vocabulary(session))
    return kept[0]


def read_vocabulary(session: Session) -> Vocabulary:
    """Read the words and synonyms as they are now."""
    words = session.execute(select(SearchWord.word, SearchWord.language, SearchWord.documents).where(SearchWord.documents > 0))
    synonyms = session.execute(select(SearchSynonym.typed, SearchSynonym.means, SearchSynonym.decides).order_by(SearchSynonym.id))
    number = session.scalar(select(func.count()).select_from(SearchDocument)) or 0
    return Vocabulary(
        counts={(row.word, row.language): row.documents for row in words},
        synonyms=[Synonym(*row) for row in synonyms],
        documents=number,
    )


def find_document(session: Session, *, kind: str, code: str) -> SearchDocument | None:
    """Find the document of one thing."""
    return session.scalars(select(SearchDocument).where(SearchDocument.kind == kind, SearchDocument.code == code)).one_or_none()


def _ranked(
    session: Session, candidates: Iterable[Candidate], asked: Sequence[AskedWord], person: Person | None
) -> list[tuple[int, Match]]:
    """Put candidates in order: the best match first, then by use in the department of the person."""
    found = [(one.id, one.code, how) for one in candidates if (how := match(one.terms, asked))]
    uses = _uses(session, person.department_id) if found and person and person.department_id else {}
    found.sort(key=lambda one: (-one[2].score, -uses.get(one[1], 0), one[1]))
    return [(one, how) for one, _, how in found]


def _uses(session: Session, department_id: int) -> Mapping[str, int]:
    return {row.code: row.requests for row in session.execute(_USES, {"department_id": department_id})}


# Made once: a statement costs more to put together than to run.
_SHOWN: Final = (
    select(SearchDocument)
    .where(SearchDocument.id.in_(bindparam("ids", expanding=True)))
    .options(
        load_only(
            SearchDocument.code,
            SearchDocument.name,
            SearchDocument.summary,
            SearchDocument.icon,
            SearchDocument.parts,
            SearchDocument.audience,
        )
    )
)
_USES: Final = (
    select(Product.code, ProductUse.requests)
    .join(ProductUse, ProductUse.product_id == Product.id)
    .where(ProductUse.department_id == bindparam("department_id"))
)
_REVISION: Final = select(SearchRevision.number)


@lru_cache(maxsize=2)
def _kept(address: str, revision: int) -> list[Vocabulary]:
    """Give the same list for the same database and revision; the caller fills it."""
    del address, revision
    return []
