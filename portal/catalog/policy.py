"""Who may do what with a version of the catalogue."""

from collections.abc import Collection

from portal.catalog.models import CatalogueVersion, ProductVersion


def may_ask(version: ProductVersion, roles: Collection[str] | None) -> bool:
    """Tell whether somebody with these roles may ask for a product; a visitor (None) sees what anybody may ask for."""
    return bool(version.audience) if roles is None else not frozenset(roles).isdisjoint(version.audience)


def may_review(person_id: int, version: CatalogueVersion) -> bool:
    """Tell whether a person may agree with a version: only who did not work on it."""
    return person_id != version.author_id and person_id not in version.editor_ids
