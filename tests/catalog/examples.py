"""A product to change in a test."""

from collections.abc import Sequence
from typing import Any

from portal.catalog.definition import Level, Line, ProductDefinition, ProductKind, Theme, Tier
from tests.factories import words


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
        "audience": frozenset({"employee"}),
        "dependencies": (),
    }
    return ProductDefinition(lines=tuple(lines), **(values | more))
