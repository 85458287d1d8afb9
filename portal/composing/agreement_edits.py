"""Changes of what is agreed about a product or a building block, as data: approval, waiting times, order of questions. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from portal.catalog.agreement import ApprovalRule, Approver
from portal.catalog.definition import BlockDefinition, Definition, ProductDefinition
from portal.composing.edits import moved
from portal.core.errors import InvalidInputError, NotFoundError
from portal.planning.norm import Norm


def with_approver(whole: Definition, approver: Approver) -> Definition:
    """Let somebody else approve as well, after the others; the first one makes the rule.

    :raises InvalidInputError: this approver is there already.
    """
    rule = whole.approval
    if rule is not None and approver in rule.approvers:
        raise InvalidInputError({"kind": "double_approver"})
    approvers = (*(rule.approvers if rule else ()), approver)
    return replace(whole, approval=replace(rule, approvers=approvers) if rule else ApprovalRule(approvers=approvers))


def without_approver(whole: Definition, at: int) -> Definition:
    """Let somebody approve no longer; without anybody there is no rule.

    :raises NotFoundError: there is no such approver.
    """
    rule = _rule_with(whole, at)
    left = (*rule.approvers[:at], *rule.approvers[at + 1 :])
    return replace(whole, approval=replace(rule, approvers=left) if left else None)


def with_approver_moved(whole: Definition, at: int, *, is_up: bool) -> Definition:
    """Change the place of an approver with a neighbour; the first cannot go up.

    :raises NotFoundError: there is no such approver.
    """
    rule = _rule_with(whole, at)
    return replace(whole, approval=replace(rule, approvers=moved(rule.approvers, at, is_up=is_up)))


def with_rule(whole: Definition, rule: ApprovalRule) -> Definition:
    """Let another approval rule hold."""
    return replace(whole, approval=rule)


def with_question_moved(block: BlockDefinition, code: str, *, is_up: bool) -> BlockDefinition:
    """Change the place of a question of a building block with its neighbour.

    :raises NotFoundError: the building block does not ask it.
    """
    at = next((at for at, one in enumerate(block.questions) if one.code == code), None)
    if at is None:
        raise NotFoundError
    return replace(block, questions=moved(block.questions, at, is_up=is_up))


def with_waiting_times(product: ProductDefinition, lengths: Sequence[Norm | None]) -> ProductDefinition:
    """Say for each dependency, in its order, how long after the other block its own begins."""
    dependencies = zip(product.dependencies, lengths, strict=True)
    return replace(product, dependencies=tuple(replace(one, offset=length) for one, length in dependencies))


def waiting_times(product: ProductDefinition) -> Mapping[tuple[str, str], Norm | None]:
    """Give how long each block begins after another, by (block, after)."""
    return {(one.block, one.after): one.offset for one in product.dependencies}


def _rule_with(whole: Definition, at: int) -> ApprovalRule:
    if whole.approval is None or at >= len(whole.approval.approvers):
        raise NotFoundError
    return whole.approval
