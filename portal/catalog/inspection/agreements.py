"""What is wrong with what is agreed: approvers that no answer names, terms from a date nobody gives, products that are gone."""

from collections.abc import Iterator

from portal.catalog.agreement import NoReturnMoment
from portal.catalog.agreement_checks import find_block_agreement_faults
from portal.catalog.catalogue import Catalogue, ItemKind
from portal.catalog.codec import block_as_data
from portal.catalog.definition import BlockDefinition, ProductDefinition
from portal.catalog.inspection.finding import Finding, FindingCode, Subject
from portal.catalog.inspection.places import named_place


def agreement_findings(product: ProductDefinition, catalogue: Catalogue) -> Iterator[Finding]:
    """Find related products that are not there, and blocks whose terms count from a wished date that the product does not ask for."""
    subject = Subject(ItemKind.PRODUCT, product.code)
    for code in product.related:
        if code not in catalogue.products:
            yield Finding(code=FindingCode.GONE_PRODUCT, subject=subject, place=f"related[{code}]", details={"code": code})
    if product.wished_date is None:
        for code in product.block_codes():
            if code in catalogue.blocks and _counts_from_wished_date(catalogue.blocks[code]):
                yield Finding(code=FindingCode.TERM_WITHOUT_DATE, subject=subject, place=f"lines[{code}]", details={"code": code})


def block_findings(block: BlockDefinition) -> Iterator[Finding]:
    """Find approval by an answer that the building block does not ask for, and conditions on what it does not ask."""
    subject, data = Subject(ItemKind.BLOCK, block.code), block_as_data(block)
    for path, reason in find_block_agreement_faults(block):
        code = _REASONS.get(reason.partition(":")[0], FindingCode.REFUSED)
        yield Finding(code=code, subject=subject, place=named_place(data, path), details={"reason": reason})


def _counts_from_wished_date(block: BlockDefinition) -> bool:
    is_late_to_return = block.no_return is not None and block.no_return.moment is NoReturnMoment.BEFORE_WISHED_DATE
    return block.notice is not None or is_late_to_return


_REASONS = {"no_person_question": FindingCode.NO_PERSON_QUESTION, "file_condition": FindingCode.FILE_CONDITION}
