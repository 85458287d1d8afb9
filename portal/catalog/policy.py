"""Who may do what with a version of the catalogue."""

from collections.abc import Collection

from portal.catalog.models import CatalogueVersion, ProductVersion
from portal.people.audience import belongs


def may_ask(version: ProductVersion, tokens: Collection[str]) -> bool:
    """Tell whether somebody with these tokens may see a product and ask for it; without one of its audience it is not there."""
    return belongs(tokens, version.audience)


def may_review(person_id: int, version: CatalogueVersion) -> bool:
    """Tell whether a person may agree with a version: only who did not work on it."""
    return person_id != version.author_id and person_id not in version.editor_ids
