"""What taking over a catalogue would change, item by item."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.catalog.catalogue import Catalogue, ItemKind
from portal.catalog.codec import block_as_data, product_as_data, question_as_data
from portal.catalog.differences import Difference, differences


class Change(StrEnum):
    """What happens to an item; one that is only in the portal stays as it is."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """What happens to one item; `differences` for one that changes."""

    kind: ItemKind
    code: str
    change: Change
    differences: Sequence[Difference] = ()


def compare_catalogues(now: Catalogue, then: Catalogue) -> Sequence[ItemChange]:
    """Compare what is published with what would be taken over: questions, building blocks, products, each by code."""
    old, new = _as_data(now), _as_data(then)
    return [change for kind in ItemKind for change in _changes(kind, old[kind], new[kind])]


def is_same(changes: Sequence[ItemChange]) -> bool:
    """Tell whether two catalogues hold the same."""
    return all(change.change is Change.UNCHANGED for change in changes)


def _changes(kind: ItemKind, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[ItemChange]:
    for code in sorted({*old, *new}):
        found: Sequence[Difference] = ()
        if code not in old:
            change = Change.NEW
        elif code not in new:
            change = Change.ABSENT
        else:
            found = tuple(differences(old[code], new[code]))
            change = Change.CHANGED if found else Change.UNCHANGED
        yield ItemChange(kind=kind, code=code, change=change, differences=found)


def _as_data(catalogue: Catalogue) -> Mapping[ItemKind, Mapping[str, Any]]:
    return {
        ItemKind.QUESTION: {code: question_as_data(one) for code, one in catalogue.questions.items()},
        ItemKind.BLOCK: {code: block_as_data(one) for code, one in catalogue.blocks.items()},
        ItemKind.PRODUCT: {code: product_as_data(one) for code, one in catalogue.products.items()},
    }
