"""Tables as files for a spreadsheet: CSV and XLSX, of which no cell can become a formula."""

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter import Workbook

Cell = str | int
Row = Sequence[Cell]

SUFFIXES: Final = (".csv", ".xlsx")

_DELIMITER: Final = ";"
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n]")
_NEUTRALISED: Final = re.compile(r"'+[=+\-@\t\r\n]")
_WIDTH: Final = 30
_NO_GUESSING: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class SheetError(Exception):
    """A file is no table that can be read."""


def write_sheet(path: Path, rows: Sequence[Row]) -> None:
    """Write rows, the first with the names of the columns, in the format of the suffix.

    :raises OSError: the file cannot be written.
    """
    neutral = [[_neutralised(cell) for cell in row] for row in rows]
    if path.suffix == ".csv":
        # A spreadsheet reads the signs of all languages right when the file begins with this mark.
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=_DELIMITER).writerows(neutral)
    else:
        _write_workbook(path, neutral)


def read_sheet(path: Path) -> Sequence[tuple[int, Row]]:
    """Read the rows of the first table, each with its line; empty rows are left out.

    :raises SheetError: the file cannot be read.
    """
    try:
        rows = _read_csv(path) if path.suffix == ".csv" else _read_workbook(path)
    except (OSError, UnicodeDecodeError, csv.Error, CalamineError) as error:
        raise SheetError(str(error)) from error
    return [(line, [_restored(cell) for cell in row]) for line, row in rows if any(cell != "" for cell in row)]


def _write_workbook(path: Path, rows: Sequence[Row]) -> None:
    with Workbook(str(path), {**_NO_GUESSING, "in_memory": True}) as workbook:
        sheet, bold = workbook.add_worksheet(), workbook.add_format({"bold": True})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell, None if number else bold)
                else:
                    sheet.write_number(number, column, cell)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, max(len(row) for row in rows) - 1, _WIDTH)


def _read_csv(path: Path) -> Sequence[tuple[int, Row]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        reader = csv.reader(file, delimiter=_DELIMITER if _DELIMITER in first else ",", strict=True)
        found, line = [], 1
        for row in reader:
            found.append((line, row))
            line = reader.line_num + 1
        return found


def _read_workbook(path: Path) -> Sequence[tuple[int, Row]]:
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [(line, [_plain(cell) for cell in row]) for line, row in enumerate(rows, start=1)]


def _plain(cell: object) -> Cell:
    """Give a number as a whole number where it is one; anything else as it is read."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell if isinstance(cell, str) else str(cell)


def _neutralised(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def _restored(cell: Cell) -> Cell:
    return cell[1:] if isinstance(cell, str) and _NEUTRALISED.match(cell) else cell
