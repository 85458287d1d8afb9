"""The full-text index: FTS5 on SQLite, tsvector on PostgreSQL. The only module of the search that knows which one it is.

It gives candidates; which of them is best is decided in `ranking`, so that both databases answer alike. Who may find a
document stands in the index as words of its own, and is part of every match.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.people.audience import ANYBODY
from portal.search.models import SearchWord

CANDIDATES: Final = 20
FIELDS: Final = ("name", "parts", "summary", "body")
_POSTGRESQL: Final = "postgresql"
_IN_NAME: Final = "="

# One word of a query: the groups of stems that would each do; a group counts when all of its stems are there.
Word = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A document as the index knows it: stems per field, and who may find it."""

    document_id: int
    fields: Mapping[str, Sequence[str]]
    audience: Sequence[str]


def write_entries(session: Session, entries: Iterable[IndexEntry]) -> None:
    """Put new documents in the index."""
    if _is_postgresql(session):
        statement = text("INSERT INTO search_index (document_id, terms, audience) VALUES (:id, CAST(:terms AS tsvector), :audience)")
        rows: list[dict[str, Any]] = [
            {"id": entry.document_id, "terms": _vector(entry), "audience": list(_audience(entry))} for entry in entries
        ]
    else:
        statement = text(
            "INSERT INTO search_index (rowid, name, parts, summary, body, audience) VALUES (:id, :name, :parts, :summary, :body, :audience)"
        )
        rows = [
            {"id": entry.document_id, "audience": " ".join(_audience(entry)), **{field: " ".join(entry.fields[field]) for field in FIELDS}}
            for entry in entries
        ]
    if rows:
        session.execute(statement, rows)


def remove_entry(session: Session, document_id: int) -> None:
    """Take a document out of the index."""
    column = "document_id" if _is_postgresql(session) else "rowid"
    session.execute(text(f"DELETE FROM search_index WHERE {column} = :id"), {"id": document_id})  # noqa: S608  one of two names


def count_words(session: Session, words: Mapping[tuple[str, str], int]) -> None:
    """Add to the number of documents that hold each of these words (word, language)."""
    rows = [{"word": word, "language": language, "documents": number} for (word, language), number in sorted(words.items())]
    insert: Any = postgresql.insert if _is_postgresql(session) else sqlite.insert
    if rows:
        statement = insert(SearchWord)
        more = SearchWord.documents + statement.excluded.documents
        session.execute(statement.on_conflict_do_update(index_elements=["word", "language"], set_={"documents": more}), rows)


class Candidate(NamedTuple):
    """A document that holds something of what was asked, with what the ranking needs."""

    id: int
    code: str
    terms: str


def find_candidates(session: Session, readings: Iterable[Sequence[Word]], audience: Iterable[str]) -> Collection[Candidate]:
    """Give the documents that hold most: all words in the name, all words anywhere, a word in the name, a word anywhere.

    Of each kind at most `CANDIDATES`. The `readings` of what was typed are tried from the surest on until so many are found.
    """
    who = [_audience_word(one) for one in sorted(audience)]
    is_postgresql = _is_postgresql(session)
    asked: set[str] = set()
    found: dict[int, Candidate] = {}
    with _by_index(session) if is_postgresql else nullcontext():
        for words in readings:
            queries = [_tsquery(words, *kind) if is_postgresql else _match(words, who, *kind) for kind in _ROUNDS]
            # Of a single word all are any, and a word with one meaning reads the same twice: what is the same is asked once.
            new = [query for query in dict.fromkeys(queries) if query not in asked]
            if words and new and len(found) < CANDIDATES:
                given: dict[str, Any] = {f"q{number}": query for number, query in enumerate(new)} | ({"who": who} if is_postgresql else {})
                found |= {row.id: Candidate(*row) for row in session.execute(_STATEMENTS[is_postgresql][len(new)], given)}
                asked.update(new)
    return found.values()


_ROUNDS: Final = (("name", "&"), (None, "&"), ("name", "|"), (None, "|"))
_PARTS: Final = {
    True: "(SELECT document_id FROM search_index WHERE terms @@ CAST(:q{0} AS tsquery) AND audience && CAST(:who AS text[]) LIMIT {1})",
    False: "SELECT document_id FROM (SELECT rowid AS document_id FROM search_index WHERE search_index MATCH :q{0} LIMIT {1})",
}
_CANDIDATES: Final = "SELECT id, code, terms FROM search_documents WHERE id IN ({0})"
_STATEMENTS: Final = {
    is_postgresql: {
        rounds: text(_CANDIDATES.format(" UNION ".join(part.format(number, CANDIDATES) for number in range(rounds))))
        for rounds in range(1, len(_ROUNDS) + 1)
    }
    for is_postgresql, part in _PARTS.items()
}


@contextmanager
def _by_index(session: Session) -> Iterator[None]:
    """Keep PostgreSQL from reading the whole table in the hope of finding a few soon, as its planner does with a limit."""
    session.execute(_NO_SCAN)
    yield
    session.execute(_AS_BEFORE)


_NO_SCAN: Final = text("SET LOCAL enable_seqscan = off")
_AS_BEFORE: Final = text("SET LOCAL enable_seqscan TO DEFAULT")


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == _POSTGRESQL


def _audience(entry: IndexEntry) -> Iterator[str]:
    """Give who may find a document; an empty audience is nobody, any other is also seen by who asks for others."""
    if entry.audience:
        yield from (_audience_word(one) for one in entry.audience)
        yield ANYBODY


def _audience_word(who: str) -> str:
    """Write a kind of people as one word that no text holds."""
    return "".join(sign if sign.isalnum() else "0" for sign in who)


def _vector(entry: IndexEntry) -> str:
    """Write the stems; those of the name twice, so that a search in names alone reads nothing but the index."""
    everywhere = {stem for field in FIELDS for stem in entry.fields[field]}
    return " ".join([*(f"'{stem}'" for stem in everywhere), *(f"'{_IN_NAME}{stem}'" for stem in entry.fields["name"])])


def _tsquery(words: Sequence[Word], field: str | None, joint: str) -> str:
    place = _IN_NAME if field else ""
    groups = (" | ".join("(" + " & ".join(f"'{place}{stem}'" for stem in group) + ")" for group in word) for word in words)
    return f" {joint} ".join(f"({group})" for group in groups)


def _match(words: Sequence[Word], who: Sequence[str], field: str | None, joint: str) -> str:
    operator = {"&": "AND", "|": "OR"}[joint]
    groups = (" OR ".join("(" + " AND ".join(f'"{stem}"' for stem in group) + ")" for group in word) for word in words)
    said = f" {operator} ".join(f"({group})" for group in groups)
    fields = field or "name parts summary body"
    people = " OR ".join(f'"{one}"' for one in who)
    return f"{{{fields}}} : ({said}) AND audience : ({people})"
