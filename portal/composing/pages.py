"""What the pages of the catalogue manager show: the shelves, and the life of one product or building block."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.catalog.definition import CatalogueKind
from portal.catalog.memory import is_same_content, read_definition
from portal.catalog.models import CatalogueVersion
from portal.catalog.policy import may_review
from portal.catalog.publishable import find_faults
from portal.catalog.queries import Shelved, list_shelf, list_versions, questions_by_code
from portal.catalog.workflow import OPEN, VersionState
from portal.composing.difference_pages import DifferenceRow, rows_of_differences
from portal.composing.labels import fault_words, history_sentence, place_words
from portal.core.errors import NotFoundError
from portal.core.journal import JournalEntry, list_entries
from portal.core.texts import LocalText
from portal.people.queries import names_of
from portal.web.words import _


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """Something that happened to a version."""

    entry: JournalEntry
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LifePage:
    """All versions of a product or a building block, and what the reader may do with the one on its way."""

    kind: CatalogueKind
    versions: Sequence[CatalogueVersion]
    history: Sequence[HistoryRow]
    names: Mapping[int, str]
    faults: Sequence[tuple[str, str]]
    changes: Sequence[DifferenceRow]
    may_review: bool
    no_difference: str | None

    @property
    def code(self) -> str:
        """Give the code of what it is about."""
        return self.versions[0].code

    @property
    def published(self) -> CatalogueVersion | None:
        """Give the version that is out."""
        return next((one for one in self.versions if one.state is VersionState.PUBLISHED), None)

    @property
    def on_its_way(self) -> CatalogueVersion | None:
        """Give the draft, or what is in review or waits for its day."""
        return next((one for one in self.versions if one.state in OPEN), None)

    @property
    def name(self) -> LocalText:
        """Give the name by which people know it."""
        return (self.published or self.versions[0]).name

    @property
    def returned(self) -> str | None:
        """Give the reason why the draft came back from review."""
        draft = self.on_its_way
        if draft is None or draft.state is not VersionState.DRAFT:
            return None
        last = next((row.entry for row in self.history if row.entry.type in {"review_asked", "version_sent_back"}), None)
        is_this = last is not None and last.type == "version_sent_back" and last.data["number"] == draft.number
        return str(last.data["reason"]) if last and is_this else None


def shelves(session: Session) -> Mapping[CatalogueKind, Sequence[Shelved]]:
    """Give all products and all building blocks with where they stand."""
    return {kind: list_shelf(session, kind) for kind in CatalogueKind}


def life_page(session: Session, kind: CatalogueKind, code: str, *, person_id: int) -> LifePage:
    """Gather the page of a product or a building block.

    :raises NotFoundError: there is no such thing.
    """
    versions = list_versions(session, kind, code)
    entries = list_entries(session, stream=versions[0].stream)
    people = {one for version in versions for one in (version.author_id, version.reviewer_id) if one}
    names = names_of(session, people | {entry.actor_id for entry in entries if entry.actor_id})
    on_its_way = next((one for one in versions if one.state in OPEN), None)
    published = next((one for one in versions if one.state is VersionState.PUBLISHED), None)
    return LifePage(
        kind=kind,
        versions=versions,
        history=[_history_row(entry, names) for entry in reversed(entries)],
        names=names,
        faults=faults_of(session, on_its_way) if on_its_way else [],
        changes=changes_between(session, published, on_its_way) if published and on_its_way else [],
        may_review=on_its_way is not None and may_review(person_id, on_its_way),
        no_difference=fault_words("no_difference") if published and on_its_way and is_same_content(published, on_its_way) else None,
    )


def changes_between(session: Session, before: CatalogueVersion, after: CatalogueVersion) -> Sequence[DifferenceRow]:
    """List what differs between two versions, field by field."""
    return rows_of_differences(before.definition, after.definition, questions_by_code(session).values())


def faults_of(session: Session, version: CatalogueVersion) -> Sequence[tuple[str, str]]:
    """List what keeps a version from coming out, as places with sentences."""
    faults = find_faults(session, read_definition(version))
    return [(place_words(place, version.definition), fault_words(code)) for place, code in faults.items()]


def two_versions(session: Session, kind: CatalogueKind, code: str, *, before: int, after: int) -> tuple[CatalogueVersion, CatalogueVersion]:
    """Give two versions to compare.

    :raises NotFoundError: there is no such thing, or one of the versions does not exist.
    """
    by_number = {version.number: version for version in list_versions(session, kind, code)}
    if before not in by_number or after not in by_number:
        raise NotFoundError
    return by_number[before], by_number[after]


def _history_row(entry: JournalEntry, names: Mapping[int, str]) -> HistoryRow:
    who = names.get(entry.actor_id, _("Somebody")) if entry.actor_id else _("The portal")
    return HistoryRow(entry=entry, sentence=history_sentence(entry, who))
