"""A product to change in a test."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from portal.catalog.actions import publish_product
from portal.catalog.definition import Level, Line, ProductDefinition, ProductKind, Theme, Tier
from portal.catalog.models import ProductVersion
from portal.core.journal import SYSTEM
from tests.factories import NOW, words


def product_with(lines: Sequence[Line], **more: Any) -> ProductDefinition:
    """Give a product with these lines."""
    values: dict[str, Any] = {
        "code": "example",
        "kind": ProductKind.SITUATION,
        "tier": Tier.BASIC,
        "level": Level.OPERATIONAL,
        "owner": "ict",
        "theme": Theme.PEOPLE,
        "icon": "person",
        "name": words("example"),
        "summary": words("One sentence."),
        "description": words("Some sentences."),
        "conditions": (),
        "audience": frozenset({"citizen", "employee"}),
        "dependencies": (),
    }
    return ProductDefinition(lines=tuple(lines), **(values | more))


def publish(session: Session, code: str, lines: Sequence[Line], **more: Any) -> ProductVersion:
    """Publish a product with these lines."""
    definition = product_with(lines, **({"code": code, "name": words(f"product {code}")} | more))
    return publish_product(session=session, definition=definition, by=SYSTEM, at=NOW)
