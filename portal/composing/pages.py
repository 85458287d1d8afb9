"""What the pages of the catalogue manager show: the shelves, the life of one product or building block, and differences in words."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from portal.catalog.definition import CatalogueKind, ChoiceTree, Line, Need, Outcome, ProductDefinition, TreeOption, TreeQuestion
from portal.catalog.differences import Difference, differences
from portal.catalog.labels import LEVELS, NEEDS, PRIVACY, THEMES, TIERS, audience_words, norm_words
from portal.catalog.memory import read_definition
from portal.catalog.models import BlockVersion, CatalogueVersion
from portal.catalog.policy import may_review
from portal.catalog.queries import Shelved, find_faults, list_shelf, list_versions
from portal.catalog.workflow import OPEN, VersionState
from portal.composing.edits import ALWAYS
from portal.composing.labels import condition_words, fault_words, history_sentence, place_words, value_words
from portal.core.errors import NotFoundError
from portal.core.journal import JournalEntry, list_entries
from portal.core.texts import LocalText
from portal.people.queries import names_of
from portal.planning.norm import Norm, NormUnit
from portal.web.filters import money
from portal.web.language import local
from portal.web.words import _


def _from(words: Mapping[Any, Any]) -> Callable[[Any, Mapping[str, str]], str]:
    return lambda value, _names: str(words[value])


# How the codes in a field are written.
_WRITERS: Final[Mapping[str, Callable[[Any, Mapping[str, str]], str]]] = {
    "when": condition_words,
    "norm": lambda value, _names: norm_words(Norm(value["amount"], NormUnit(value["unit"]))),
    "cost_cents": lambda value, _names: money(value),
    "audience": lambda value, _names: audience_words(value),
    "tier": _from(TIERS),
    "level": _from(LEVELS),
    "theme": _from(THEMES),
    "need": _from(NEEDS),
    "privacy": _from(PRIVACY),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """One field that differs, in words; None for what is not there."""

    place: str
    before: str | None
    after: str | None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """A building block in a bundle, in words."""

    block: str
    name: str
    reason: LocalText
    need: str
    when: str | None
    after: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleGroup:
    """The lines of a product itself, or of one outcome."""

    code: str
    name: str
    lines: Sequence[LineRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One row of a drawn choice tree: a question, an answer with the outcome it leads to, or an outcome nothing leads to."""

    depth: int
    question: TreeQuestion | None = None
    answer: TreeOption | None = None
    outcome: Outcome | None = None
    is_again: bool = False


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
        changes=differences_between(published, on_its_way) if published and on_its_way else [],
        may_review=on_its_way is not None and may_review(person_id, on_its_way),
    )


def faults_of(session: Session, version: CatalogueVersion) -> Sequence[tuple[str, str]]:
    """List what keeps a version from coming out, as places with sentences."""
    faults = find_faults(session, read_definition(version))
    return [(place_words(place, version.definition), fault_words(code)) for place, code in faults.items()]


def bundle_groups(product: ProductDefinition, blocks: Mapping[str, LocalText], questions: Mapping[str, str]) -> Sequence[BundleGroup]:
    """List the lines of a product per bundle: those that belong to it always, and those of each outcome.

    `blocks` and `questions` are names by code.
    """
    outcomes = [(one.code, local(one.name), one.lines) for one in (product.tree.outcomes if product.tree else ()) if one.go_to is None]
    groups = [(ALWAYS, _("For every outcome") if outcomes else _("In this order"), product.lines), *outcomes]
    return [
        BundleGroup(code=code, name=name, lines=[_line_row(line, product, blocks, questions) for line in lines])
        for code, name, lines in groups
    ]


def _line_row(line: Line, product: ProductDefinition, blocks: Mapping[str, LocalText], questions: Mapping[str, str]) -> LineRow:
    after = [one.after for one in product.dependencies if one.block == line.block]
    return LineRow(
        block=line.block,
        name=local(blocks[line.block]) if line.block in blocks else line.block,
        reason=line.reason,
        need=str(NEEDS[line.need]) if line.need is Need.REQUIRED else _("optional, on") if line.chosen else _("optional, off"),
        when=condition_words(line.when, questions) if line.when else None,
        after=[local(blocks[code]) if code in blocks else code for code in after],
    )


