"""Reading standard texts."""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.catalog.models import ProductVersion
from portal.catalog.workflow import VersionState
from portal.core.errors import NotFoundError
from portal.core.texts import LocalText
from portal.requests.models import Request
from portal.requests.standard_texts.models import StandardText


def list_texts(session: Session) -> Sequence[StandardText]:
    """List all standard texts with their product, the ones for all products first."""
    query = select(StandardText).options(joinedload(StandardText.product))
    return session.scalars(query.order_by(StandardText.product_id.is_not(None), StandardText.product_id, StandardText.id)).all()


def list_texts_for(session: Session, request: Request) -> Sequence[StandardText]:
    """List the texts that fit a request as it stands now, those for its own product first."""
    return session.scalars(_texts_for(), {"state": request.state, "product_id": request.product_id}).all()


def get_text(session: Session, text_id: int) -> StandardText:
    """Load a standard text with its product.

    :raises NotFoundError: there is none.
    """
    text = session.scalars(select(StandardText).where(StandardText.id == text_id).options(joinedload(StandardText.product))).one_or_none()
    if text is None:
        raise NotFoundError
    return text


def names_by_product(session: Session) -> Mapping[int, LocalText]:
    """Give the names of the products that can be asked for, by key."""
    query = select(ProductVersion.product_id, ProductVersion.name).where(ProductVersion.state == VersionState.PUBLISHED)
    return {row.product_id: row.name for row in session.execute(query)}


@cache
def _texts_for() -> Select[StandardText]:
    fits_state = or_(StandardText.state.is_(None), StandardText.state == bindparam("state"))
    fits_product = or_(StandardText.product_id.is_(None), StandardText.product_id == bindparam("product_id"))
    query = select(StandardText).where(fits_state, fits_product)
    return query.order_by(StandardText.product_id.is_(None), StandardText.id)
