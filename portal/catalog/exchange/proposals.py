"""A file that somebody sent: what stands in it, what it would change, and what stands in the way of its review."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.catalogue import Catalogue, ItemKind, UploadKind
from portal.catalog.checks import find_block_faults, find_product_faults
from portal.catalog.definition import CatalogueKind
from portal.catalog.exchange.archive import ArchiveError, read_entries, unpack
from portal.catalog.exchange.comparison import Change, ItemChange, compare_catalogues
from portal.catalog.exchange.folder import CatalogueFiles, read_catalogue
from portal.catalog.exchange.lists import merged, read_rows
from portal.catalog.exchange.queries import load_catalogue
from portal.catalog.exchange.sheets import SUFFIXES, Row, SheetError, read_sheet
from portal.catalog.exchange.upn import UpnChange, compare_upn_names, read_upn_names
from portal.catalog.models import CatalogueUpload, UpnName
from portal.catalog.publishable import audience_faults
from portal.catalog.queries import list_shelf
from portal.core.errors import NotFoundError
from portal.core.texts import LocalText
from portal.core.yaml_files import Placed, Problem, Problems
from portal.people.queries import list_departments, list_teams, names_of_tokens

LISTS: Final = {UploadKind.QUESTIONS: ItemKind.QUESTION, UploadKind.BLOCKS: ItemKind.BLOCK, UploadKind.PRODUCTS: ItemKind.PRODUCT}
_NOTHING: Final = CatalogueFiles(questions=(), blocks=(), products=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a file comes down to now: what it changes, in full, and the mistakes that keep all of it back."""

    files: CatalogueFiles
    changes: Sequence[ItemChange]
    problems: Sequence[Problem]

    @property
    def is_ready(self) -> bool:
        """Tell whether it can go to review: something changes and nothing is wrong."""
        return not self.problems and any(one.change in {Change.NEW, Change.CHANGED} for one in self.changes)

    def is_changed(self, kind: ItemKind, code: str) -> bool:
        """Tell whether the file changes this question, building block or product."""
        return any(one.kind is kind and one.code == code and one.change in {Change.NEW, Change.CHANGED} for one in self.changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpnProposal:
    """What a list of uniform product names comes down to; `loose` are the products that name one which goes, by code."""

    names: Mapping[str, str]
    changes: Sequence[UpnChange]
    problems: Sequence[Problem]
    loose: Mapping[str, LocalText]

    @property
    def is_ready(self) -> bool:
        """Tell whether it can be taken over: it holds names, something changes and nothing is wrong."""
        return bool(self.names) and not self.problems and any(one.change is not Change.UNCHANGED for one in self.changes)


def get_upload(session: Session, *, person_id: int, upload_id: int) -> CatalogueUpload:
    """Load a file that this person sent.

    :raises NotFoundError: there is none.
    """
    query = select(CatalogueUpload).where(CatalogueUpload.id == upload_id, CatalogueUpload.person_id == person_id)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def find_upload(session: Session, *, person_id: int) -> CatalogueUpload | None:
    """Find the file of this person that still waits."""
    return session.scalars(select(CatalogueUpload).where(CatalogueUpload.person_id == person_id)).one_or_none()


def read_proposal(session: Session, upload: CatalogueUpload, now: Catalogue) -> Proposal:
    """Read a file again, and weigh it against the catalogue of now."""
    problems = Problems()
    files = _read(upload, now, problems)
    then = merged(now, files)
    _note_faults(session, files, then, problems)
    shown = sorted(set(problems.found))
    return Proposal(files=files, changes=compare_catalogues(now, then) if not shown or files is not _NOTHING else (), problems=shown)


def read_upn_proposal(session: Session, upload: CatalogueUpload) -> UpnProposal:
    """Read a list of uniform product names again, and weigh it against the list of now."""
    problems, names = Problems(), dict[str, str]()
    with TemporaryDirectory() as place:
        try:
            names.update(read_upn_names(_rows_of(upload, Path(place)), shown=upload.name, problems=problems))
        except (ArchiveError, SheetError) as error:
            problems.found.append(_as_problem(upload, error))
    now = {one.uri: one.name for one in session.scalars(select(UpnName))}
    changes = () if problems.found else compare_upn_names(now, names)
    gone = {one.uri for one in changes if one.change is Change.ABSENT}
    loose = {code: product.name for code, product in load_catalogue(session).products.items() if product.upn in gone} if gone else {}
    return UpnProposal(names=names, changes=changes, problems=sorted(set(problems.found)), loose=loose)


def _as_problem(upload: CatalogueUpload, error: Exception) -> Problem:
    return Problem(upload.name, 1, "", str(error) if isinstance(error, ArchiveError) else "not_a_table")


def _read(upload: CatalogueUpload, now: Catalogue, problems: Problems) -> CatalogueFiles:
    with TemporaryDirectory() as place:
        folder = Path(place)
        try:
            if upload.holds is UploadKind.CATALOGUE:
                unpack(upload.content, folder)
                return read_catalogue(folder, root=folder, problems=problems)
            return read_rows(_rows_of(upload, folder), LISTS[upload.holds], now, shown=upload.name, problems=problems)
        except (ArchiveError, SheetError) as error:
            problems.found.append(_as_problem(upload, error))
        except RecursionError:
            problems.found.append(Problem(upload.name, 1, "", "too_deep"))
    return _NOTHING


def _rows_of(upload: CatalogueUpload, folder: Path) -> Sequence[tuple[int, Row]]:
    """Read the table in a file.

    :raises ArchiveError: it is no table, or a workbook that is too big.
    """
    suffix = Path(upload.name).suffix.lower()
    if suffix not in SUFFIXES:
        raise ArchiveError("not_a_table")
    if suffix == ".xlsx":
        for _entry in read_entries(upload.content):  # a workbook is a zip, and may be one that is too big
            pass
    path = folder / f"list{suffix}"
    path.write_bytes(upload.content)
    return read_sheet(path)


def _note_faults(session: Session, files: CatalogueFiles, then: Catalogue, problems: Problems) -> None:
    """Note what could not be published even when all of it is approved, and what is on its way already."""
    departments = {one.code for one in list_departments(session)}
    teams = {(one.department.code, one.code) for one in list_teams(session)}
    busy = {kind: {one.code for one in list_shelf(session, kind) if one.on_its_way} for kind in CatalogueKind}
    for block in files.blocks:
        found = dict(find_block_faults(block.what))
        if block.what.team is not None and (block.what.department, block.what.team) not in teams:
            found["team"] = "unknown_team"
        if block.what.department not in departments:
            found["department"] = "unknown_department"
        _note(block, found, busy[CatalogueKind.BLOCKS], problems)
    tokens = names_of_tokens(session, {token for product in files.products for token in product.what.audience})
    for product in files.products:
        found = find_product_faults(product.what, then.blocks) | audience_faults(product.what.audience, known=tokens)
        if product.what.owner not in departments:
            found["owner"] = "unknown_department"
        _note(product, found, busy[CatalogueKind.PRODUCTS], problems)


def _note(placed: Placed[Any], found: dict[str, str], busy: Collection[str], problems: Problems) -> None:
    if placed.what.code in busy:
        found["code"] = "draft_exists"
    for path, code in found.items():
        problems.add(placed.file, f"{placed.path}.{path}" if placed.path else path, code)
