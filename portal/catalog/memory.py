"""What this process read before: definitions and variants of versions, kept by their content."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from portal.catalog.codec import block_from_data, product_from_data
from portal.catalog.definition import BlockDefinition, Definition, ProductDefinition
from portal.catalog.models import BlockVersion, CatalogueVersion, ProductVersion
from portal.catalog.variants import Variant, list_variants


def read_definition(version: CatalogueVersion) -> Definition:
    """Give all of a version of a product or a building block."""
    return definition_of(version) if isinstance(version, ProductVersion) else block_definition_of(version)


def is_same_content(one: CatalogueVersion, other: CatalogueVersion) -> bool:
    """Tell whether nothing differs between two versions."""
    return read_definition(one) == read_definition(other)


def definition_of(version: ProductVersion) -> ProductDefinition:
    """Give all of a version of a product; what was read before stays in memory."""
    kept = _products_by_content(version.fingerprint)
    if not kept:
        kept.append(product_from_data(version.definition))
    return kept[0]


def variants_of(version: ProductVersion) -> tuple[Variant, ...]:
    """Give the bundles that a version of a product can turn out to be; what was found before stays in memory."""
    kept = _variants_by_content(version.fingerprint)
    if not kept:
        kept.append(list_variants(definition_of(version)))
    return kept[0]


def block_definition_of(version: BlockVersion) -> BlockDefinition:
    """Give all of a version of a building block; what was read before stays in memory."""
    if not is_block_in_memory(version):
        remember_block(version.fingerprint, version.definition)
    return _blocks_by_content(version.fingerprint)[0]


def is_block_in_memory(version: BlockVersion) -> bool:
    """Tell whether the definition of this version was read before, so that its column need not be loaded."""
    return bool(_blocks_by_content(version.fingerprint))


def remember_block(fingerprint: str, definition: Mapping[str, Any]) -> None:
    """Keep the definition of a building block, as it stands in its column."""
    _blocks_by_content(fingerprint).append(block_from_data(definition))


# Per content (fingerprint) a list that holds what was read from it, or nothing yet.


@lru_cache(maxsize=1_000)
def _products_by_content(_fingerprint: str) -> list[ProductDefinition]:
    return []


@lru_cache(maxsize=1_000)
def _variants_by_content(_fingerprint: str) -> list[tuple[Variant, ...]]:
    return []


@lru_cache(maxsize=4_000)
def _blocks_by_content(_fingerprint: str) -> list[BlockDefinition]:
    return []
