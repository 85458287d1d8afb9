"""What the world can see: all of the catalogue that a visitor without an account reads, and the addresses that are open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.catalog.definition import ProductDefinition
from portal.catalog.memory import definition_of, variants_of
from portal.catalog.models import BlockVersion, ProductVersion
from portal.catalog.pages import cost_on
from portal.catalog.price_labels import range_words
from portal.catalog.queries import list_published_products, published_blocks
from portal.people.audience import tokens_of
from portal.web.language import local


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenProduct:
    """A product that everybody may see, with the building blocks that its page names and what it costs."""

    version: ProductVersion
    definition: ProductDefinition
    blocks: Sequence[BlockVersion]
    cost: str


def open_products(session: Session, *, on: date) -> Sequence[OpenProduct]:
    """Give what a visitor finds in the catalogue, by name; the list is that of the catalogue itself."""
    versions = list_published_products(session, tokens_of(None))
    codes = {version.code: definition_of(version).block_codes() for version in versions}
    blocks = published_blocks(session, [code for several in codes.values() for code in several])
    found = [
        OpenProduct(
            version=version,
            definition=definition_of(version),
            blocks=[blocks[code] for code in codes[version.code] if code in blocks],
            cost=range_words(*cost_on(variants_of(version), blocks, on)),
        )
        for version in versions
    ]
    return sorted(found, key=lambda one: local(one.version.name).casefold())
