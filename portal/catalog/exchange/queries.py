"""Reading all that is published in the catalogue at once, and the uniform product names that were imported."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.catalog.catalogue import Catalogue
from portal.catalog.memory import block_definition_of, definition_of
from portal.catalog.models import BlockVersion, ProductVersion, UpnName
from portal.catalog.queries import questions_by_code
from portal.catalog.workflow import OPEN, VersionState
from portal.people.queries import literal_pattern

_SHORTEST_WORD: Final = 3


def load_catalogue(session: Session, *, with_drafts: bool = False) -> Catalogue:
    """Give the library of questions and every published building block and product, by code.

    With drafts everything is as it will be: what is on its way takes the place of what is published.
    """
    states = {VersionState.PUBLISHED, *(OPEN if with_drafts else ())}
    blocks = select(BlockVersion).where(BlockVersion.state.in_(states)).order_by(BlockVersion.state != VersionState.PUBLISHED)
    products = select(ProductVersion).where(ProductVersion.state.in_(states)).order_by(ProductVersion.state != VersionState.PUBLISHED)
    found_blocks = {one.code: one for one in map(block_definition_of, session.scalars(blocks))}
    found_products = {one.code: one for one in map(definition_of, session.scalars(products))}
    return Catalogue(
        questions=questions_by_code(session),
        blocks=dict(sorted(found_blocks.items())),
        products=dict(sorted(found_products.items())),
    )


def find_upn(session: Session, typed: str) -> str | None:
    """Find the URI of a uniform product name, by the name in any case or by the URI itself."""
    query = select(UpnName.uri).where(or_(func.lower(UpnName.name) == typed.casefold(), UpnName.uri == typed))
    return session.scalars(query.order_by(UpnName.uri).limit(1)).one_or_none()


def upn_name_of(session: Session, uri: str) -> str:
    """Give the name behind a URI; the URI itself when it is not in the list."""
    return session.scalar(select(UpnName.name).where(UpnName.uri == uri)) or uri


def suggest_upn_names(session: Session, text: str, *, most: int = 20) -> Sequence[str]:
    """List at most `most` uniform product names that hold one of the words of a text, by name."""
    words = [word for word in text.split() if len(word) >= _SHORTEST_WORD]
    if not words:
        return ()
    found = or_(*(func.lower(UpnName.name).like(literal_pattern(word), escape="\\") for word in words))
    return session.scalars(select(UpnName.name).where(found).order_by(UpnName.name).limit(most)).all()
