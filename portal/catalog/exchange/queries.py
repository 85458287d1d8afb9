"""Reading all that is published in the catalogue at once."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.catalogue import Catalogue
from portal.catalog.memory import block_definition_of, definition_of
from portal.catalog.models import BlockVersion, ProductVersion
from portal.catalog.queries import questions_by_code
from portal.catalog.workflow import VersionState


def load_catalogue(session: Session) -> Catalogue:
    """Give the library of questions and every published building block and product, by code."""
    blocks = session.scalars(select(BlockVersion).where(BlockVersion.state == VersionState.PUBLISHED))
    products = session.scalars(select(ProductVersion).where(ProductVersion.state == VersionState.PUBLISHED))
    found_blocks = [block_definition_of(version) for version in blocks]
    found_products = [definition_of(version) for version in products]
    return Catalogue(
        questions=questions_by_code(session),
        blocks={one.code: one for one in sorted(found_blocks, key=lambda one: one.code)},
        products={one.code: one for one in sorted(found_products, key=lambda one: one.code)},
    )
