"""When an approval is needed, the states of its steps, and what a decision comes to. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from portal.catalog.agreement import ApprovalMode, ApprovalRule, Price
from portal.catalog.conditions import holds
from portal.catalog.definition import Answers, BlockDefinition, Line, ProductDefinition
from portal.catalog.prices import amounts_of, bill_of
from portal.core.errors import IllegalTransitionError


class StepState(StrEnum):
    """Where one approver stands: not asked yet, asked, decided, or not needed any more."""

    WAITING = "waiting"
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    LAPSED = "lapsed"


class StepMove(StrEnum):
    """What can happen to one approver."""

    ASK = "ask"
    APPROVE = "approve"
    REFUSE = "refuse"
    LAPSE = "lapse"


class ApprovalState(StrEnum):
    """Where an approval stands; always derived from its steps."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    LAPSED = "lapsed"


TRANSITIONS: Final[Mapping[StepMove, tuple[frozenset[StepState], StepState]]] = {
    StepMove.ASK: (frozenset({StepState.WAITING}), StepState.ASKED),
    StepMove.APPROVE: (frozenset({StepState.ASKED}), StepState.APPROVED),
    StepMove.REFUSE: (frozenset({StepState.ASKED}), StepState.REFUSED),
    StepMove.LAPSE: (frozenset({StepState.WAITING, StepState.ASKED}), StepState.LAPSED),
}

OPEN_STEPS: Final = TRANSITIONS[StepMove.LAPSE][0]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededApproval:
    """An approval that an order needs: of one building block, or of the whole request when `block` is None.

    `amount` is what it costs in the first year, in euro cents.
    """

    rule: ApprovalRule
    block: str | None
    amount: int

    @property
    def key(self) -> str:
        """Name it in the plan."""
        return f"approval:{self.block or ''}"

    def guards(self, block: str) -> bool:
        """Tell whether the task of a block waits for it."""
        return self.block in {None, block}


def check(state: StepState, move: StepMove) -> StepState:
    """Give the state to which `move` leads from `state`.

    :raises IllegalTransitionError: the move is not possible in this state.
    """
    allowed, target = TRANSITIONS[move]
    if state not in allowed:
        raise IllegalTransitionError("approval", state, move)
    return target


def needed_approvals(
    *,
    definition: ProductDefinition,
    lines: Sequence[Line],
    blocks: Mapping[str, BlockDefinition],
    answers: Answers,
    prices: Mapping[str, Price | None],
) -> tuple[NeededApproval, ...]:
    """List the approvals that an order needs: that of the product first, then those of its lines.

    The product is weighed by what the cost centre pays for all lines, a line by its own price.
    """
    return tuple(_needed(definition, lines, blocks, answers, prices))


def _needed(
    definition: ProductDefinition,
    lines: Sequence[Line],
    blocks: Mapping[str, BlockDefinition],
    answers: Answers,
    prices: Mapping[str, Price | None],
) -> Iterator[NeededApproval]:
    total = bill_of(prices.get(line.block) for line in lines).own.first_year
    if definition.approval is not None and is_needed(definition.approval, answers, amount=total):
        yield NeededApproval(rule=definition.approval, block=None, amount=total)
    for line in lines:
        rule, price = blocks[line.block].approval, prices.get(line.block)
        amount = amounts_of(price).first_year if price is not None else 0
        if rule is not None and is_needed(rule, answers, amount=amount):
            yield NeededApproval(rule=rule, block=line.block, amount=amount)


def needed_for_added(
    *,
    definition: ProductDefinition,
    lines: Sequence[Line],
    blocks: Mapping[str, BlockDefinition],
    answers: Answers,
    prices: Mapping[str, Price | None],
    total: int,
    is_asked: bool,
) -> tuple[NeededApproval, ...]:
    """List the approvals that lines need which are added later; each guards its own line, so that the rest goes on.

    `total` is what all of the request costs then (euro cents). The rule of the product asks about an added line that makes it
    cost more, or always when it has no limit; unless that approval is still open (`is_asked`), which guards the line too.
    """
    own = needed_approvals(definition=replace(definition, approval=None), lines=lines, blocks=blocks, answers=answers, prices=prices)
    rule = definition.approval
    if rule is None or is_asked or not is_needed(rule, answers, amount=total):
        return own
    amounts = {line.block: bill_of([prices.get(line.block)]).own.first_year for line in lines}
    weighed = [block for block, amount in amounts.items() if amount or rule.above_cents is None]
    return (*(NeededApproval(rule=rule, block=block, amount=amounts[block]) for block in weighed), *own)


def is_needed(rule: ApprovalRule, answers: Answers, *, amount: int) -> bool:
    """Tell whether a rule asks for approval: its condition holds, and the amount (euro cents) is above its limit."""
    return (rule.above_cents is None or amount > rule.above_cents) and holds(rule.when, answers)


def first_asked(mode: ApprovalMode, number: int) -> list[StepState]:
    """Give the states in which the steps of a new approval begin: all asked at once, or the first one only."""
    if mode is ApprovalMode.IN_ORDER:
        return [StepState.ASKED, *([StepState.WAITING] * (number - 1))]
    return [StepState.ASKED] * number


def settle(mode: ApprovalMode, states: Sequence[StepState]) -> tuple[ApprovalState, list[StepState]]:
    """Give what the decisions come to, and the states that the steps get by it.

    One refusal is enough, unless one approval is: then it is refused when nobody is left who may still approve.
    """
    outcome = _outcome(mode, states)
    if outcome is not ApprovalState.OPEN:
        return outcome, [check(one, StepMove.LAPSE) if one in OPEN_STEPS else one for one in states]
    settled = list(states)
    if StepState.ASKED not in settled:
        first = settled.index(StepState.WAITING)
        settled[first] = check(settled[first], StepMove.ASK)
    return outcome, settled


def _outcome(mode: ApprovalMode, states: Sequence[StepState]) -> ApprovalState:
    is_undecided, one_is_enough = any(one in OPEN_STEPS for one in states), mode is ApprovalMode.ONE_OF
    if one_is_enough and StepState.APPROVED in states:
        return ApprovalState.APPROVED
    if StepState.REFUSED in states and not (one_is_enough and is_undecided):
        return ApprovalState.REFUSED
    if is_undecided:
        return ApprovalState.OPEN
    return ApprovalState.APPROVED if StepState.APPROVED in states else ApprovalState.LAPSED
