"""Who may do what with a version of the catalogue."""

from portal.catalog.models import CatalogueVersion


def may_review(person_id: int, version: CatalogueVersion) -> bool:
    """Tell whether a person may agree with a version: only who did not work on it."""
    return person_id != version.author_id and person_id not in version.editor_ids
