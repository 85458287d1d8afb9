"""Imports go down only. The contracts stand in pyproject.toml."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import PORTAL, ROOT


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo", "--config", str(ROOT / "pyproject.toml")]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_contracts_hold() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the package, to plant defects in."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(PORTAL, folder / "portal", ignore=shutil.ignore_patterns("static", "templates", "__pycache__"))
    return folder


@pytest.mark.parametrize(
    ("module", "planted", "contract"),
    [
        ("core/clock.py", "import portal.people.models", "Features import downwards only BROKEN"),
        ("people/queries.py", "import portal.people.actions", "purpose BROKEN"),
        ("people/services.py", "", "services"),
        ("people/actions.py", "import flask", "knows no web BROKEN"),
        ("requests/workflow.py", "import sqlalchemy", "Rules are plain Python BROKEN"),
        ("planning/plan.py", "import portal.core.clock", "Rules are plain Python BROKEN"),
    ],
)
def test_a_planted_import_breaks_its_contract(copy: Path, module: str, planted: str, contract: str) -> None:
    path = copy / "portal" / module
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text(f"{before or ''}\n{planted}\n", encoding="utf-8")
    try:
        done = lint_imports(copy)
    finally:
        path.write_text(before, encoding="utf-8") if before is not None else path.unlink()
    assert done.returncode != 0
    assert contract in " ".join((done.stdout + done.stderr).split())
