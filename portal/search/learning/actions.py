"""Changing the synonyms, a group at a time; the search uses them from the next query on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal.core.errors import ConflictError, InvalidInputError
from portal.core.journal import Actor, record
from portal.people.audience import ANYBODY
from portal.search.actions import renew_revision
from portal.search.index import find_candidates
from portal.search.learning.events import SynonymsChanged
from portal.search.learning.queries import STREAM, SynonymGroup, list_groups
from portal.search.models import LONGEST_SEARCH, SearchSynonym
from portal.search.terms import stem_of, telling_words, words_of

MOST_SYNONYMS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A group of synonyms as somebody wrote it; `seen` is the fingerprint of what the page showed."""

    means: str
    typed: Iterable[str]
    decides: bool = False
    seen: str | None = None


def save_group(*, session: Session, before: SynonymGroup | None, written: Written, by: Actor, at: datetime) -> None:
    """Make these what people type for words of the catalogue, in the place of a group; without one they are added to what is there.

    :raises InvalidInputError: nothing was typed, it is too long, or its meaning finds nothing.
    :raises ConflictError: somebody changed the group since it was seen.
    """
    means, wanted, decides = " ".join(words_of(written.means)), _read(written.typed), written.decides
    _check(session, means, wanted)
    # Who changes words waits here for who did so before.
    renew_revision(session=session)
    groups = {(one.means, one.decides): one for one in list_groups(session)}
    if before is not None:
        now = groups.get((before.means, before.decides))
        if now is None or now.fingerprint != written.seen:
            raise ConflictError("synonyms_changed")
        if (means, decides) != (before.means, before.decides):
            _replace(session, now, [], by, at)
    there = groups.get((means, decides))
    is_moved = before is None or (means, decides) != (before.means, before.decides)
    kept = there.typed if there is not None and is_moved else ()
    _replace(session, there or SynonymGroup(number=0, means=means, decides=decides, typed=()), [*kept, *wanted], by, at)


def remove_group(*, session: Session, group: SynonymGroup, by: Actor, at: datetime) -> None:
    """Take away all that people type for words of the catalogue."""
    renew_revision(session=session)
    _replace(session, group, [], by, at)


def _read(typed: Iterable[str]) -> Sequence[str]:
    return list(dict.fromkeys(words for words in (" ".join(words_of(one)) for one in typed) if words))


def _check(session: Session, means: str, typed: Sequence[str]) -> None:
    faults: dict[str, str] = {}
    if len(means) > LONGEST_SEARCH:
        faults["means"] = "too_long"
    elif not _is_in_catalogue(session, means):
        faults["means"] = "finds_nothing"
    if not typed:
        faults["typed"] = "required"
    elif len(typed) > MOST_SYNONYMS or any(len(one) > LONGEST_SEARCH for one in typed):
        faults["typed"] = "too_long"
    if faults:
        raise InvalidInputError(faults)


def _is_in_catalogue(session: Session, means: str) -> bool:
    stems = tuple(stem_of(word, "nl") for word in telling_words(means))
    return bool(stems and find_candidates(session, [[[stems]]], {ANYBODY}))


def _replace(session: Session, group: SynonymGroup, typed: Sequence[str], by: Actor, at: datetime) -> None:
    """Change the rows of a group, and keep who did so."""
    before, after = set(group.typed), set(typed)
    means = SearchSynonym.means == group.means
    session.execute(delete(SearchSynonym).where(means, SearchSynonym.decides == group.decides, SearchSynonym.typed.in_(before - after)))
    # The same words with the same meaning stand there once: whether they decide is what was said last.
    session.execute(update(SearchSynonym).where(means, SearchSynonym.typed.in_(after)).values(decides=group.decides))
    session.flush()
    there = {row for one in list_groups(session) if one.means == group.means for row in one.typed}
    session.add_all(SearchSynonym(typed=one, means=group.means, decides=group.decides) for one in sorted(after - there))
    if before != after:
        added, removed = sorted(after - before), sorted(before - after)
        event = SynonymsChanged(means=group.means, decides=group.decides, added=added, removed=removed)
        record(session, event, stream=STREAM, by=by, at=at)
