"""What is wrong with prices over time: days without a price, and a last price that ends."""

from collections.abc import Iterator
from datetime import date

from portal.catalog.catalogue import ItemKind
from portal.catalog.definition import BlockDefinition
from portal.catalog.inspection.finding import Finding, FindingCode, Subject
from portal.catalog.prices import find_price_gaps


def price_findings(block: BlockDefinition, today: date) -> Iterator[Finding]:
    """Find the days from today on for which a building block has no price while it has prices for other days."""
    subject = Subject(ItemKind.BLOCK, block.code)
    for first, last in find_price_gaps(block.prices, today):
        if last is not None:
            yield Finding(code=FindingCode.PRICE_GAP, subject=subject, place="prices", details={"first": first, "last": last})
        else:
            code = FindingCode.PRICE_ENDED if first <= today else FindingCode.PRICE_ENDS
            yield Finding(code=code, subject=subject, place="prices", details={"first": first})
