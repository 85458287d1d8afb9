"""Reading the synonyms in groups, and what was searched without finding much."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from portal.core.errors import NotFoundError
from portal.core.journal import JournalEntry
from portal.core.paging import PAGE_SIZE, Page, decode_key, encode_key
from portal.core.texts import LocalText
from portal.people.models import Department
from portal.search.models import MissedSearch, SearchSynonym
from portal.search.rules import Shortfall

STREAM: Final = "synonyms"
_KEY: Final = (int, str)


@dataclass(frozen=True, slots=True, kw_only=True)
class SynonymGroup:
    """All that people type for the same words of the catalogue; `number` is the key of its oldest row."""

    number: int
    means: str
    decides: bool
    typed: Sequence[str]

    @property
    def fingerprint(self) -> str:
        """Name the content, so that a change by somebody else is noticed."""
        return hashlib.sha256("\n".join([self.means, str(self.decides), *self.typed]).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedRow:
    """One text that was searched without finding much, over a period."""

    text: str
    times: int
    last_on: date
    shortfall: Shortfall
    departments: Sequence[tuple[LocalText, int]]


def list_groups(session: Session) -> Sequence[SynonymGroup]:
    """List the groups of synonyms by what they mean; those that decide come last."""
    rows = session.scalars(select(SearchSynonym).order_by(SearchSynonym.means, SearchSynonym.decides, SearchSynonym.id))
    found: dict[tuple[str, bool], list[SearchSynonym]] = {}
    for row in rows:
        found.setdefault((row.means, row.decides), []).append(row)
    return [
        SynonymGroup(number=own[0].id, means=means, decides=decides, typed=sorted(row.typed for row in own))
        for (means, decides), own in found.items()
    ]


def get_group(session: Session, number: int) -> SynonymGroup:
    """Find the group of which a row is part.

    :raises NotFoundError: there is no such row.
    """
    row = session.get(SearchSynonym, number)
    if row is None:
        raise NotFoundError
    return next(one for one in list_groups(session) if (one.means, one.decides) == (row.means, row.decides))


def are_kept_by_people(session: Session) -> bool:
    """Tell whether somebody changed the synonyms, so that a file no longer says what they are."""
    return session.scalar(select(JournalEntry.id).where(JournalEntry.stream == STREAM).limit(1)) is not None


def page_of_missed(session: Session, *, since: date, shortfall: Shortfall | None, after: str | None) -> Page[MissedRow]:
    """Give a page of what was searched since a day without finding much: what was typed most comes first."""
    times = func.sum(MissedSearch.times)
    query = select(MissedSearch.text, times, func.max(MissedSearch.on), func.max(MissedSearch.shortfall)).where(MissedSearch.on >= since)
    query = query.group_by(MissedSearch.text)
    if shortfall is not None:
        query = query.having(func.max(MissedSearch.shortfall) == shortfall)
    key: list[Any] | None = decode_key(after, _KEY)
    if key is not None:
        query = query.having(or_(times < key[0], and_(times == key[0], MissedSearch.text > key[1])))
    rows = session.execute(query.order_by(times.desc(), MissedSearch.text).limit(PAGE_SIZE + 1)).all()
    shown = rows[:PAGE_SIZE]
    departments = _departments(session, [row[0] for row in shown], since)
    found = [
        MissedRow(text=text, times=number, last_on=on, shortfall=Shortfall(kind), departments=departments.get(text, ()))
        for text, number, on, kind in shown
    ]
    next_key = encode_key([shown[-1][1], shown[-1][0]]) if len(rows) > PAGE_SIZE else None
    return Page(rows=found, next_key=next_key, is_first=key is None)


def count_missed(session: Session, *, since: date) -> int:
    """Count the different texts that were searched since a day without finding much."""
    return session.scalar(select(func.count(MissedSearch.text.distinct())).where(MissedSearch.on >= since)) or 0


def _departments(session: Session, texts: Sequence[str], since: date) -> dict[str, list[tuple[LocalText, int]]]:
    """Give from which departments these texts were typed, with how often; visitors belong to none."""
    times = func.sum(MissedSearch.times)
    query = (
        select(MissedSearch.text, Department.name, times)
        .join(Department, Department.id == MissedSearch.department_id)
        .where(MissedSearch.text.in_(texts), MissedSearch.on >= since)
        .group_by(MissedSearch.text, Department.id)
        .order_by(times.desc(), Department.id)
    )
    found: dict[str, list[tuple[LocalText, int]]] = {}
    for text, name, number in session.execute(query):
        found.setdefault(text, []).append((name, number))
    return found
