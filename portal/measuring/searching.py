"""Searching in very many documents: the catalogue multiplied, in words of its own for every group of copies."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import cycle, islice
from random import Random
from typing import Any, Final

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from portal.catalog.memory import block_definition_of, definition_of
from portal.catalog.queries import list_published_products, published_blocks
from portal.core.bulk import BATCH, insert_rows, refresh_statistics, reserve_ids
from portal.core.texts import LocalText
from portal.measuring.wire import WrongAnswerError, summary
from portal.people.queries import list_one_per_role
from portal.people.roles import Role
from portal.search.actions import write_documents
from portal.search.documents import Content, product_content
from portal.search.index import IndexEntry, count_words, write_entries
from portal.search.models import SearchDocument, SearchWord
from portal.search.queries import find
from portal.search.ranking import Terms
from portal.search.terms import telling_words

COPIES_PER_GROUP: Final = 100
_MOST: Final = 20
_LETTERS: Final = "bcdfghjklmnpqrstvwxz"
_ROWS: Final[Table] = SearchDocument.__table__  # type: ignore[assignment]  # a mapped class has a plain table


def multiply(session: Session, *, documents: int) -> Sequence[str]:
    """Fill the index with this many copies of the products; gives names to search for.

    A word stands in about a hundred documents, as in a large catalogue; the words of the first group are the real ones.
    """
    originals = [_content(session, version) for version in list_published_products(session)]
    groups = max(1, documents // (len(originals) * COPIES_PER_GROUP))
    contents = [_in_words_of(group, content) for group in range(1, groups) for content in originals]
    write_documents(session=session, contents=contents)
    rows = session.scalars(select(SearchDocument).order_by(SearchDocument.id)).all()
    missing = documents - len(rows)
    copies = islice(cycle(rows), missing)
    for ids in _batches(reserve_ids(session, _ROWS, missing)):
        _write_copies(session, ids, list(islice(copies, len(ids))))
    counted = session.execute(select(SearchWord.word, SearchWord.language, SearchWord.documents))
    count_words(session, {(row.word, row.language): row.documents * missing // len(rows) for row in counted})
    refresh_statistics(session)
    for_all = [row for row in rows if Role.EMPLOYEE in row.audience]
    return [name for row in for_all for name in (row.name.nl, row.name.en, row.parts[-1]["nl"])]


def measure_search(session: Session, names: Sequence[str], *, seconds: float) -> Mapping[str, Any]:
    """Search for names, beginnings and mistyped names in turn, as two persons with a department.

    :raises WrongAnswerError: a search for a name found nothing.
    """
    persons = [next(one for one in list_one_per_role(session) if one.has_role(role)) for role in (Role.SERVICE_DESK, Role.MANAGER)]
    chosen = Random(1).sample(names, min(400, len(names)))  # noqa: S311  the same searches in every run
    find(session, names[0], person=None, most=_MOST)
    times: list[float] = []
    begun = time.perf_counter()
    for number, name in enumerate(cycle(chosen)):
        text, is_typing = _typed(name, number)
        started = time.perf_counter()
        found = find(session, text, person=persons[number % 2], most=_MOST, is_typing=is_typing).found
        times.append(time.perf_counter() - started)
        if text == name and not found:
            message = f"a search for {name!r} found nothing"
            raise WrongAnswerError(message)
        if time.perf_counter() - begun > seconds:
            break
    timing = summary(times, elapsed=sum(times))
    documents = session.scalar(select(func.count()).select_from(SearchDocument))
    return {"documents": documents, "per_second": timing.per_second, "p50_ms": timing.p50_ms, "p95_ms": timing.p95_ms}


def _typed(name: str, number: int) -> tuple[str, bool]:
    """Give what somebody types for a name: as it is, its beginning, or with a letter left out."""
    match number % 3:
        case 0:
            return name, False
        case 1:
            return name[: max(4, len(name) * 2 // 3)], True
        case _:
            return name[:3] + name[4:], False


def _content(session: Session, version: Any) -> Content:  # noqa: ANN401  a version of a product
    definition = definition_of(version)
    blocks = published_blocks(session, definition.block_codes())
    return product_content(definition, {code: block_definition_of(block) for code, block in blocks.items()})


def _in_words_of(group: int, content: Content) -> Content:
    """Put the same letters before every word, so that endings and compounds stay what they are."""
    letters = "".join(_LETTERS[group // len(_LETTERS) ** place % len(_LETTERS)] for place in range(2))

    def reworded(text: LocalText) -> LocalText:
        dutch, english = (" ".join(letters + word for word in telling_words(text.in_language(one))) for one in ("nl", "en"))
        return LocalText(nl=dutch, en=english)

    texts = {"name": reworded(content.name), "summary": reworded(content.summary)}
    several = {"parts": tuple(map(reworded, content.parts)), "body": tuple(map(reworded, content.body))}
    return replace(content, code=f"{content.code}-{group}", **texts, **several)  # type: ignore[arg-type]  # each field its own kind


def _write_copies(session: Session, ids: Sequence[int], rows: Sequence[SearchDocument]) -> None:
    names = [column.name for column in _ROWS.columns if column.name not in {"id", "code"}]
    copies = [
        {"id": one, "code": f"copy-{one}", **{name: getattr(row, name) for name in names}} for one, row in zip(ids, rows, strict=True)
    ]
    insert_rows(session, _ROWS, copies)
    write_entries(
        session, [IndexEntry(one, Terms.from_text(row.terms).by_field(), row.audience) for one, row in zip(ids, rows, strict=True)]
    )


def _batches(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    ahead = iter(ids)
    while batch := list(islice(ahead, BATCH)):
        yield batch
