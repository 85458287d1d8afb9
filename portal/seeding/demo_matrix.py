"""The cells of the matrix that the demo leaves empty on purpose."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from portal.catalog.definition import Level, Tier
from portal.catalog.matrix.actions import leave_empty
from portal.catalog.reader import Reader
from portal.core.journal import SYSTEM
from portal.core.texts import LocalText
from portal.core.yaml_files import Problems, read_each, read_yaml_file


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyCell:
    """A cell of the matrix, and why it is empty."""

    tier: Tier
    level: Level
    reason: LocalText


def read_empty_cells(folder: Path, *, problems: Problems) -> tuple[EmptyCell, ...]:
    """Read the file of empty cells; mistakes are noted in `problems`."""
    file = read_yaml_file(folder / "matrix.yaml", root=folder.parent.parent, problems=problems)
    return tuple(placed.what for placed in read_each(file, _empty_cell, problems))


def load_empty_cells(*, session: Session, cells: tuple[EmptyCell, ...], at: datetime) -> None:
    """Say of these cells that they are empty on purpose."""
    for cell in cells:
        leave_empty(session=session, tier=cell.tier, level=cell.level, reason=cell.reason, by=SYSTEM, at=at)


def _empty_cell(data: object, path: str) -> EmptyCell:
    reader = Reader(data, path)
    cell = EmptyCell(tier=reader.one_of("tier", Tier), level=reader.one_of("level", Level), reason=reader.text("reason"))
    reader.finish()
    return cell
