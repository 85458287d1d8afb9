"""What the pages for files show: mistakes with file, line and field, and what would change, in words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from portal.catalog.catalogue import Catalogue, ItemKind, UploadKind
from portal.catalog.codec import block_as_data, product_as_data, question_as_data
from portal.catalog.exchange.comparison import Change, ItemChange
from portal.catalog.exchange.proposals import Proposal, UpnProposal
from portal.catalog.exchange.upn import UpnChange
from portal.catalog.inspection.labels import ITEM_KINDS
from portal.composing.difference_pages import DifferenceRow, rows_of_differences
from portal.composing.labels import fault_words
from portal.composing.vocabulary import FAULTS
from portal.core.texts import LocalText
from portal.core.yaml_files import Problem
from portal.web.words import _, _l

UPLOADS: Final[Mapping[UploadKind, Any]] = {
    UploadKind.CATALOGUE: _l("the whole catalogue (a zip of YAML files)"),
    UploadKind.QUESTIONS: _l("a list of questions (CSV or XLSX)"),
    UploadKind.BLOCKS: _l("a list of building blocks (CSV or XLSX)"),
    UploadKind.PRODUCTS: _l("a list of products (CSV or XLSX)"),
    UploadKind.UPN: _l("the list of uniform product names (CSV or XLSX, with a name and a URI)"),
}
LIST_NAMES: Final[Mapping[UploadKind, Any]] = {
    UploadKind.QUESTIONS: _l("Questions"),
    UploadKind.BLOCKS: _l("Building blocks"),
    UploadKind.PRODUCTS: _l("Products"),
}
MOST_NAMES: Final = 200
CHANGES: Final[Mapping[Change, Any]] = {
    Change.NEW: _l("new"),
    Change.CHANGED: _l("changed"),
    Change.UNCHANGED: _l("the same"),
    Change.ABSENT: _l("not in the file, stays as it is"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRow:
    """One mistake in a file."""

    file: str
    line: int
    field: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """What happens to one question, building block or product."""

    kind: str
    name: LocalText
    change: str
    rows: Sequence[DifferenceRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalPage:
    """What a file comes down to, in words; `counts` says how many items there are of each kind of change."""

    problems: Sequence[ProblemRow]
    changes: Sequence[ChangeRow]
    counts: Sequence[tuple[str, int]]
    is_ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UpnGroup:
    """The names that are new, changed or gone; `rows` are the first of them."""

    change: str
    count: int
    rows: Sequence[UpnChange]

    @property
    def more(self) -> int:
        """Give how many are not shown."""
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpnPage:
    """What a list of uniform product names comes down to, in words; `loose` are products whose name goes, by code."""

    problems: Sequence[ProblemRow]
    groups: Sequence[UpnGroup]
    unchanged: int
    loose: Mapping[str, LocalText]
    is_empty: bool
    is_ready: bool


def proposal_page(proposal: Proposal, now: Catalogue) -> ProposalPage:
    """Put together what a file would change, and what is wrong with it."""
    counts = Counter(one.change for one in proposal.changes)
    then = proposal.files.catalogue
    shown = [one for one in proposal.changes if one.change in {Change.NEW, Change.CHANGED}]
    return ProposalPage(
        problems=[_problem_row(one) for one in proposal.problems],
        changes=[_change_row(one, now, then) for one in shown],
        counts=[(str(CHANGES[change]), counts[change]) for change in Change if counts[change]],
        is_ready=proposal.is_ready,
    )


def upn_page(proposal: UpnProposal) -> UpnPage:
    """Put together what a list of uniform product names would change, and what is wrong with it."""
    counts = Counter(one.change for one in proposal.changes)
    groups = [
        UpnGroup(
            change=words,
            count=counts[change],
            rows=[one for one in proposal.changes if one.change is change][:MOST_NAMES],
        )
        for change, words in ((Change.ABSENT, _("gone")), (Change.CHANGED, _("changed")), (Change.NEW, _("new")))
        if counts[change]
    ]
    return UpnPage(
        problems=[_problem_row(one) for one in proposal.problems],
        groups=groups,
        unchanged=counts[Change.UNCHANGED],
        loose=proposal.loose,
        is_empty=not proposal.names and not proposal.problems,
        is_ready=proposal.is_ready,
    )


def _problem_row(problem: Problem) -> ProblemRow:
    name = problem.code.partition(": ")[0]
    words = fault_words(problem.code) if name in FAULTS else _("This cannot be read: %(reason)s", reason=problem.code)
    return ProblemRow(file=problem.path, line=problem.line, field=problem.field, sentence=words)


def _change_row(change: ItemChange, now: Catalogue, then: Catalogue) -> ChangeRow:
    before, after = _data(now, change), _data(then, change) or {}
    library = {**now.questions, **then.questions}
    rows = rows_of_differences(before, after, library.values()) if before is not None else ()
    name = after["label" if change.kind is ItemKind.QUESTION else "name"]
    return ChangeRow(kind=str(ITEM_KINDS[change.kind]), name=LocalText.from_data(name), change=str(CHANGES[change.change]), rows=rows)


def _data(catalogue: Catalogue, change: ItemChange) -> Mapping[str, Any] | None:
    match change.kind:
        case ItemKind.QUESTION:
            return question_as_data(catalogue.questions[change.code]) if change.code in catalogue.questions else None
        case ItemKind.BLOCK:
            return block_as_data(catalogue.blocks[change.code]) if change.code in catalogue.blocks else None
        case ItemKind.PRODUCT:
            return product_as_data(catalogue.products[change.code]) if change.code in catalogue.products else None
