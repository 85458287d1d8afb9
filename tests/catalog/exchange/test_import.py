"""Taking a catalogue over: the differences, all or nothing, and every mistake with its place."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.catalog.catalogue import Catalogue, ItemKind
from portal.catalog.exchange.actions import import_catalogue
from portal.catalog.exchange.comparison import Change, ItemChange, compare_catalogues, is_same
from portal.catalog.exchange.folder import CatalogueFiles, read_catalogue
from portal.catalog.exchange.queries import load_catalogue
from portal.catalog.exchange.writing import catalogue_as_files
from portal.catalog.models import ProductVersion
from portal.core.journal import SYSTEM
from portal.core.yaml_files import Problems
from tests.factories import NOW, make_block


def read(folder: Path, problems: Problems) -> CatalogueFiles:
    return read_catalogue(folder, root=folder.parent, problems=problems)


def take_over(session: Session, folder: Path) -> list[str]:
    """Import a folder; gives what is wrong, by file, line and field."""
    problems = Problems()
    import_catalogue(session=session, files=read(folder, problems), by=SYSTEM, at=NOW, problems=problems)
    return [f"{one.path}:{one.line} {one.field} {one.code}" for one in problems.found]


def replace_in(path: Path, right: str, wrong: str) -> int:
    """Change one place in a file; gives its line."""
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    return text[: text.index(right)].count("\n") + 1


def changes_of(session: Session, folder: Path) -> Mapping[tuple[ItemKind, str], ItemChange]:
    found = compare_catalogues(load_catalogue(session), read(folder, Problems()).catalogue)
    return {(one.kind, one.code): one for one in found}


def test_importing_what_was_exported_changes_nothing(session: Session, catalogue: Catalogue, folder: Path) -> None:
    versions = session.scalar(select(func.count()).select_from(ProductVersion))
    assert take_over(session, folder) == []
    assert session.scalar(select(func.count()).select_from(ProductVersion)) == versions
    assert catalogue_as_files(load_catalogue(session)) == catalogue_as_files(catalogue)


def test_a_change_is_told_and_published(session: Session, folder: Path) -> None:
    replace_in(folder / "blocks/ict.yaml", "{amount: 2, unit: working_days}", "{amount: 4, unit: working_hours}")
    replace_in(folder / "products/workplace.yaml", "product workplace", "your own place")
    changes = changes_of(session, folder)
    told = {f"{code}: {one.place} {one.before} -> {one.after}" for (_, code), change in changes.items() for one in change.differences}
    assert told == {
        "pass: norm.amount 2 -> 4",
        "pass: norm.unit working_days -> working_hours",
        "workplace: name.nl product workplace -> your own place",
    }
    assert changes[ItemKind.BLOCK, "desk"].change is Change.UNCHANGED
    assert take_over(session, folder) == []
    assert is_same(list(changes_of(session, folder).values()))


def test_a_changed_question_reaches_the_blocks_that_ask_it(session: Session, folder: Path) -> None:
    replace_in(folder / "questions.yaml", "nl: When?", "nl: Which day?")
    block = changes_of(session, folder)[ItemKind.BLOCK, "desk"]
    assert [one.place for one in block.differences] == ["questions[start_date].label.nl"]
    assert take_over(session, folder) == []
    assert load_catalogue(session).blocks["desk"].questions[0].label.nl == "Which day?"


def test_what_is_not_in_the_folder_stays(session: Session, folder: Path) -> None:
    make_block(session, "phone")
    assert changes_of(session, folder)[ItemKind.BLOCK, "phone"].change is Change.ABSENT
    assert take_over(session, folder) == []
    assert "phone" in load_catalogue(session).blocks


def test_something_new_is_published(session: Session, folder: Path) -> None:
    product = (folder / "products/workplace.yaml").read_text(encoding="utf-8")
    (folder / "products/second.yaml").write_text(product.replace("code: workplace", "code: second"), encoding="utf-8")
    assert changes_of(session, folder)[ItemKind.PRODUCT, "second"].change is Change.NEW
    assert take_over(session, folder) == []
    assert "second" in load_catalogue(session).products


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("file", "right", "wrong", "problem"),
    [
        ("questions.yaml", "kind: date", "kind: day", "[0].kind unknown_value"),
        ("blocks/ict.yaml", "questions: [start_date]", "questions: [begin_date]", "[0].questions[0] unknown_question"),
        ("blocks/ict.yaml", "department: ict", "department: moon", "[0].department unknown_department"),
        ("products/workplace.yaml", "block: pass", "block: pas", "lines[1].block unknown_block"),
        ("products/workplace.yaml", "icon: person", "icom: person", "icon required"),
    ],
)
def test_a_mistake_names_file_line_and_field(session: Session, folder: Path, *, file: str, right: str, wrong: str, problem: str) -> None:
    line = replace_in(folder / file, right, wrong)
    place = f"catalogue/{file}:{line if 'required' not in problem else 1} {problem}"
    assert place in take_over(session, folder)


def test_a_product_that_no_longer_fits_its_blocks_is_told(session: Session, folder: Path) -> None:
    line = replace_in(
        folder / "products/workplace.yaml", "audience: [citizen, employee]", "audience: [citizen, employee]\nwished_date: start_date"
    )
    assert take_over(session, folder) == []
    replace_in(folder / "blocks/ict.yaml", "  questions: [start_date]\n", "")
    assert take_over(session, folder) == [f"catalogue/products/workplace.yaml:{line + 1} wished_date unknown_question"]
