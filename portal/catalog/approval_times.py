"""How long approvals take, in working minutes: a norm for everybody who approves, drawn towards what it took lately. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from portal.catalog.agreement import ApprovalMode, ApprovalRule, ApproverKind
from portal.planning.forecast import Ladder, ladder_of, whole_minutes
from portal.planning.spread import Ending, in_a_row, latest_of

Lately = Mapping[str, Ladder]
"""What approvers of a kind take lately, in working minutes; of kinds that are not in it nothing was measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalTime:
    """How long an approval takes, in working minutes; without `is_sure` it is not always needed."""

    expected_minutes: int
    latest_minutes: int
    is_sure: bool


def approver_norm(day_minutes: int) -> Ladder:
    """Give the norm for who approves: a working day, because people who approve have other work; two when it takes long."""
    return ladder_of(day_minutes, 2 * day_minutes)


def approval_minutes(kinds: Sequence[ApproverKind], mode: ApprovalMode, *, day_minutes: int, lately: Lately) -> tuple[int, int]:
    """Give how long it takes until these approvers have decided, as expected and at the latest; there is at least one.

    One after the other their times and margins add up as those of tasks do (spread.py); all at once the last one counts,
    and where one is enough the first.
    """
    each = [whole_minutes(lately.get(kind) or approver_norm(day_minutes), elapsed=0) for kind in kinds]
    if mode is ApprovalMode.ONE_OF:
        return min(each)
    if mode is ApprovalMode.IN_ORDER:
        expected = sum(one for one, _ in each)
        return expected, expected + ceil(in_a_row(*(latest - one for one, latest in each)))
    return max(one for one, _ in each), ceil(latest_of(Ending(one, latest - one) for one, latest in each))


def time_of(rule: ApprovalRule, *, day_minutes: int, lately: Lately) -> ApprovalTime:
    """Give how long the approval of a rule takes."""
    expected, latest = approval_minutes([one.kind for one in rule.approvers], rule.mode, day_minutes=day_minutes, lately=lately)
    return ApprovalTime(expected_minutes=expected, latest_minutes=latest, is_sure=rule.above_cents is None and rule.when is None)


def wait_days(times: Collection[ApprovalTime], *, day_minutes: int) -> tuple[float, float]:
    """Give the working days before which nothing begins that waits for these approvals: of those that are sure, and of all."""
    sure, most = (max((one.expected_minutes for one in times if one.is_sure or every), default=0) for every in (False, True))
    return sure / day_minutes, most / day_minutes
