"""Lists for a spreadsheet: read back the same, no cell becomes a formula, and a changed cell changes its field only."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.catalog.catalogue import Catalogue, ItemKind
from portal.catalog.definition import BlockDefinition, ProductDefinition
from portal.catalog.exchange.comparison import compare_catalogues, is_same
from portal.catalog.exchange.lists import COLUMNS, list_rows, merged, read_rows
from portal.catalog.exchange.sheets import Row, SheetError, read_sheet, write_sheet
from portal.core.yaml_files import Problems
from tests.catalog.strategies import block_definitions, products

SUFFIXES = (".csv", ".xlsx")
DANGEROUS = ("=1+1", "+31", "-2", "@SUM(A1)", "\tx", "'=x", "''-1", "http://loket.example", "007", "1e5")

cells = st.one_of(
    st.sampled_from(DANGEROUS),
    st.integers(0, 10**9),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1, max_size=20),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=4), st.sampled_from(SUFFIXES))
def test_what_is_written_reads_back_the_same(rows: Sequence[Row], suffix: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"list{suffix}"
        write_sheet(path, rows)
        read = [[str(cell) for cell in row] for _, row in read_sheet(path)]
    width = max(map(len, rows)) if suffix == ".xlsx" else 0
    assert read == [[*map(str, row), *[""] * (width - len(row))] for row in rows]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_cell_is_a_formula(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"list{suffix}"
    write_sheet(path, [["code"], *([cell] for cell in DANGEROUS)])
    if suffix == ".csv":
        written = [row[0] for row in csv.reader(path.read_text(encoding="utf-8-sig").splitlines())]
        assert not [cell for cell in written if cell[0] in "=+-@\t\r\n"]
    else:
        with ZipFile(path) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
            words = book.read("xl/sharedStrings.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet
        assert ">'=1+1<" in words


def test_a_file_with_commas_and_without_mark_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('code,name.nl\npass,"Pas, nieuw"\n\ndesk,Bureau\n', encoding="utf-8")
    assert read_sheet(path) == [(1, ["code", "name.nl"]), (2, ["pass", "Pas, nieuw"]), (4, ["desk", "Bureau"])]


@pytest.mark.parametrize(("name", "content"), [("a.csv", b"\xff\xfe\x00"), ("a.xlsx", b"no book"), ("a.csv", b'code\n"a')])
def test_what_is_no_table_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SheetError):
        read_sheet(tmp_path / name)


Take = Callable[[ItemKind, str, str, str], tuple[Catalogue, list[str]]]


@pytest.fixture
def change_cell(catalogue: Catalogue) -> Take:
    """Give a function that writes a list, changes one cell and reads it; gives the catalogue then and what is wrong."""

    def change(kind: ItemKind, code: str, column: str, value: str) -> tuple[Catalogue, list[str]]:
        header, *rows = list_rows(catalogue, kind)
        at = list(header).index(column)
        changed = [[value if row[0] == code and index == at else cell for index, cell in enumerate(row)] for row in rows]
        problems = Problems()
        numbered = list(enumerate([header, *changed], start=1))
        files = read_rows(numbered, kind, catalogue, shown="list.csv", problems=problems)
        return merged(catalogue, files), [f"{one.line} {one.field} {one.code}" for one in problems.found]

    return change


@pytest.mark.parametrize("kind", ItemKind)
def test_a_list_that_was_not_changed_changes_nothing(catalogue: Catalogue, kind: ItemKind) -> None:
    problems = Problems()
    files = read_rows(list(enumerate(list_rows(catalogue, kind), start=1)), kind, catalogue, shown="list.csv", problems=problems)
    assert not problems.found
    assert is_same(compare_catalogues(catalogue, merged(catalogue, files)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(block_definitions, max_size=3), st.lists(products, max_size=3), st.sampled_from(SUFFIXES))
def test_whatever_is_agreed_comes_back_the_same(blocks: list[BlockDefinition], situations: list[ProductDefinition], suffix: str) -> None:
    now = Catalogue(questions={}, blocks={one.code: one for one in blocks}, products={one.code: one for one in situations})
    for kind in (ItemKind.BLOCK, ItemKind.PRODUCT):
        problems = Problems()
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"list{suffix}"
            write_sheet(path, list_rows(now, kind))
            files = read_rows(read_sheet(path), kind, now, shown=path.name, problems=problems)
        assert not problems.found
        assert merged(now, files) == now


@pytest.mark.parametrize(
    ("cell", "places"),
    [
        ((ItemKind.BLOCK, "pass", "norm.amount", "7"), ["block pass norm.amount"]),
        ((ItemKind.BLOCK, "pass", "prices", "1995"), ["block pass prices[1].once_cents"]),
        ((ItemKind.BLOCK, "pass", "prices", "1000; 0+95/month central from 2031-01-01"), ["block pass prices[2]"]),
        ((ItemKind.BLOCK, "desk", "description.nl", "U krijgt een bureau."), ["block desk description.nl"]),
        ((ItemKind.BLOCK, "pass", "cut_off", "14:30:00"), ["block pass cut_off"]),
        ((ItemKind.BLOCK, "pass", "notice", "3 working_days"), ["block pass notice"]),
        ((ItemKind.BLOCK, "pass", "no_return", "before_wished_date 2 working_days"), ["block pass no_return"]),
        ((ItemKind.BLOCK, "pass", "approval", "manager, role:coordinator; in_order; above 50000"), ["block pass approval"]),
        ((ItemKind.BLOCK, "pass", "approval", 'manager; when {"question": "why", "is": "a; when b"}'), ["block pass approval"]),
        ((ItemKind.PRODUCT, "workplace", "tier", "plus"), ["product workplace tier"]),
        (
            (ItemKind.PRODUCT, "workplace", "audience", "employee; department:ict"),
            ["product workplace audience[citizen]", "product workplace audience[department:ict]"],
        ),
        ((ItemKind.PRODUCT, "workplace", "related", "moving, workplace2"), ["product workplace related"]),
        ((ItemKind.PRODUCT, "workplace", "response", "4 working_hours"), ["product workplace response"]),
        ((ItemKind.PRODUCT, "workplace", "reopen_days", "0"), ["product workplace reopen_days"]),
        (
            (ItemKind.QUESTION, "start_date", "label.nl", "Welke dag?"),
            ["question start_date label.nl", "block desk questions[start_date].label.nl"],
        ),
    ],
)
def test_a_changed_cell_changes_its_field_only(
    catalogue: Catalogue, change_cell: Take, cell: tuple[ItemKind, str, str, str], places: list[str]
) -> None:
    then, wrong = change_cell(*cell)
    assert not wrong
    found = [f"{one.kind} {one.code} {each.place}" for one in compare_catalogues(catalogue, then) for each in one.differences]
    assert found == places


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ((ItemKind.BLOCK, "pass", "norm.amount", "two"), "3 norm.amount not_a_number"),
        ((ItemKind.BLOCK, "pass", "norm.amount", "0"), "3 norm.amount too_small"),
        ((ItemKind.BLOCK, "pass", "prices", "-1"), "3 prices not_a_price"),
        ((ItemKind.BLOCK, "pass", "prices", "10 until 2031-02-30"), "3 prices[0].until_on not_a_date"),
        ((ItemKind.BLOCK, "pass", "cut_off", "half past two"), "3 cut_off not_a_time"),
        ((ItemKind.BLOCK, "pass", "notice", "soon"), "3 notice not_a_length"),
        ((ItemKind.BLOCK, "pass", "notice", "3 moons"), "3 notice.unit unknown_value"),
        ((ItemKind.BLOCK, "pass", "no_return", "never"), "3 no_return.moment unknown_value"),
        ((ItemKind.BLOCK, "pass", "no_return", "before_wished_date"), "3 no_return.length required"),
        ((ItemKind.BLOCK, "pass", "no_return", "before_wished_date soon"), "3 no_return.length not_a_length"),
        ((ItemKind.BLOCK, "pass", "approval", "my aunt"), "3 approval not_an_approval"),
        ((ItemKind.BLOCK, "pass", "approval", "manager:x"), "3 approval not_an_approval"),
        ((ItemKind.BLOCK, "pass", "approval", "manager; sometimes"), "3 approval not_an_approval"),
        ((ItemKind.BLOCK, "pass", "approval", "role:king"), "3 approval.approvers[0].role unknown_value"),
        ((ItemKind.BLOCK, "pass", "approval", "manager; when {"), "3 approval.when invalid_condition"),
        ((ItemKind.BLOCK, "pass", "approval", 'manager; when {"question": 3}'), "3 approval.when invalid_condition"),
        ((ItemKind.BLOCK, "pass", "name.en", ""), "3 name.en not_a_text"),
        ((ItemKind.PRODUCT, "workplace", "legal_days", "soon"), "2 legal_days not_a_number"),
        ((ItemKind.PRODUCT, "workplace", "upn", "x"), "2 upn not_a_web_address"),
        ((ItemKind.BLOCK, "pass", "code", "gone"), "3 code unknown_code"),
        ((ItemKind.BLOCK, "pass", "code", "desk"), "3 code double_code"),
        ((ItemKind.PRODUCT, "workplace", "level", "high"), "2 level unknown_value"),
        ((ItemKind.QUESTION, "start_date", "help.nl", "Alleen Nederlands."), "2 help.en not_a_text"),
    ],
)
def test_a_mistake_names_line_and_field(change_cell: Take, cell: tuple[ItemKind, str, str, str], problem: str) -> None:
    _, wrong = change_cell(*cell)
    assert wrong == [problem]


def test_columns_may_be_left_out_but_not_made_up(catalogue: Catalogue) -> None:
    problems = Problems()
    rows: list[tuple[int, Row]] = [(1, ["norm.amount", "code"]), (2, [5, "pass"])]
    then = merged(catalogue, read_rows(rows, ItemKind.BLOCK, catalogue, shown="list.csv", problems=problems))
    assert not problems.found
    assert then.blocks["pass"].norm.amount == 5
    read_rows([(1, ["code", "colour"])], ItemKind.BLOCK, catalogue, shown="list.csv", problems=problems)
    read_rows([(1, ["norm.amount"])], ItemKind.BLOCK, catalogue, shown="list.csv", problems=problems)
    read_rows([], ItemKind.BLOCK, catalogue, shown="list.csv", problems=problems)
    assert [f"{one.field} {one.code}" for one in problems.found] == ["colour unknown_field", "code required", "code required"]


def test_every_column_is_a_field(catalogue: Catalogue) -> None:
    for kind in ItemKind:
        assert list_rows(catalogue, kind)[0] == COLUMNS[kind]
    assert list_rows(catalogue, ItemKind.BLOCK)[2][:5] == ["pass", "ict", 2, "working_days", 1000]
