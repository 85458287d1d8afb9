"""A product as the catalogue manager sees it: its bundles line by line, and its choice tree row by row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.catalog.definition import ChoiceTree, Dependency, Line, Need, Outcome, ProductDefinition, TreeOption, TreeQuestion
from portal.catalog.labels import NEEDS, norm_words
from portal.catalog.writer import as_data
from portal.composing.agreement_labels import starts_words
from portal.composing.edits import ALWAYS
from portal.composing.labels import condition_words
from portal.composing.subjects import Subject
from portal.core.texts import LocalText
from portal.web.language import local
from portal.web.words import _


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """A building block in a bundle, in words."""

    block: str
    name: str
    reason: LocalText
    need: str
    when: str | None
    starts: str | None
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


def bundle_groups(product: ProductDefinition, blocks: Mapping[str, LocalText], subjects: Mapping[str, Subject]) -> Sequence[BundleGroup]:
    """List the lines of a product per bundle: those that belong to it always, and those of each outcome.

    `blocks` are names by code, `subjects` what conditions look at.
    """
    outcomes = [(one.code, local(one.name), one.lines) for one in (product.tree.outcomes if product.tree else ()) if one.is_bundle]
    groups = [(ALWAYS, _("For every outcome") if outcomes else _("In this order"), product.lines), *outcomes]
    return [
        BundleGroup(code=code, name=name, lines=[_line_row(line, product, blocks, subjects) for line in lines])
        for code, name, lines in groups
    ]


def _line_row(line: Line, product: ProductDefinition, blocks: Mapping[str, LocalText], subjects: Mapping[str, Subject]) -> LineRow:
    return LineRow(
        block=line.block,
        name=local(blocks[line.block]) if line.block in blocks else line.block,
        reason=line.reason,
        need=str(NEEDS[line.need]) if line.need is Need.REQUIRED else _("optional, on") if line.chosen else _("optional, off"),
        when=condition_words(line.when, subjects) if line.when else None,
        starts=starts_words(as_data(line.starts)) if line.starts else None,
        after=[_after_words(one, blocks) for one in product.dependencies if one.block == line.block],
    )


def _after_words(dependency: Dependency, blocks: Mapping[str, LocalText]) -> str:
    name = local(blocks[dependency.after]) if dependency.after in blocks else dependency.after
    if dependency.offset is None:
        return name
    return _("%(length)s after %(name)s", length=norm_words(dependency.offset), name=name)


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
