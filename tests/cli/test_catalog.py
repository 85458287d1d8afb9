"""`portal catalog`, as somebody types it who keeps the catalogue in git."""

import shutil
from pathlib import Path

import pytest

from portal.catalog.exchange.folder import read_catalogue
from portal.catalog.exchange.sheets import read_sheet, write_sheet
from portal.catalog.exchange.writing import catalogue_as_files
from portal.core.yaml_files import Problems
from tests.applications import NewDatabase
from tests.cli.test_commands import Shell
from tests.seeding.seeds import SEEDS

BLOCKS = "blocks/ict.yaml"


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Shell:
    """Give a shell on a database with the real catalogue."""
    shell = Shell(tmp_path_factory.mktemp("catalogue"), new_database())
    assert shell.run("migrate").exit_code == 0
    assert shell.run("seed", "--no-demo").exit_code == 0
    assert shell.run("catalog", "export", str(shell.folder / "written")).exit_code == 0
    return shell


@pytest.fixture
def copy(seeded: Shell, tmp_path: Path) -> Path:
    """Give a copy of what was written, to change."""
    return Path(shutil.copytree(seeded.folder / "written", tmp_path / "copy"))


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.yaml")}


def change_norm(folder: Path) -> None:
    path = folder / BLOCKS
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("norm: {amount: 1, unit: working_days}", "norm: {amount: 9, unit: working_days}", 1), encoding="utf-8")


def test_export_import_export_is_identical(seeded: Shell, copy: Path, new_database: NewDatabase, tmp_path: Path) -> None:
    assert "Wrote" in seeded.run("catalog", "export", str(tmp_path / "again")).stdout
    assert contents(tmp_path / "again") == contents(copy)
    assert seeded.run("catalog", "diff", str(copy)).exit_code == 0
    other = Shell(tmp_path, new_database())
    assert other.run("migrate").exit_code == 0
    lost = other.run("catalog", "import", str(copy))
    assert lost.exit_code == 1
    assert "department is not a department" in lost.stderr


def test_what_was_loaded_from_files_is_written_as_the_same_files(seeded: Shell) -> None:
    files = read_catalogue(SEEDS / "base", root=SEEDS, problems=Problems())
    assert contents(seeded.folder / "written") == catalogue_as_files(files.catalogue)


def test_the_seeds_are_such_a_folder(seeded: Shell) -> None:
    done = seeded.run("catalog", "import", str(SEEDS / "base"), "--dry-run")
    assert done.exit_code == 0, done.output
    assert "0 new, 0 changed," in done.stdout


def test_a_dry_run_shows_the_differences_and_saves_nothing(seeded: Shell, copy: Path) -> None:
    change_norm(copy)
    for command in (("diff", str(copy)), ("import", str(copy), "--dry-run"), ("diff", str(copy))):
        done = seeded.run("catalog", *command)
        assert done.exit_code == (1 if command[0] == "diff" else 0)
        assert 'changed: block beamer-en-computer\n  norm.amount: "1" -> "9"\n0 new, 1 changed,' in done.stdout


def test_all_of_it_or_nothing(seeded: Shell, copy: Path) -> None:
    change_norm(copy)
    product = copy / "products/werkplek.yaml"
    product.write_text(product.read_text(encoding="utf-8").replace("icon: desk", "icon: unicorn"), encoding="utf-8")
    done = seeded.run("catalog", "import", str(copy))
    assert done.exit_code == 1
    assert "Nothing was saved. The files hold 1 mistake(s):\ncopy/products/werkplek.yaml, line 7: icon unknown icon" in done.stderr
    assert contents_now(seeded, copy.parent) == contents(seeded.folder / "written")


