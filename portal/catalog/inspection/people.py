"""What is wrong with whom a catalogue names: owners and approvers that nobody is, audiences that are nobody or do not fit."""

from collections.abc import Iterator, Mapping
from typing import Final

from portal.catalog.agreement import ApprovalRule, ApproverKind
from portal.catalog.catalogue import Catalogue, ItemKind
from portal.catalog.definition import ProductDefinition
from portal.catalog.inspection.finding import Finding, FindingCode, Subject
from portal.catalog.inspection.organisation import Organisation
from portal.people.audience import left_out, split_token

_NOBODY: Final[Mapping[ApproverKind, FindingCode]] = {
    ApproverKind.MANAGER: FindingCode.MANAGER_OF_NOBODY,
    ApproverKind.BUDGET_HOLDER: FindingCode.BUDGET_OF_NOBODY,
}


def people_findings(catalogue: Catalogue, organisation: Organisation) -> Iterator[Finding]:
    """Find owners, audiences and approvers behind which there is nobody."""
    for product in catalogue.products.values():
        subject = Subject(ItemKind.PRODUCT, product.code)
        yield from _owner_findings(subject, product, catalogue, organisation)
        yield from _audience_findings(subject, product, organisation)
        yield from _passing_on_findings(subject, product, catalogue)
        yield from _approver_findings(subject, product.approval, organisation)
    for block in catalogue.blocks.values():
        yield from _approver_findings(Subject(ItemKind.BLOCK, block.code), block.approval, organisation)


def _owner_findings(subject: Subject, product: ProductDefinition, catalogue: Catalogue, organisation: Organisation) -> Iterator[Finding]:
    """Find an owner that is no department, or one that nobody manages while the owner has to approve."""
    details = {"code": product.owner}
    if product.owner not in organisation.departments:
        yield Finding(code=FindingCode.WITHOUT_OWNER, subject=subject, place="owner", details=details)
    elif product.owner not in organisation.managed and _asks_owner(product, catalogue):
        yield Finding(code=FindingCode.OWNER_OF_NOBODY, subject=subject, place="owner", details=details)


def _asks_owner(product: ProductDefinition, catalogue: Catalogue) -> bool:
    blocks = [catalogue.blocks[code] for code in product.block_codes() if code in catalogue.blocks]
    rules = [rule for rule in (product.approval, *(block.approval for block in blocks)) if rule is not None]
    return any(approver.kind is ApproverKind.PRODUCT_OWNER for rule in rules for approver in rule.approvers)


def _audience_findings(subject: Subject, product: ProductDefinition, organisation: Organisation) -> Iterator[Finding]:
    for token in sorted(product.audience):
        if split_token(token) and token not in organisation.tokens:
            yield Finding(code=FindingCode.AUDIENCE_GONE, subject=subject, place="audience", details={"code": token})
        elif token not in organisation.held:
            yield Finding(code=FindingCode.AUDIENCE_OF_NOBODY, subject=subject, place="audience", details={"code": token})


def _passing_on_findings(subject: Subject, product: ProductDefinition, catalogue: Catalogue) -> Iterator[Finding]:
    """Find outcomes that lead to another product which not everybody may ask for who gets there."""
    for outcome in product.tree.outcomes if product.tree else ():
        other = catalogue.products.get(outcome.go_to) if outcome.go_to else None
        outside = left_out(product.audience, other.audience) if other else ()
        for token in sorted(outside):
            place, details = f"tree.outcomes[{outcome.code}].go_to", {"code": str(outcome.go_to), "people": token}
            yield Finding(code=FindingCode.NOT_FOR_THEM, subject=subject, place=place, details=details)


def _approver_findings(subject: Subject, rule: ApprovalRule | None, organisation: Organisation) -> Iterator[Finding]:
    """Find approvers that nobody is: such a request would wait for somebody else than was meant, or for ever."""
    for index, approver in enumerate(rule.approvers if rule else ()):
        place = f"approval.approvers[{index + 1}]"
        if approver.role is not None and approver.role not in organisation.roles:
            details = {"code": approver.role.value}
            yield Finding(code=FindingCode.ROLE_OF_NOBODY, subject=subject, place=f"{place}.role", details=details)
        elif approver.kind in _NOBODY and approver.kind not in organisation.approvers:
            yield Finding(code=_NOBODY[approver.kind], subject=subject, place=place)
