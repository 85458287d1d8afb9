"""What a product can turn out to be: a bundle per outcome of its tree, before anybody answered a question.

Also in which order the blocks of such a bundle come, and how many working days that takes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import reduce
from graphlib import TopologicalSorter
from itertools import islice
from types import MappingProxyType
from typing import Any, Final

from portal.catalog.bundle import all_lines
from portal.catalog.checks import OUTCOME
from portal.catalog.conditions import foresee
from portal.catalog.definition import Answers, ChoiceTree, Line, Need, Outcome, ProductDefinition
from portal.planning.plan import Dependency, bridge

MOST_PATHS: Final = 2_000
AT_ONCE: Final[Mapping[str, Any]] = MappingProxyType({})
"""Nothing waits for anything but the blocks before it."""


class Presence(IntEnum):
    """How sure it is that a block is in the bundle, from sure to not."""

    ALWAYS = 0
    CONDITIONAL = 1
    OPTIONAL = 2
    EXTRA = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantLine:
    """A line that is or may be in the bundle."""

    line: Line
    presence: Presence


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """The bundle of one outcome; without a tree there is one variant, without outcome."""

    outcome: Outcome | None
    lines: tuple[VariantLine, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """When a block of a bundle is worked on, in working days since the request, and straight after which blocks."""

    starts: float
    ends: float
    after: tuple[str, ...]


def list_variants(definition: ProductDefinition) -> tuple[Variant, ...]:
    """List the bundles a product can turn out to be; outcomes that lead to another product or an article are left out.

    When all of them do, the one variant is empty.
    """
    if definition.tree is None:
        return (_variant(definition, None, [{}]),)
    paths: dict[str, list[Answers]] = {}
    for answers in islice(tree_paths(definition.tree, definition.tree.start, {}), MOST_PATHS):
        paths.setdefault(answers[OUTCOME], []).append(answers)
    outcomes = [outcome for outcome in definition.tree.outcomes if outcome.code in paths and outcome.is_bundle]
    return tuple(_variant(definition, outcome, paths[outcome.code]) for outcome in outcomes) or (Variant(outcome=None, lines=()),)


def tree_paths(tree: ChoiceTree, code: str, answers: Answers) -> Iterator[dict[str, str]]:
    """Give the answers of every way through the tree, with its outcome."""
    for option in tree.question(code).options:
        path = {**answers, code: option.code}
        if option.outcome is not None:
            yield {**path, OUTCOME: option.outcome}
        elif option.next is not None and option.next not in path:
            yield from tree_paths(tree, option.next, path)


def place_blocks(definition: ProductDefinition, days: Mapping[str, float], *, begins: Mapping[str, float] = AT_ONCE) -> dict[str, Stretch]:
    """Place the blocks of a bundle one after the other as their dependencies ask, each as early as it can.

    `days` says how long each takes, `begins` after how many days it can begin at the
    earliest. In the order in which they begin; those that begin together in the order of `days`.
    """
    dependencies = [Dependency(one.block, one.after, one.kind) for one in definition.dependencies]
    after: dict[str, list[str]] = {code: [] for code in days}
    for dependency in bridge(days, dependencies):
        after[dependency.key].append(dependency.after)
    stretches: dict[str, Stretch] = {}
    behind: dict[str, frozenset[str]] = {}
    for code in TopologicalSorter(after).static_order():
        starts = max((begins.get(code, 0.0), *(stretches[before].ends for before in after[code])))
        behind[code] = frozenset(after[code]).union(*(behind[before] for before in after[code]))
        through_another = frozenset[str]().union(*(behind[before] for before in after[code]))
        stretches[code] = Stretch(starts, starts + days[code], tuple(before for before in after[code] if before not in through_another))
    order = {code: index for index, code in enumerate(days)}
    return {code: stretches[code] for code in sorted(days, key=lambda code: (stretches[code].starts, order[code]))}


def total_days(definition: ProductDefinition, days: Mapping[str, float], *, begins: Mapping[str, float] = AT_ONCE) -> float:
    """Give the working days until the last block of a bundle is done."""
    return max((stretch.ends for stretch in place_blocks(definition, days, begins=begins).values()), default=0.0)


def _variant(definition: ProductDefinition, outcome: Outcome | None, paths: Sequence[Answers]) -> Variant:
    passed_by = {question.code: None for question in definition.tree.questions} if definition.tree else {}
    found: dict[str, VariantLine] = {}
    for line in all_lines(definition, outcome):
        presence = _presence(line, [{**passed_by, **answers} for answers in paths])
        earlier = found.get(line.block)
        if presence is not None and (earlier is None or presence < earlier.presence):
            found[line.block] = VariantLine(line=line, presence=presence)
    return Variant(outcome=outcome, lines=tuple(found.values()))


def _presence(line: Line, paths: Sequence[Answers]) -> Presence | None:
    """Tell how sure a line is over all ways to its outcome; None when it never comes."""
    holds = reduce(lambda one, other: one if one is other else None, (foresee(line.when, answers) for answers in paths))
    if holds is False:
        return None
    if line.need is not Need.REQUIRED and not line.chosen:
        return Presence.EXTRA
    if holds is None:
        return Presence.CONDITIONAL
    return Presence.ALWAYS if line.need is Need.REQUIRED else Presence.OPTIONAL
