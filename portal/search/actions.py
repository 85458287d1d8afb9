"""Keeping the search up to date: documents, synonyms, use per department, and searches that found nothing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from secrets import randbits
from typing import Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.catalog.memory import block_definition_of, definition_of
from portal.catalog.models import ProductVersion
from portal.catalog.queries import find_published_product, list_published_products, published_blocks
from portal.people.models import Person
from portal.requests.models import Request
from portal.search.documents import PRODUCT, Content, product_content, terms_of
from portal.search.index import IndexEntry, count_words, remove_entry, write_entries
from portal.search.models import LONGEST_SEARCH, MissedSearch, ProductUse, SearchDocument, SearchRevision, SearchSynonym, SearchWord
from portal.search.queries import find_document, read_vocabulary
from portal.search.ranking import Terms
from portal.search.rules import Shortfall, without_traces
from portal.search.terms import words_of
from portal.search.vocabulary import Synonym

USE_COUNTS_FOR: Final = timedelta(days=365)
MOST_MISSED_PER_DAY: Final = 2_000


def index_product(*, session: Session, code: str) -> None:
    """Bring the document of a product up to date with what is published of it; without anything published it goes."""
    version = find_published_product(session, code)
    document = find_document(session, kind=PRODUCT, code=code)
    if version is None:
        if document is not None:
            _forget(session, document)
            renew_revision(session=session)
        return
    write_documents(session=session, contents=[_content(session, version)])


def index_products_with(*, session: Session, block: str) -> None:
    """Bring the documents of all products up to date that hold a building block."""
    versions = [version for version in list_published_products(session) if block in definition_of(version).block_codes()]
    write_documents(session=session, contents=[_content(session, version) for version in versions])


def reindex(*, session: Session) -> int:
    """Make the whole index again from what is published; gives the number of documents."""
    renew_revision(session=session)
    session.execute(delete(SearchDocument))
    session.execute(delete(SearchWord))
    contents = [_content(session, version) for version in list_published_products(session)]
    write_documents(session=session, contents=contents)
    return len(contents)


def write_documents(*, session: Session, contents: Sequence[Content]) -> None:
    """Put these documents in the index, in the place of those with the same codes."""
    if not contents:
        return
    # The row of the revision is changed first: others who write in the index wait for it.
    renew_revision(session=session)
    for content in contents:
        document = find_document(session, kind=content.kind, code=content.code)
        if document is not None:
            _forget(session, document)
    count_words(session, Counter(word for content in contents for word in content.words()))
    parts_of = read_vocabulary(session).parts_of
    documents = [_document(content, terms_of(content, parts_of)) for content in contents]
    session.add_all(documents)
    session.flush()
    write_entries(session, [IndexEntry(one.id, Terms.from_text(one.terms).by_field(), one.audience) for one in documents])


def save_synonyms(*, session: Session, synonyms: Iterable[Synonym]) -> None:
    """Make these the synonyms, in the place of all that were."""
    wanted = {(" ".join(words_of(one.typed)), one.means): one.decides for one in synonyms}
    kept = {(row.typed, row.means): row for row in session.scalars(select(SearchSynonym))}
    if {pair: row.decides for pair, row in kept.items()} == wanted:
        return
    for pair in kept.keys() - wanted.keys():
        session.delete(kept[pair])
    for pair in kept.keys() & wanted.keys():
        kept[pair].decides = wanted[pair]
    new = sorted(wanted.keys() - kept.keys())
    session.add_all(SearchSynonym(typed=typed, means=means, decides=wanted[typed, means]) for typed, means in new)
    renew_revision(session=session)


def note_missed_search(*, session: Session, text: str, shortfall: Shortfall, department_id: int | None, on: date) -> None:
    """Count a search that found nothing or little. What can lead to a person is left out; a flood of them is not kept."""
    words = without_traces(text)[:LONGEST_SEARCH]
    same_department = MissedSearch.department_id.is_not_distinct_from(department_id)
    this = (MissedSearch.on == on, MissedSearch.text == words, same_department)
    again = update(MissedSearch).where(*this).values(times=MissedSearch.times + 1, shortfall=shortfall)
    if not words or session.execute(again).rowcount:  # type: ignore[attr-defined]
        return
    if (session.scalar(select(func.count()).where(MissedSearch.on == on)) or 0) < MOST_MISSED_PER_DAY:
        session.add(MissedSearch(on=on, text=words, shortfall=shortfall, department_id=department_id, times=1))


def delete_missed_searches(*, session: Session, before: date) -> None:
    """Forget the searches of long ago that found nothing."""
    session.execute(delete(MissedSearch).where(MissedSearch.on < before))


def count_use(*, session: Session, at: datetime) -> None:
    """Count again how many requests the people of each department made per product in the last year."""
    counted = (
        select(Person.department_id, Request.product_id, func.count())
        .join(Request.requester)
        .where(Person.department_id.is_not(None), Request.submitted_at > at - USE_COUNTS_FOR)
        .group_by(Person.department_id, Request.product_id)
    )
    session.execute(delete(ProductUse))
    session.execute(insert(ProductUse).from_select(["department_id", "product_id", "requests"], counted))


def _content(session: Session, version: ProductVersion) -> Content:
    definition = definition_of(version)
    blocks = published_blocks(session, definition.block_codes())
    return product_content(definition, {code: block_definition_of(block) for code, block in blocks.items()})


def _document(content: Content, terms: Terms) -> SearchDocument:
    return SearchDocument(
        kind=content.kind,
        code=content.code,
        name=content.name,
        summary=content.summary,
        icon=content.icon,
        parts=[part.as_data() for part in content.parts],
        audience=list(content.audience),
        terms=terms.as_text(),
        words=[f"{language}:{word}" for word, language in content.words()],
    )


def _forget(session: Session, document: SearchDocument) -> None:
    words = [(word, language) for language, _, word in (one.partition(":") for one in document.words)]
    count_words(session, dict.fromkeys(words, -1))
    remove_entry(session, document.id)
    session.delete(document)
    session.flush()


def renew_revision(*, session: Session) -> None:
    """Tell every process to read the words again, and hold off others who write in the index until the transaction ends."""
    number = randbits(31)
    if session.execute(update(SearchRevision).values(number=number)).rowcount:  # type: ignore[attr-defined]
        return
    try:
        with session.begin_nested():
            session.add(SearchRevision(id=1, number=number))
    except IntegrityError:
        # Another process made the row a moment ago.
        session.execute(update(SearchRevision).values(number=number))
