"""The ways to walk through the catalogue: by theme with a choice of department, by department, and from A to Z."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.orm import Session

from portal.catalog.definition import Theme
from portal.catalog.memory import definition_of
from portal.catalog.models import BlockVersion, ProductVersion
from portal.catalog.pages import Card
from portal.catalog.queries import published_blocks
from portal.core.texts import LocalText
from portal.people.models import Department
from portal.web.language import local


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value of a filter, with how many products it would leave."""

    value: str
    label: LocalText | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentGroup:
    """A department with the products it is responsible for, and those on which it works for another."""

    department: Department
    owns: Sequence[ProductVersion]
    works_on: Sequence[ProductVersion]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A name from A to Z: a product, or a building block with the products it is part of."""

    name: str
    products: Sequence[ProductVersion]
    is_block: bool

    @property
    def letter(self) -> str:
        """Give the letter under which it stands; what begins with none stands under the digits."""
        first = self.name[:1].upper()
        return first if "A" <= first <= "Z" else "0"


def filtered(found: Sequence[Card], *, theme: str, department: Department | None) -> Sequence[Card]:
    """Keep the cards of a theme and of a department that is responsible for them or works on them."""
    of_theme = [card for card in found if not theme or card.version.theme.value == theme]
    return [card for card in of_theme if department is None or department.id in card.department_ids]


def theme_choices(found: Sequence[Card]) -> Sequence[Choice]:
    """Give the themes that have products, with how many."""
    counts = [(theme, sum(card.version.theme is theme for card in found)) for theme in Theme]
    return [Choice(value=theme.value, label=None, count=count) for theme, count in counts if count]


def department_choices(found: Sequence[Card], departments: Sequence[Department]) -> Sequence[Choice]:
    """Give the departments that have something to do with the products, with how many."""
    counts = [(one, sum(one.id in card.department_ids for card in found)) for one in departments]
    return [Choice(value=one.code, label=one.name, count=count) for one, count in counts if count]


def department_groups(session: Session, versions: Sequence[ProductVersion], departments: Sequence[Department]) -> Sequence[DepartmentGroup]:
    """Group products by the departments that are responsible for them or work on them; a department without any is left out."""
    workers = _workers(versions, _blocks_of(session, versions))
    ordered = sorted(versions, key=lambda version: local(version.name).casefold())
    groups = [
        DepartmentGroup(
            department=one,
            owns=[version for version in ordered if version.owner_id == one.id],
            works_on=[version for version in ordered if version.owner_id != one.id and one.id in workers[version.id]],
        )
        for one in sorted(departments, key=lambda one: local(one.name).casefold())
    ]
    return [group for group in groups if group.owns or group.works_on]


def letters(session: Session, versions: Sequence[ProductVersion]) -> Mapping[str, Sequence[Entry]]:
    """Give the products and the building blocks in them by first letter, in the language of the page."""
    entries = [Entry(name=local(version.name), products=[version], is_block=False) for version in versions]
    for code, block in _blocks_of(session, versions).items():
        inside = [version for version in versions if code in definition_of(version).block_codes()]
        if not any(local(version.name).casefold() == local(block.name).casefold() for version in inside):
            entries.append(Entry(name=local(block.name), products=inside, is_block=True))
    entries.sort(key=lambda entry: (entry.letter, entry.name.casefold()))
    return {letter: list(group) for letter, group in groupby(entries, key=lambda entry: entry.letter)}


def _blocks_of(session: Session, versions: Sequence[ProductVersion]) -> Mapping[str, BlockVersion]:
    return published_blocks(session, [code for version in versions for code in definition_of(version).block_codes()])


def _workers(versions: Sequence[ProductVersion], blocks: Mapping[str, BlockVersion]) -> Mapping[int, frozenset[int]]:
    return {
        version.id: frozenset(blocks[code].department_id for code in definition_of(version).block_codes() if code in blocks)
        for version in versions
    }