def test_importing_publishes_it(seeded: Shell, copy: Path) -> None:
    before = contents(copy)
    change_norm(copy)
    assert "0 new, 1 changed," in seeded.run("catalog", "import", str(copy)).stdout
    assert contents_now(seeded, copy.parent) == contents(copy) != before
    assert seeded.run("catalog", "import", str(seeded.folder / "written")).exit_code == 0


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_list_goes_out_and_comes_back(seeded: Shell, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"blocks{suffix}"
    assert "blocks to" in seeded.run("catalog", "export", str(path), "--list", "blocks").stdout
    assert seeded.run("catalog", "diff", str(path), "--list", "blocks").exit_code == 0
    header, *rows = [list(row) for _, row in read_sheet(path)]
    rows[0][header.index("norm.amount")], rows[0][header.index("prices")] = 33, 1_250
    write_sheet(path, [header, *rows])
    done = seeded.run("catalog", "import", str(path), "--list", "blocks", "--dry-run")
    assert f'changed: block {rows[0][0]}\n  norm.amount: "' in done.stdout
    assert '-> "[{"once_cents": 1250}]"' in done.stdout
    assert "0 new, 1 changed," in done.stdout
    rows[0][header.index("department")] = "moon"
    write_sheet(path, [header, *rows])
    lost = seeded.run("catalog", "import", str(path), "--list", "blocks")
    assert lost.exit_code == 1
    assert f"blocks{suffix}, line 2: department is not a department" in lost.stderr


def test_a_file_needs_the_name_of_its_list(seeded: Shell, tmp_path: Path) -> None:
    path = tmp_path / "blocks.xlsx"
    assert "Say which list it is" in seeded.run("catalog", "export", str(path)).stderr
    assert "A list is a file that ends in .csv or .xlsx" in seeded.run("catalog", "export", str(tmp_path), "--list", "blocks").stderr
    path.write_text("no book", encoding="utf-8")
    assert "could not be read" in seeded.run("catalog", "import", str(path), "--list", "blocks").stderr
    assert "could not be written" in seeded.run("catalog", "export", str(path / "below.csv"), "--list", "blocks").stderr


@pytest.mark.parametrize(("language", "sentence"), [("en", "Say “al”."), ("nl", "Schrijf liever “al”.")])
def test_the_check_tells_what_is_wrong_in_both_languages(seeded: Shell, language: str, sentence: str) -> None:
    done = seeded.run("catalog", "check", "--language", language)
    assert done.exit_code == 0
    assert sentence in done.stdout
    assert "0 faults," in done.stdout
    assert "0 faults," in seeded.run("catalog", "check", "--faults").stdout.splitlines()[0]
    assert "0 faults," in seeded.run("catalog", "check", "--faults", "--drafts").stdout.splitlines()[0]


def test_the_check_of_a_folder_finds_what_was_planted(seeded: Shell, copy: Path) -> None:
    product = copy / "products/nieuwe-medewerker.yaml"
    text = product.read_text(encoding="utf-8")
    product.write_text(text.replace("go_to: werkplek", "go_to: gone").replace("          outcome: trainee\n", ""), encoding="utf-8")
    block = copy / BLOCKS
    block.write_text(block.read_text(encoding="utf-8").replace("  norm: {amount: 1, unit: working_days}\n", "", 1), encoding="utf-8")
    done = seeded.run("catalog", "check", str(copy), "--faults")
    assert done.exit_code == 1
    for part in (
        "Fault (without_norm) Building block, copy/blocks/ict.yaml:1 [0].norm: There is no norm",
        "Fault (gone_product) Product nieuwe-medewerker, tree.outcomes[",
        "Fault (no_outcome) Product nieuwe-medewerker, tree.questions[",
        "Fault (unreachable) Product nieuwe-medewerker, tree.outcomes[trainee]",
    ):
        assert part in done.stdout, part


def test_the_list_of_uniform_names_is_imported(seeded: Shell, tmp_path: Path) -> None:
    path = tmp_path / "upl.csv"
    path.write_text("UniformeProductnaam,URI\nverhuizing,https://upn.example/verhuizing\n", encoding="utf-8")
    for options in (("--dry-run",), ()):
        done = seeded.run("catalog", "import-upn", str(path), *options)
        assert "1 new, 0 changed, 0 unchanged, 0 taken out." in done.stdout
        assert ("nothing was saved" in done.stdout) is bool(options)
    assert "0 new, 0 changed, 1 unchanged, 0 taken out." in seeded.run("catalog", "import-upn", str(path)).stdout
    path.write_text("UniformeProductnaam,URI\nverhuizing,verhuizing\n", encoding="utf-8")
    lost = seeded.run("catalog", "import-upn", str(path))
    assert lost.exit_code == 1
    assert "upl.csv, line 2: uri must be an address that begins with http:// or https://" in lost.stderr


def contents_now(shell: Shell, folder: Path) -> dict[str, str]:
    assert shell.run("catalog", "export", str(folder / "now")).exit_code == 0
    return contents(folder / "now")
