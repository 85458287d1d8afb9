"""What happens to the catalogue."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockPublished(Event):
    """A version of a building block was published; the one before it retired."""

    type: ClassVar[str] = "block_published"
    code: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPublished(Event):
    """A version of a product was published; the one before it retired."""

    type: ClassVar[str] = "product_published"
    code: str
    number: int
