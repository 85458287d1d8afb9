"""Fan-out: from the lines of a bundle to the tasks of a plan, in an order that can be done. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from portal.catalog.agreement import Offset
from portal.catalog.definition import Line, ProductDefinition
from portal.core.texts import LocalText
from portal.planning.norm import Norm
from portal.planning.plan import Dependency, DependencyKind, PlanError, PlanFault, bridge


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTask:
    """A task that does not exist yet: the block to deliver, why, the blocks that come before it, and when it may begin.

    `offsets` says how long after which block.
    """

    block: str
    reason: LocalText
    after: tuple[tuple[str, DependencyKind], ...]
    offsets: Mapping[str, Norm] = field(default_factory=dict)
    starts: Offset | None = None

    @property
    def after_blocks(self) -> tuple[str, ...]:
        """Give the codes of the blocks that come before."""
        return tuple(block for block, _ in self.after)


def plan_tasks(*, definition: ProductDefinition, lines: Sequence[Line]) -> tuple[PlannedTask, ...]:
    """Make one task per line, predecessors first; a dependency on a block that is left out is bridged, without its offset.

    :raises PlanError: the dependencies go round in a circle.
    """
    by_block = {line.block: line for line in lines}
    dependencies = [Dependency(one.block, one.after, one.kind) for one in definition.dependencies]
    after: dict[str, list[tuple[str, DependencyKind]]] = {block: [] for block in by_block}
    for one in bridge(tuple(by_block), dependencies):
        after[one.key].append((one.after, one.kind))
    offsets = {(one.block, one.after): one.offset for one in definition.dependencies if one.offset is not None}
    return tuple(_planned(by_block[block], tuple(after[block]), offsets) for block in _in_order(after))


def _planned(line: Line, after: tuple[tuple[str, DependencyKind], ...], offsets: Mapping[tuple[str, str], Norm]) -> PlannedTask:
    own = {before: offsets[line.block, before] for before, _ in after if (line.block, before) in offsets}
    return PlannedTask(block=line.block, reason=line.reason, after=after, offsets=own, starts=line.starts)


def _in_order(after: dict[str, list[tuple[str, DependencyKind]]]) -> Sequence[str]:
    try:
        return tuple(TopologicalSorter({block: [one for one, _ in before] for block, before in after.items()}).static_order())
    except CycleError as error:
        raise PlanError(PlanFault.CYCLE, error.args[1]) from error
