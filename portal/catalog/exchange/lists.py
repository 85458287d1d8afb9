"""Parts of the catalogue as lists for a spreadsheet: building blocks, products and questions, each with its texts and agreements.

A column is a field by its path, such as `norm.amount`. A list changes what is there; it adds and removes nothing. What is
made of parts (bundles, trees, options, checklists, conditions of a product) stands in the folder of files only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Final

from portal.catalog.catalogue import Catalogue, ItemKind
from portal.catalog.codec import (
    Data,
    block_as_data,
    block_from_data,
    product_as_data,
    product_from_data,
    question_as_data,
    question_from_data,
)
from portal.catalog.definition import BlockDefinition, Question
from portal.catalog.exchange.cells import CELLS
from portal.catalog.exchange.folder import CatalogueFiles
from portal.catalog.exchange.sheets import Cell, Row
from portal.core.yaml_files import Placed, Problem, Problems

_CODE: Final = "code"
_AGREED: Final = ("team", "cut_off", "notice", "no_return", "approval")
_TERMS: Final = ("response", "legal_days", "extensions", "reopen_days", "wished_date")


def _both(*fields: str) -> tuple[str, ...]:
    return tuple(f"{field}.{language}" for field in fields for language in ("nl", "en"))


COLUMNS: Final[Mapping[ItemKind, tuple[str, ...]]] = {
    ItemKind.QUESTION: (_CODE, "kind", "need", "privacy", *_both("label", "help", "why")),
    ItemKind.BLOCK: (_CODE, "department", "norm.amount", "norm.unit", "prices", *_AGREED, *_both("name", "description", "task")),
    ItemKind.PRODUCT: (
        _CODE,
        *("kind", "tier", "level", "theme", "icon", "owner", "audience", "related", "upn", "approval"),
        *_TERMS,
        *_both("name", "summary", "description"),
    ),
}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of a list; all its fields stand on one line."""

    path: str
    line: int

    def line_of(self, field_path: str) -> int:
        """Give the line of the row."""
        del field_path
        return self.line


def list_rows(catalogue: Catalogue, kind: ItemKind) -> Sequence[Row]:
    """Give a list by code, with the names of the columns as first row."""
    items = _items(catalogue, kind)
    return [COLUMNS[kind], *([_cell(items[code], column) for column in COLUMNS[kind]] for code in sorted(items))]


def read_rows(rows: Sequence[tuple[int, Row]], kind: ItemKind, now: Catalogue, *, shown: str, problems: Problems) -> CatalogueFiles:
    """Read a list as changes to the catalogue of now; mistakes are noted in `problems`. Columns that are left out stay as they are."""
    columns = [str(cell).strip() for cell in rows[0][1]] if rows else []
    wrong = [name for name in columns if name not in COLUMNS[kind]]
    problems.found += [Problem(shown, 1, name, "unknown_field") for name in wrong]
    if _CODE not in columns:
        problems.found.append(Problem(shown, 1, _CODE, "required"))
    if wrong or _CODE not in columns:
        return CatalogueFiles(questions=(), blocks=(), products=())
    items, read = _items(now, kind), dict[str, Placed[Any]]()
    for line, row in rows[1:]:
        values = dict(zip(columns, [*row, *[""] * len(columns)], strict=False))
        place, code = SheetRow(shown, line), str(values[_CODE])
        if code not in items or code in read:
            problems.add(place, _CODE, "double_code" if code in read else "unknown_code")
            continue
        with problems.at(place):
            read[code] = Placed(place, "", _READERS[kind](_changed(items[code], values)))
    return _as_files(kind, tuple(read.values()), now)


def merged(now: Catalogue, files: CatalogueFiles) -> Catalogue:
    """Give the catalogue of now with the changes of a list."""
    then = files.catalogue
    return Catalogue(
        questions={**now.questions, **then.questions},
        blocks={**now.blocks, **then.blocks},
        products={**now.products, **then.products},
    )


def _as_files(kind: ItemKind, read: tuple[Placed[Any], ...], now: Catalogue) -> CatalogueFiles:
    """Put what was read in its place; a changed question goes on to the blocks that ask it."""
    if kind is not ItemKind.QUESTION:
        return CatalogueFiles(
            questions=(),
            blocks=read if kind is ItemKind.BLOCK else (),
            products=read if kind is ItemKind.PRODUCT else (),
        )
    changed = {placed.what.code: placed for placed in read if placed.what != now.questions[placed.what.code]}
    blocks = tuple(
        Placed(changed[asked[0]].file, "", _asking(block, {code: changed[code].what for code in asked}))
        for block in now.blocks.values()
        if (asked := [question.code for question in block.questions if question.code in changed])
    )
    return CatalogueFiles(questions=read, blocks=blocks, products=())


def _asking(block: BlockDefinition, changed: Mapping[str, Question]) -> BlockDefinition:
    return replace(block, questions=tuple(changed.get(question.code, question) for question in block.questions))


def _items(catalogue: Catalogue, kind: ItemKind) -> Mapping[str, Data]:
    match kind:
        case ItemKind.QUESTION:
            return {code: question_as_data(one) for code, one in catalogue.questions.items()}
        case ItemKind.BLOCK:
            return {code: block_as_data(one) for code, one in catalogue.blocks.items()}
        case ItemKind.PRODUCT:
            return {code: product_as_data(one) for code, one in catalogue.products.items()}


_READERS: Final[Mapping[ItemKind, Any]] = {
    ItemKind.QUESTION: question_from_data,
    ItemKind.BLOCK: block_from_data,
    ItemKind.PRODUCT: product_from_data,
}


def _cell(data: Data, column: str) -> Cell:
    value: Any = reduce(lambda part, name: part.get(name, {}), column.split("."), data)
    if value in ({}, []):
        return ""
    return CELLS[column].write(value) if column in CELLS else str(value)


def _changed(data: Data, values: Mapping[str, Cell]) -> Data:
    """Put the cells of a row in the data of an item; a part of which all cells are empty is left out."""
    changed: Data = dict(data)
    for column, cell in values.items():
        name, _, inside = column.partition(".")
        value = _value(column, str(cell))
        if inside:
            changed[name] = {**changed.get(name, {}), inside: value}
        else:
            changed[name] = value
    return {name: one for name, one in changed.items() if one != "" and not _is_empty(one)}


def _is_empty(part: object) -> bool:
    return isinstance(part, dict) and all(value == "" for value in part.values())


def _value(column: str, text: str) -> Any:  # noqa: ANN401  as the field has it
    """Read a cell; an empty one leaves its field out."""
    if column not in CELLS:
        return text
    return CELLS[column].read(text.strip(), column) if text.strip() else ""
