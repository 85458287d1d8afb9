"""All of a catalogue together, as it is published or as it stands in files."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.catalog.definition import BlockDefinition, ProductDefinition, Question


class ItemKind(StrEnum):
    """What a catalogue is made of."""

    QUESTION = "question"
    BLOCK = "block"
    PRODUCT = "product"


class UploadKind(StrEnum):
    """What a file holds that somebody wants to take over: all of the catalogue, one list of it, or the uniform product names."""

    CATALOGUE = "catalogue"
    QUESTIONS = "questions"
    BLOCKS = "blocks"
    PRODUCTS = "products"
    UPN = "upn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The questions of the library, the building blocks and the products, each by code."""

    questions: Mapping[str, Question]
    blocks: Mapping[str, BlockDefinition]
    products: Mapping[str, ProductDefinition]