def tree_branches(product: ProductDefinition) -> Sequence[Branch]:
    """Draw a choice tree from its first question: every answer with what it leads to, one level deeper.

    What several answers lead to is drawn once. Then come the questions and outcomes to which no answer leads.
    """
    if product.tree is None:
        return []
    drawn: set[str] = set()
    first = list(_branches(product.tree, product.tree.start, 0, drawn))
    loose = [branch for one in product.tree.questions if one.code not in drawn for branch in _branches(product.tree, one.code, 0, drawn)]
    reached = {answer.outcome for one in product.tree.questions for answer in one.options}
    ends = [Branch(depth=0, outcome=one) for one in product.tree.outcomes if one.code not in reached]
    return [*first, *loose, *ends]


def _branches(tree: ChoiceTree, code: str, depth: int, drawn: set[str]) -> Iterator[Branch]:
    question = next((one for one in tree.questions if one.code == code), None)
    if question is None:
        return
    yield Branch(depth=depth, question=question, is_again=code in drawn)
    if code in drawn:
        return
    drawn.add(code)
    for answer in question.options:
        outcome = next((one for one in tree.outcomes if one.code == answer.outcome), None)
        yield Branch(depth=depth + 1, question=question, answer=answer, outcome=outcome)
        if answer.next is not None:
            yield from _branches(tree, answer.next, depth + 2, drawn)


def two_versions(session: Session, kind: CatalogueKind, code: str, *, before: int, after: int) -> tuple[CatalogueVersion, CatalogueVersion]:
    """Give two versions to compare.

    :raises NotFoundError: there is no such thing, or one of the versions does not exist.
    """
    by_number = {version.number: version for version in list_versions(session, kind, code)}
    if before not in by_number or after not in by_number:
        raise NotFoundError
    return by_number[before], by_number[after]


def differences_between(before: CatalogueVersion, after: CatalogueVersion) -> Sequence[DifferenceRow]:
    """List what differs between two versions, field by field in both languages."""
    return rows_of_differences(before.definition, after.definition, is_block=isinstance(after, BlockVersion))


def rows_of_differences(before: Mapping[str, Any], after: Mapping[str, Any], *, is_block: bool) -> Sequence[DifferenceRow]:
    """List what differs between two stored definitions."""
    names = _question_names(before, is_block=is_block) | _question_names(after, is_block=is_block)
    found = differences(_readable(before, names), _readable(after, names))
    return [
        DifferenceRow(place=place_words(one.place), before=one.before, after=one.after) for whole in found for one in _field_by_field(whole)
    ]


def _field_by_field(difference: Difference) -> Iterator[Difference]:
    """Take apart what is new or gone as a whole."""
    before, after = _parsed(difference.before), _parsed(difference.after)
    if difference.before is None and isinstance(after, Mapping | list):
        yield from _leaves(after, difference.place, is_new=True)
    elif difference.after is None and isinstance(before, Mapping | list):
        yield from _leaves(before, difference.place, is_new=False)
    else:
        yield difference


def _leaves(part: object, place: str, *, is_new: bool) -> Iterator[Difference]:
    empty: Any = [] if isinstance(part, list) else {}
    inside = differences(empty, part, place) if is_new else differences(part, empty, place)
    for one in inside:
        yield from _field_by_field(one)


def _parsed(written: str | None) -> object:
    if written is None or not written.startswith(("{", "[")):
        return written
    try:
        return json.loads(written)
    except ValueError:
        return written


def _readable(data: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Turn the codes of a definition into words; its texts and its shape stay."""
    return {name: _readable_value(name, value, names) for name, value in data.items()}


def _readable_value(name: str, value: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401  any part of stored data
    if name in _WRITERS:
        return _WRITERS[name](value, names)
    if isinstance(value, Mapping):
        return _readable(value, names)
    if isinstance(value, list):
        return [_readable(one, names) if isinstance(one, Mapping) else one for one in value]
    return value_words(value) if isinstance(value, int) else value


def _question_names(data: Mapping[str, Any], *, is_block: bool) -> dict[str, str]:
    questions = data["questions"] if is_block else (data.get("tree") or {}).get("questions", [])
    return {str(question["code"]): str(question["label"]["nl"]) for question in questions}


def _history_row(entry: JournalEntry, names: Mapping[int, str]) -> HistoryRow:
    who = names.get(entry.actor_id, _("Somebody")) if entry.actor_id else _("The portal")
    return HistoryRow(entry=entry, sentence=history_sentence(entry, who))
