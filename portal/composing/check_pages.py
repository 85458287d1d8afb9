"""What the check of the catalogue shows: findings by what they are about, with the products they touch."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from portal.catalog.catalogue import Catalogue, ItemKind
from portal.catalog.inspection.finding import Finding, FindingLevel, Subject
from portal.catalog.inspection.labels import sentence_of
from portal.composing.labels import place_words
from portal.core.texts import LocalText


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """One thing that is wrong, in words."""

    place: str
    sentence: str
    is_fault: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingGroup:
    """What is wrong with one product, building block or question; `products` are those that it touches, by code."""

    subject: Subject
    name: LocalText
    products: Mapping[str, LocalText]
    rows: Sequence[FindingRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage:
    """All findings in groups, and how many there are of each level."""

    groups: Mapping[ItemKind, Sequence[FindingGroup]]
    faults: int
    advice: int


def check_page(catalogue: Catalogue, findings: Sequence[Finding], *, with_advice: bool) -> CheckPage:
    """Put together the page of the check; without advice it shows the faults only."""
    shown = [finding for finding in findings if with_advice or finding.level is FindingLevel.FAULT]
    groups = [_group(catalogue, subject, rows) for subject, rows in groupby(shown, key=lambda finding: finding.subject)]
    faults = sum(finding.level is FindingLevel.FAULT for finding in findings)
    return CheckPage(
        groups={kind: found for kind in (ItemKind.PRODUCT, ItemKind.BLOCK, ItemKind.QUESTION) if (found := _of_kind(groups, kind))},
        faults=faults,
        advice=len(findings) - faults,
    )


def _of_kind(groups: Sequence[FindingGroup], kind: ItemKind) -> Sequence[FindingGroup]:
    return [group for group in groups if group.subject.kind is kind]


def _group(catalogue: Catalogue, subject: Subject, findings: Iterable[Finding]) -> FindingGroup:
    return FindingGroup(
        subject=subject,
        name=_name(catalogue, subject),
        products={code: catalogue.products[code].name for code in _products(catalogue, subject)},
        rows=[
            FindingRow(place=place_words(one.place), sentence=sentence_of(one), is_fault=one.level is FindingLevel.FAULT)
            for one in findings
        ],
    )


def _name(catalogue: Catalogue, subject: Subject) -> LocalText:
    match subject.kind:
        case ItemKind.PRODUCT:
            return catalogue.products[subject.code].name
        case ItemKind.BLOCK:
            return catalogue.blocks[subject.code].name
        case ItemKind.QUESTION:
            return catalogue.questions[subject.code].label


def _products(catalogue: Catalogue, subject: Subject) -> Sequence[str]:
    """Give the products that hold a building block, or of which a building block asks a question."""
    if subject.kind is ItemKind.PRODUCT:
        return ()
    blocks = {subject.code} if subject.kind is ItemKind.BLOCK else _asking(catalogue, subject.code)
    return [code for code, product in catalogue.products.items() if blocks.intersection(product.block_codes())]


def _asking(catalogue: Catalogue, question: str) -> set[str]:
    return {code for code, block in catalogue.blocks.items() if question in {one.code for one in block.questions}}
